import { type ZodType, z } from "zod";
import { LENGTHS } from "../names";
import { text } from "./fields";

/** A name that is also a Kubernetes label and the start of longer names. */
export const label = (longest: number): ZodType<string> =>
  text(
    /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    `a name of lower-case letters, digits and hyphens that begins with a letter, at most ${longest} characters`,
    longest,
  );

const MUTABLE =
  /^(latest|stable|edge|main|master|trunk|develop|dev|staging|prod|production|nightly|canary|current|release|next|head|snapshot|test)$/i;

/** A version is an image tag that never moves, and a Kubernetes label value. */
export const version: ZodType<string> = text(
  /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
  `a quoted image tag that names one build, such as "2.4.0": letters, digits, dots, hyphens and underscores, at most ${LENGTHS.label} characters`,
  LENGTHS.label,
).refine((value) => !MUTABLE.test(value), {
  error: `a tag that names one build for ever, such as "2.4.0", not one that moves`,
});

const HOST = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*(:[0-9]{1,5})?";
const REPOSITORY = "[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*";

/** A registry, with a path where it has one. */
export const registry: ZodType<string> = text(
  new RegExp(`^${HOST}(/${REPOSITORY})?$`),
  "a registry without scheme and without / at its end, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com",
);

/** A repository in the registry. */
export const repository: ZodType<string> = text(
  new RegExp(`^${REPOSITORY}$`),
  "a repository's name in lower case without tag, such as voiceassist-api-gateway",
  LENGTHS.repository,
);

const REFERENCE = new RegExp(
  `^(${HOST}/)?${REPOSITORY}(:(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?<digest>@sha256:[0-9a-f]{64})?$`,
);

/** A full image reference that names one build. */
export const image: ZodType<string> = text(
  REFERENCE,
  "a full image reference with a tag or digest, such as registry/name:2.4.0 or registry/name@sha256:…",
).refine(
  (value) => {
    const groups = REFERENCE.exec(value)?.groups;
    return (
      groups?.["digest"] !== undefined || (groups?.["tag"] !== undefined && !MUTABLE.test(groups["tag"]))
    );
  },
  { error: "an image reference with a digest, or with a tag that names one build for ever" },
);

/** A DNS zone. */
export const domain: ZodType<string> = text(
  /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "a domain in lower case, such as voiceassist.example.com",
  LENGTHS.host,
);

/** A certificate of ACM. */
export const certificateArn: ZodType<string> = text(
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate\/[A-Za-z0-9-]+$/,
  "the ARN of a certificate in ACM, such as arn:aws:acm:us-east-1:123456789012:certificate/…",
);

/** A public hosted zone of Route 53. */
export const zoneId: ZodType<string> = text(
  /^Z[A-Z0-9]{3,31}$/,
  "the id of a hosted zone in Route 53, such as Z08345671ABCDEFGHIJKL",
);

/** Roles of IAM, this many at most. */
export const roles = (most: number): ZodType<readonly string[]> =>
  z
    .array(
      text(
        /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/,
        "the ARN of an IAM role, such as arn:aws:iam::123456789012:role/team",
      ),
      { error: "a list of ARNs of IAM roles" },
    )
    .max(most, { error: `${most} roles at most` });

/** A repository on GitHub. */
export const repositoryUrl: ZodType<string> = text(
  /^https:\/\/github\.com\/[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/,
  "the URL of a repository on GitHub, such as https://github.com/owner/name",
);

/** What GitHub calls an account or a repository by: whole numbers, which are compared and not counted. */
export const gitHubId = z.preprocess(
  (raw) => (typeof raw === "number" ? String(raw) : raw),
  text(/^[1-9][0-9]{0,15}$/, "a numeric id, such as 1296269"),
) as ZodType<string>;

/** A connection of AWS CodeConnections. */
export const connectionArn: ZodType<string> = text(
  /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection\/[0-9a-f-]+$/,
  "the ARN of a connection in AWS CodeConnections",
);

const BYTE = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";

/** Ranges of IPv4 addresses, this many at most. */
export const sources = (most: number): ZodType<readonly string[]> =>
  z
    .array(
      text(
        new RegExp(`^${BYTE}(\\.${BYTE}){3}/(3[0-2]|[12]?\\d)$`),
        "a range of IPv4 addresses such as 203.0.113.0/24",
      ),
      { error: "a list of IPv4 address ranges" },
    )
    .min(1, { error: "one range at least" })
    .max(most, { error: `${most} ranges at most` });

/** A path prefix that a listener rule takes as it is. */
export const path: ZodType<string> = text(
  /^(\/[A-Za-z0-9_.~$-]+)+$/,
  "a path prefix such as /api, without wildcards and without / at its end, at most 126 characters",
  // A rule's path pattern has 128 characters, and the prefix is followed by /*.
  126,
);

/** Where a probe asks. */
export const probePath: ZodType<string> = text(
  /^\/[\x21-\x7e]*$/,
  "a path that begins with /, such as /health",
  1024,
);

/** Kubernetes quantities, as far as pods are given them. */
export const cpu: ZodType<string> = text(
  /^([1-9]\d*m|[1-9]\d*(\.\d+)?|0\.\d*[1-9]\d*)$/,
  `quoted processors or thousandths of one, such as "500m"`,
  12,
);
export const memory: ZodType<string> = text(
  /^[1-9]\d*([KMGT]i?)?$/,
  `a quoted amount of memory such as "512Mi"`,
  16,
);

/** How the engine spells a time that stands without quotes in a stack file, where YAML takes it for one. */
const UNQUOTED = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d{1,3})?\d* ([+-]\d{2})(\d{2}) \S+$/;

/** A moment, with its zone: nobody knows whose midnight is meant without one. */
export const moment = z.preprocess(
  (raw) => (typeof raw === "string" ? raw.replace(UNQUOTED, "$1T$2$3$4:$5") : raw),
  z
    .string({ error: "an ISO time with its zone" })
    .refine(
      (value) =>
        /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(value) &&
        !Number.isNaN(Date.parse(value)),
      { error: 'an ISO time with its zone, such as "2026-03-01T18:00:00Z"' },
    ),
) as ZodType<string>;

/** An SNS topic that is not ordered. */
export const topicArn: ZodType<string> = text(
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[\w-]{1,256}$/,
  "the ARN of a standard SNS topic, such as arn:aws:sns:us-east-1:123456789012:releases",
);

/** The name of a parameter in SSM: it begins with / where it has any, and ours never are AWS's own. */
export const parameterName = (allowed: string): ZodType<string> =>
  text(/^\/?(?!aws|ssm)[\w.-]+(\/[\w.-]+)*$/i, allowed, 500);

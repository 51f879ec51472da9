import { createHash } from "node:crypto";
import { ENVIRONMENTS, type Environment } from "./environments";
import type { Colour } from "./release";

/** IAM: names of roles. */
const ROLE = 64;

/** What Pulumi appends to a name that it chooses by itself: a hyphen and seven digits. */
const AUTO_NAMED = "-1234567";

/** Roles of the cluster as they follow its name; the second one's name is `eks.Cluster`'s choice. */
const ROLES_OF_CLUSTER = ["-node", "-eksRole-role"] as const;

/** The longest that follows `sluice:app` in a role's name, whatever the environment. */
const AFTER_APP = Math.max(
  ...ENVIRONMENTS.flatMap((environment) =>
    ROLES_OF_CLUSTER.map((role) => `${clusterName("", environment)}${role}${AUTO_NAMED}`.length),
  ),
);

/** Greatest lengths, in characters, of names that are given to us to choose. */
export const LENGTHS = {
  /** `sluice:app`, so that every name made of it fits: IAM roles of the cluster leave it the least room. */
  app: ROLE - AFTER_APP,
  /** IAM: names of roles. */
  role: ROLE,
  /** ELBv2: names of load balancers and target groups. */
  balancing: 32,
  /** EKS cluster. */
  cluster: 100,
  /** Kubernetes: label values, and names of namespaces and Services (RFC 1035 and 1123 labels). */
  label: 63,
  /** RFC 1035: a whole host name. */
  host: 253,
  /** ECR repository. */
  repository: 256,
  /** OCI image tag. */
  tag: 128,
} as const;

/**
 * The request header that reaches one colour whatever the shares are. Its value is the colour's name, which
 * the addresses of `sluice:previewSources` protect; behind CloudFront `<colour>-<secret>`.
 */
export const PREVIEW_HEADER = "x-sluice-preview";

/** First label of the name under which CloudFront finds the load balancer: no public service may have it. */
export const ORIGIN_LABEL = "origin";

const HASH = 8;

/** Eight hexadecimal digits that depend on every part of some content and on where each part ends. */
export const hashOf = (content: unknown): string =>
  createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, HASH);

/**
 * `parts` joined by hyphens where that fits into `length` characters. Otherwise `kept` instead, its first
 * part cut as far as needed, closed by a hash of `parts`: the same name each time, another for other parts.
 *
 * Whole names here end in a colour or an environment, none of which could be such a hash, so a whole name
 * is never also a shortened one.
 */
function shortened(parts: readonly string[], length: number, kept: readonly [string, ...string[]]): string {
  const whole = parts.join("-");
  if (whole.length <= length) return whole;
  const [head, ...rest] = kept;
  const tail = ["", ...rest, hashOf(parts)].join("-");
  return head.slice(0, length - tail.length).replace(/-+$/, "") + tail;
}

/** The EKS cluster: `voiceassist-dev-cluster`. */
export function clusterName(app: string, environment: Environment): string {
  return `${app}-${environment}-cluster`;
}

/** The Kubernetes namespace of every service. */
export const namespaceName = (app: string): string => app;

/** The load balancer: `voiceassist-dev`; at most 32 characters. */
export const loadBalancerName = (app: string, environment: Environment): string =>
  shortened([app, environment], LENGTHS.balancing, [app, environment]);

/** A colour's target group: `app-dev-api-gateway-blue`, or `api-gateway-blue-1f0c9a2e` where that is too long. */
export const targetGroupName = (
  app: string,
  environment: Environment,
  service: string,
  colour: Colour,
): string => shortened([app, environment, service, colour], LENGTHS.balancing, [service, colour]);

/** A colour's Deployment, Service and TargetGroupBinding: `api-gateway-blue`. */
export const deploymentName = (service: string, colour: Colour): string => `${service}-${colour}`;

/** The Kubernetes Secret with the keys of the providers that a colour calls: `provider-keys-green`. */
export const providerKeysName = (colour: Colour): string => `provider-keys-${colour}`;

/** The vector store's namespace, Helm release and StatefulSet. */
export const VECTOR_STORE = "qdrant";

/** The SSM parameter that fences a version off, outside the engine. */
export const fenceParameter = (app: string, environment: Environment): string =>
  `/sluice/${app}/${environment}/fence`;

/** The function that watches a release. */
export const watcherName = (app: string, environment: Environment): string => `${app}-${environment}-watch`;

/** What the names of a colour's alarms begin with; no other stack's do. */
export const alarmPrefix = (app: string, environment: Environment, colour: Colour): string =>
  `sluice/${app}/${environment}/${colour}/`;

/** What the names of a flag's own alarms begin with. */
export const flagAlarmPrefix = (app: string, environment: Environment, flag: string): string =>
  `sluice/${app}/${environment}/flag/${flag}/`;

/** The alarm about the watcher itself. */
export const watcherAlarm = (app: string, environment: Environment): string =>
  `sluice/${app}/${environment}/watch`;

/** Tags of everything that a stack has. */
export const stackTags = (app: string, environment: Environment): Record<string, string> => ({
  "sluice:app": app,
  "sluice:environment": environment,
  "sluice:managed-by": "pulumi",
});

/**
 * What a rule is for (sharing traffic by weight; giving all of it to the one colour that has the service, whatever
 * the shares are; previewing one colour by header), or the target of these.
 */
export type Role = "weighted" | "sole" | "header" | "target";

/** Tags by which rules and target groups are found with nothing but credentials; a weighted rule has no colour. */
export function releaseTags(tagged: {
  readonly app: string;
  readonly environment: Environment;
  readonly service: string;
  readonly role: Role;
  readonly colour?: Colour;
}): Record<string, string> {
  return {
    "sluice:app": tagged.app,
    "sluice:environment": tagged.environment,
    "sluice:service": tagged.service,
    "sluice:role": tagged.role,
    ...(tagged.colour && { "sluice:colour": tagged.colour }),
  };
}

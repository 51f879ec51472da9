import {
  type Control,
  type Inapplicable,
  type Judged,
  type Properties,
  type Unmet,
  at,
  changed,
  controlsOf,
  listAt,
  put,
  refersTo,
} from "./control";
import { absent, unmet } from "./others";
import { isEverybody, statementsOf, withStatement } from "./policyDocument";

const BUCKET = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const { together } = controlsOf("FSBP", "S4");

/** Resources of a type that name another in a property. */
const of = (type: string, key: string, one: Judged, all: readonly Judged[]): readonly Judged[] =>
  all.filter((each) => each.type === type && refersTo(each.inputs[key], one));

const policies = (bucket: Judged, all: readonly Judged[]) =>
  of("aws:s3/bucketPolicy:BucketPolicy", "bucket", bucket, all);
const blocks = (bucket: Judged, all: readonly Judged[]) =>
  of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket", bucket, all);
const lifecycles = (bucket: Judged, all: readonly Judged[]) => [
  ...of("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "bucket", bucket, all),
];
const ownerships = (bucket: Judged, all: readonly Judged[]) =>
  of("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket", bucket, all);

const CLOSED = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

/** Changes the first of some resources, or takes nothing where there is none. */
function edited(
  found: readonly Judged[],
  all: readonly Judged[],
  edit: (inputs: Properties) => Properties,
): readonly Judged[] {
  const [first] = found;
  return first ? changed(all, first, edit(first.inputs)) : all;
}

/** Statements of a bucket's policies that let everybody do what begins with one of `actions`. */
const opened = (bucket: Judged, all: readonly Judged[], actions: RegExp) =>
  policies(bucket, all)
    .flatMap(({ inputs }) => statementsOf(inputs["policy"]))
    .filter(
      (statement) =>
        statement.effect === "Allow" &&
        isEverybody(statement) &&
        statement.actions.some((action) => actions.test(action)),
    );

const publicly = (id: string, what: string, actions: RegExp, action: string): Control =>
  together({
    id,
    title: `S3 general purpose buckets should block public ${what} access`,
    severity: "critical",
    types: BUCKET,
    fault: (bucket, all) =>
      opened(bucket, all, actions).length === 0
        ? undefined
        : `found a policy that lets everybody ${what}; allowed: named principals`,
    flip: (bucket, all) =>
      edited(policies(bucket, all), all, (inputs) =>
        put(
          inputs,
          "policy",
          withStatement(inputs["policy"], { Effect: "Allow", Principal: "*", Action: action, Resource: "*" }),
        ),
      ),
  });

/** What another account must not be permitted to do to a bucket. */
const RESTRICTED =
  /^s3:(\*|DeleteBucketPolicy|PutBucketAcl|PutBucketPolicy|PutEncryptionConfiguration|PutObjectAcl)$/;

/** S3, in the order of their numbers. */
export const STORAGE: readonly (Control | Inapplicable | Unmet)[] = [
  publicly("S3.2", "read", /^(\*|s3:(\*|Get|List))/, "s3:GetObject"),
  publicly("S3.3", "write", /^(\*|s3:(\*|Put|Delete))/, "s3:PutObject"),
  together({
    id: "S3.5",
    title: "S3 general purpose buckets should require requests to use SSL",
    severity: "medium",
    types: BUCKET,
    fault: (bucket, all) =>
      policies(bucket, all)
        .flatMap(({ inputs }) => statementsOf(inputs["policy"]))
        .some(refusesPlain)
        ? undefined
        : "found no policy that denies requests without TLS; allowed: Deny where aws:SecureTransport is false",
    flip: (bucket, all) =>
      edited(policies(bucket, all), all, (inputs) =>
        put(
          inputs,
          "policy",
          JSON.stringify({
            Version: "2012-10-17",
            Statement: statementsOf(inputs["policy"])
              .filter((one) => !refusesPlain(one))
              .map(({ raw }) => raw),
          }),
        ),
      ),
  }),
  together({
    id: "S3.6",
    title: "S3 bucket policies should restrict access to other AWS accounts",
    severity: "high",
    types: BUCKET,
    fault: (bucket, all) => {
      const found = policies(bucket, all)
        .flatMap(({ inputs }) => statementsOf(inputs["policy"]))
        .filter(
          ({ effect, accounts, actions }) =>
            effect === "Allow" && accounts.length > 0 && actions.some((one) => RESTRICTED.test(one)),
        );
      return found.length === 0
        ? undefined
        : `found ${found.flatMap(({ accounts }) => accounts).join(", ")} permitted to change the bucket; allowed: nobody`;
    },
    flip: (bucket, all) =>
      edited(policies(bucket, all), all, (inputs) =>
        put(
          inputs,
          "policy",
          withStatement(inputs["policy"], {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::999999999999:root" },
            Action: "s3:PutBucketPolicy",
            Resource: "*",
          }),
        ),
      ),
  }),
  together({
    id: "S3.8",
    title: "S3 general purpose buckets should block public access",
    severity: "high",
    types: BUCKET,
    fault: (bucket, all) =>
      blocks(bucket, all).some(({ inputs }) => CLOSED.every((key) => inputs[key] === true))
        ? undefined
        : `found no aws.s3.BucketPublicAccessBlock with ${CLOSED.join(", ")}; allowed: one with all of them true`,
    flip: (bucket, all) =>
      edited(blocks(bucket, all), all, (inputs) => put(inputs, "restrictPublicBuckets", false)),
  }),
  together({
    id: "S3.12",
    title: "ACLs should not be used to manage user access to S3 general purpose buckets",
    severity: "medium",
    types: BUCKET,
    fault: (bucket, all) =>
      ownerships(bucket, all).some(
        ({ inputs }) => at(inputs, "rule.objectOwnership") === "BucketOwnerEnforced",
      )
        ? undefined
        : "found no ownership control; allowed: aws.s3.BucketOwnershipControls with BucketOwnerEnforced",
    flip: (bucket, all) =>
      edited(ownerships(bucket, all), all, (inputs) => put(inputs, "rule.objectOwnership", "ObjectWriter")),
  }),
  together({
    id: "S3.13",
    title: "S3 general purpose buckets should have Lifecycle configurations",
    severity: "low",
    types: BUCKET,
    fault: (bucket, all) =>
      lifecycles(bucket, all).some(({ inputs }) =>
        listAt(inputs, "rules").some((rule) => at(rule, "status") === "Enabled"),
      )
        ? undefined
        : "found no lifecycle rule; allowed: an enabled rule of an aws.s3.BucketLifecycleConfiguration",
    flip: (bucket, all) => edited(lifecycles(bucket, all), all, (inputs) => put(inputs, "rules", [])),
  }),
  ...absent(
    "FSBP",
    ["aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"],
    "a setting of the account",
    [["S3.1", "medium", "S3 general purpose buckets should have block public access settings enabled"]],
  ),
  ...absent("FSBP", ["aws:s3/accessPoint:AccessPoint"], "there are no access points", [
    ["S3.19", "critical", "S3 access points should have block public access settings enabled"],
  ]),
  ...absent("FSBP", ["aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint"], "there are none", [
    ["S3.24", "high", "S3 Multi-Region Access Points should have block public access settings enabled"],
  ]),
  ...absent("FSBP", ["aws:s3/directoryBucket:DirectoryBucket"], "there are no directory buckets", [
    ["S3.25", "low", "S3 directory buckets should have lifecycle configurations"],
  ]),
  ...unmet("FSBP", "one bucket holds access logs itself, the other snapshots that the cluster alone writes", [
    ["S3.9", "medium", "S3 general purpose buckets should have server access logging enabled"],
  ]),
];

const refusesPlain = (statement: ReturnType<typeof statementsOf>[number]): boolean =>
  statement.effect === "Deny" &&
  isEverybody(statement) &&
  String(at(statement.raw, "Condition.Bool.aws:SecureTransport")) === "false";

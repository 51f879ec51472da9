import {
  type Control,
  GUARDED,
  type Inapplicable,
  type Judged,
  type Properties,
  type Unmet,
  at,
  controlsOf,
  put,
  refersTo,
  without,
} from "./control";
import { absent } from "./others";
import { isEverybody, statementsOf, withStatement } from "./policyDocument";

const KEY = ["aws:kms/key:Key"];
const SECRET = ["aws:secretsmanager/secret:Secret"];
const { each, together } = controlsOf("FSBP", "S4");

/** What needs no other resource, though it is no property: protection. */
const alone = (control: Control): Control => ({ ...control, alone: true });

/** The fault of a resource whose policy has no bounds. */
const letsEverybodyIn = ({ policy }: Properties): string | undefined =>
  statementsOf(policy).some((one) => one.effect === "Allow" && isEverybody(one))
    ? "found a policy that lets everybody in; allowed: named principals"
    : undefined;

/** KMS, Secrets Manager and SNS, each in the order of its numbers. */
export const SECRETS_AND_KEYS: readonly (Control | Inapplicable | Unmet)[] = [
  ...absent("FSBP", ["aws:iam/policy:Policy"], "the stack has no managed policies of its own", [
    ["KMS.1", "medium", "IAM customer managed policies should not allow decryption actions on all KMS keys"],
  ]),
  each({
    id: "KMS.2",
    title: "IAM principals should not have inline policies that allow decryption actions on all KMS keys",
    severity: "medium",
    types: ["aws:iam/rolePolicy:RolePolicy"],
    fault: ({ policy }) =>
      statementsOf(policy).some(
        ({ effect, actions, resources }) =>
          effect === "Allow" &&
          actions.some((action) => /^(\*|kms:\*|kms:Decrypt\*?|kms:ReEncrypt(From|\*)?)$/.test(action)) &&
          resources.some(
            (resource) => resource === "*" || /^arn:aws:kms:[^:]*:[^:]*:key\/\*$/.test(resource),
          ),
      )
        ? "found a statement that allows to decrypt with every key; allowed: named keys"
        : undefined,
    flip: (inputs) =>
      put(
        inputs,
        "policy",
        withStatement(inputs["policy"], { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" }),
      ),
  }),
  alone(
    together({
      id: "KMS.3",
      title: "AWS KMS keys should not be deleted unintentionally",
      severity: "critical",
      types: KEY,
      environments: ["prod"],
      fault: ({ protect }) =>
        protect ? undefined : "found a key that is not protected; allowed: protect: true",
      flip: (key, all) => all.map((one) => (one === key ? { ...one, protect: false } : one)),
    }),
  ),
  each({
    id: "KMS.5",
    title: "KMS keys should not be publicly accessible",
    severity: "critical",
    types: KEY,
    fault: letsEverybodyIn,
    flip: (inputs) =>
      put(
        inputs,
        "policy",
        withStatement(inputs["policy"], { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }),
      ),
  }),
  together({
    id: "SecretsManager.1",
    title: "Secrets Manager secrets should have automatic rotation enabled",
    severity: "medium",
    types: SECRET,
    scope: "the database's: tokens of cache and vector store change on both sides only by an update",
    applies: ({ name }) => /database|-db\b|postgres/.test(name),
    environments: GUARDED,
    breaks: ["SecretsManager.4"],
    fault: (secret, all) =>
      rotations(secret, all).length > 0
        ? undefined
        : "found no rotation; allowed: an aws.secretsmanager.SecretRotation of it",
    flip: (secret, all) => {
      const gone = rotations(secret, all);
      return without(all, (one) => gone.includes(one));
    },
  }),
  each({
    id: "SecretsManager.4",
    title: "Secrets Manager secrets should be rotated within a specified number of days",
    severity: "medium",
    types: ["aws:secretsmanager/secretRotation:SecretRotation"],
    fault: (inputs) => {
      const days = at(inputs, "rotationRules.automaticallyAfterDays");
      const schedule = /^rate\((\d+) days?\)$/.exec(String(at(inputs, "rotationRules.scheduleExpression")));
      const every = typeof days === "number" ? days : Number(schedule?.[1]);
      return every <= 90 ? undefined : `found a rotation every ${every} days; allowed: 90 at most`;
    },
    flip: (inputs) => put(inputs, "rotationRules", { automaticallyAfterDays: 91 }),
  }),
  ...absent("FSBP", [], "it is about what Secrets Manager did, not about what was asked for", [
    ["SecretsManager.2", "medium", "Secrets with automatic rotation should rotate successfully"],
    ["SecretsManager.3", "medium", "Remove unused Secrets Manager secrets"],
  ]),
  each({
    id: "SNS.4",
    title: "SNS topic access policies should not allow public access",
    severity: "critical",
    types: ["aws:sns/topicPolicy:TopicPolicy"],
    fault: letsEverybodyIn,
    flip: (inputs) =>
      put(
        inputs,
        "policy",
        withStatement(inputs["policy"], {
          Effect: "Allow",
          Principal: "*",
          Action: "sns:Publish",
          Resource: "*",
        }),
      ),
  }),
];

const rotations = (secret: Judged, all: readonly Judged[]): readonly Judged[] =>
  all.filter(
    ({ type, inputs }) =>
      type === "aws:secretsmanager/secretRotation:SecretRotation" && refersTo(inputs["secretId"], secret),
  );

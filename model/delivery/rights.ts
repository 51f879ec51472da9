import { flagsPath } from "../flags/parameter";
import { stackTags } from "../names";
import { ROLES, denied } from "./deployRights";
import { type RightsOf, keysOf, readOf, stateRights } from "./stateRights";
import { type Statement, allBut, allow } from "./statement";
import type { DeliveryRole } from "./subjects";

/** AWS's own policies that a role has: the drift's only reads, and deploying makes everything but roles. */
export const MANAGED: Readonly<Record<DeliveryRole, readonly string[]>> = {
  // ReadOnlyAccess reads data too, of services that are not thought of here and of those that are yet to come.
  preview: [],
  drift: ["ReadOnlyAccess"],
  deploy: ["PowerUserAccess"],
};

/** What a role may do beside that. */
export function rightsOf(role: DeliveryRole, about: RightsOf): Statement[] {
  const state = stateRights(about, role === "deploy");
  switch (role) {
    case "preview":
      return [
        ...state,
        ...looks(about),
        { Effect: "Deny", Action: ["kms:Decrypt"], ...allBut(keysOf(about)) },
      ];
    // A look at what really exists reads secrets as well, of this stack alone; it runs what the default branch has.
    case "drift":
      return [
        ...state,
        ...secretsOf(about),
        { Effect: "Deny", Action: ["s3:GetObject", "s3:GetObjectVersion"], ...allBut(readOf(about)) },
      ];
    case "deploy":
      return [...state, ...ROLES, ...denied(about.app)];
  }
}

/**
 * The values of a stack's secrets, by the tags of all that it has, as most of their names are the engine's choice. The
 * key opens what Secrets Manager holds, and nothing else that it encrypts.
 */
function secretsOf({ app, environment, dataKey }: RightsOf): readonly Statement[] {
  const tagged = Object.fromEntries(
    Object.entries(stackTags(app, environment)).map(([tag, value]) => [`aws:ResourceTag/${tag}`, [value]]),
  );
  const inSecrets = { StringLike: { "kms:ViaService": ["secretsmanager.*.amazonaws.com"] } };
  return [
    { ...allow(["secretsmanager:GetSecretValue"], ["*"]), Condition: { StringEquals: tagged } },
    ...(dataKey === undefined ? [] : [{ ...allow(["kms:Decrypt"], [dataKey]), Condition: inSecrets }]),
  ];
}

/**
 * A preview runs what a pull request brings: it may look at what the program and its guards look at, at what the stack
 * is and not at what people keep in it. Of a parameter that is a secret, the key is denied: that of SSM itself lets in
 * whoever may read parameters.
 */
const looks = ({ app, environment }: RightsOf): readonly Statement[] => [
  allow(
    [
      ...["ec2:Describe*", "ec2:GetManagedPrefixListEntries", "elasticloadbalancing:Describe*"],
      ...["eks:Describe*", "eks:List*", "cloudwatch:GetMetricData"],
      ...["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
    ],
    ["*"],
  ),
  allow(
    ["ssm:GetParameter"],
    // What has baked elsewhere as well.
    [`/sluice/${app}`, flagsPath(app, environment)].map((path) => `arn:aws:ssm:*:*:parameter${path}/*`),
  ),
];

import type { Held, World } from "../world";

const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const POLICY = "aws:iam/policy:Policy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

/** What reads a secret of Secrets Manager's, and a parameter. */
export type Reading = "secretsmanager:GetSecretValue" | "ssm:GetParameter";

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

/**
 * Whether a role's own and attached policies let it read a secret's value: a statement allows it and none denies
 * it. Conditions are not judged, and neither are the key's grants nor AWS's managed policies.
 */
export function mayRead(
  world: World,
  role: Held,
  secretArn: string,
  action: Reading = "secretsmanager:GetSecretValue",
): boolean {
  const { name, arn } = role.properties;
  const attached = world.all(ATTACHMENT).filter(({ properties }) => isRole(properties.role, name, arn));
  const documents = [
    ...world.all(ROLE_POLICY).filter(({ properties }) => isRole(properties.role, name, arn)),
    ...attached.flatMap(({ properties }) => world.get(POLICY, String(properties.policyArn)) ?? []),
  ].map(({ properties }) => properties.policy);
  const inline = (role.properties.inlinePolicies ?? []) as readonly { readonly policy?: unknown }[];
  const matching = [...documents, ...inline.map(({ policy }) => policy)]
    .flatMap(statementsOf)
    .filter(({ Action, Resource }) => matches(Action, action, "i") && matches(Resource, secretArn, ""));
  return (
    matching.some(({ Effect }) => Effect === "Allow") && !matching.some(({ Effect }) => Effect === "Deny")
  );
}

/** A program gives a role by its name or its ARN. */
const isRole = (given: unknown, name: unknown, arn: unknown): boolean => given === name || given === arn;

function statementsOf(document: unknown): Statement[] {
  try {
    const parsed = (typeof document === "string" ? JSON.parse(document) : document) as {
      Statement?: Statement | Statement[];
    };
    return parsed.Statement === undefined ? [] : [parsed.Statement].flat();
  } catch {
    return [];
  }
}

/** IAM's wildcards: `*` for any text, `?` for one character. */
const matches = (patterns: string | readonly string[] | undefined, value: string, flags: string): boolean =>
  [patterns ?? []].flat().some((pattern) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replace(/\*/g, ".*")
        .replace(/\?/g, ".")}$`,
      flags,
    ).test(value),
  );

/** Who may take the stack's roles from GitHub, as `sluice:delivery` has it. */
export interface DeliverySettings {
  /** `owner/name` of the repository whose workflows these are. */
  readonly repository: string;
  /** Numeric id of the owner. Both ids or none. */
  readonly ownerId?: string;
  /** Numeric id of the repository. */
  readonly repositoryId?: string;
  /** ARN of GitHub's OIDC provider where the account has it already: there can be one alone. Absent: it is made. */
  readonly provider?: string;
  /** The bucket that holds the state. Absent: it is kept elsewhere, and needs no right here. */
  readonly stateBucket?: string;
  /** ARN of the key that encrypts the state's secrets. Absent: they are not the roles' to read; no workflow passes a passphrase. */
  readonly stateKey?: string;
}

/** What GitHub's tokens say of who issued them. */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";

/** What a job may do in AWS. */
export const DELIVERY_ROLES = ["preview", "drift", "deploy"] as const;
export type DeliveryRole = (typeof DELIVERY_ROLES)[number];

/** The role's name. */
export const roleName = (app: string, environment: string, role: DeliveryRole): string =>
  `${app}-${environment}-${role}`;

/**
 * By the jobs' environments, behind the stack's name: the workflows use these, and GitHub's settings protect them. What
 * somebody has approved in another one runs in `-deploy`.
 */
const ENVIRONMENTS: Readonly<Record<DeliveryRole, readonly string[]>> = {
  preview: ["-preview"],
  drift: ["-drift"],
  deploy: ["", "-deploy", "-tick", "-hotfix", "-infrastructure", "-security", "-rollback"],
};

/** The environments whose jobs take a role. */
export const environmentsOf = (role: DeliveryRole, stack: string): string[] =>
  ENVIRONMENTS[role].map((suffix) => stack + suffix);

/**
 * The subjects of the tokens that may take a role, each whole. GitHub names owner and repository alone in older
 * repositories, and with ids that nobody else ever gets in those that are made or renamed since July 2026.
 */
export const subjectsOf = (
  { repository, ownerId, repositoryId }: DeliverySettings,
  environments: readonly string[],
): string[] => {
  const [owner = "", name = ""] = repository.split("/");
  const who = [
    `${owner}/${name}`,
    ...(ownerId === undefined || repositoryId === undefined
      ? []
      : [`${owner}@${ownerId}/${name}@${repositoryId}`]),
  ];
  return who.flatMap((one) => environments.map((environment) => `repo:${one}:environment:${environment}`));
};

/** Trust policy of a role, as the JSON text that IAM takes. */
export const trustPolicy = (providerArn: string, subjects: readonly string[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          // Whole subjects, and no patterns: a pattern lets in what somebody names cleverly.
          StringEquals: {
            [`${GITHUB_ISSUER}:aud`]: "sts.amazonaws.com",
            [`${GITHUB_ISSUER}:sub`]: subjects,
          },
        },
      },
    ],
  });

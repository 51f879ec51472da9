import type { DeliveryRole, DeliverySettings } from "./subjects";

/** One statement of an IAM policy. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** What a stack's roles are about. */
export interface RightsOf extends Pick<DeliverySettings, "stateBucket" | "stateKey"> {
  readonly app: string;
  readonly environment: string;
}

/** AWS's own policies that a role has: the preview's and the drift's only read, and deploying makes everything but roles. */
export const MANAGED: Readonly<Record<DeliveryRole, readonly string[]>> = {
  preview: ["ReadOnlyAccess"],
  drift: ["ReadOnlyAccess"],
  deploy: ["PowerUserAccess"],
};

/** What a role may do beside that. */
export function rightsOf(role: DeliveryRole, about: RightsOf): Statement[] {
  const state = stateRights(role, about);
  switch (role) {
    case "preview":
      return [...state, ...NO_DATA];
    // A look at what really exists reads secrets as well, of this stack alone; it runs what the default branch has.
    case "drift":
      return [
        ...state,
        {
          Effect: "Allow",
          Action: ["secretsmanager:GetSecretValue"],
          Resource: [`arn:aws:secretsmanager:*:*:secret:${about.app}/${about.environment}/*`],
        },
      ];
    case "deploy":
      return [...state, ...ROLES, guarded(about)];
  }
}

const stateRights = (role: DeliveryRole, { stateBucket, stateKey }: RightsOf): Statement[] => {
  const writes = role === "deploy";
  return [
    ...(stateBucket === undefined
      ? []
      : [
          allow(["s3:ListBucket"], [`arn:aws:s3:::${stateBucket}`]),
          allow(
            ["s3:GetObject", ...(writes ? ["s3:PutObject", "s3:DeleteObject"] : [])],
            [`arn:aws:s3:::${stateBucket}/*`],
          ),
        ]),
    ...(stateKey === undefined
      ? []
      : [allow(["kms:Decrypt", ...(writes ? ["kms:Encrypt", "kms:GenerateDataKey"] : [])], [stateKey])]),
  ];
};

const allow = (Action: readonly string[], Resource: readonly string[]): Statement => ({
  ...{ Effect: "Allow", Action, Resource },
});

/** A preview runs what a pull request brings: it reads what the stack is, and not what people keep in it. */
const NO_DATA: readonly Statement[] = [
  {
    Effect: "Deny",
    Action: [
      ...["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"],
      ...[
        "rds-data:*",
        "logs:GetLogEvents",
        "logs:FilterLogEvents",
        "logs:StartQuery",
        "logs:GetQueryResults",
      ],
      ...["lambda:InvokeFunction", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    ],
    Resource: ["*"],
  },
];

/** The components make roles for pods, functions and CI; users and access keys nobody makes. */
const ROLES: readonly Statement[] = [
  allow(
    [
      ...["iam:CreateRole", "iam:DeleteRole", "iam:UpdateRole", "iam:UpdateAssumeRolePolicy", "iam:PassRole"],
      ...["iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      ...["iam:CreatePolicy", "iam:DeletePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicyVersion"],
      ...["iam:CreateInstanceProfile", "iam:DeleteInstanceProfile", "iam:AddRoleToInstanceProfile"],
      ...[
        "iam:RemoveRoleFromInstanceProfile",
        "iam:CreateOpenIDConnectProvider",
        "iam:DeleteOpenIDConnectProvider",
      ],
      ...["iam:CreateServiceLinkedRole", "iam:TagRole", "iam:UntagRole", "iam:TagPolicy", "iam:UntagPolicy"],
      ...["iam:TagOpenIDConnectProvider", "iam:TagInstanceProfile", "iam:Get*", "iam:List*"],
    ],
    ["*"],
  ),
];

/** Who may take CI's own roles is changed by a person, and by no job. */
const guarded = ({ app, environment }: RightsOf): Statement => ({
  Effect: "Deny",
  Action: ["iam:UpdateAssumeRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:DeleteRole"],
  Resource: ["preview", "drift", "deploy"].map((role) => `arn:aws:iam::*:role/${app}-${environment}-${role}`),
});

import { type Statement, allow } from "./statement";
import { DELIVERY_ROLES, roleName } from "./subjects";

/**
 * The permissions boundary of each role that the program makes: whatever policies say, such a role changes nothing in
 * IAM. It is AWS's own, so nobody in the account can widen it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html, "Delegating responsibility"
 */
export const BOUNDARY = "arn:aws:iam::aws:policy/PowerUserAccess";

/** Services that the program gives roles to; CloudFormation, whose roles often may do everything, is none of them. */
const PASSED_TO = [
  ...["codebuild", "ec2", "eks", "grafana", "lambda", "monitoring.rds", "scheduler", "vpc-flow-logs"],
].map((service) => `${service}.amazonaws.com`);

/**
 * The components make roles for pods, functions and machines, all of them within the boundary; users, access keys and
 * managed policies nobody makes. Whom a role trusts is settled when it is made: that call knows no boundary.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export const ROLES: readonly Statement[] = [
  {
    ...allow(
      [
        ...["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:DeleteRolePolicy"],
        ...["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      ],
      ["*"],
    ),
    Condition: { StringEquals: { "iam:PermissionsBoundary": [BOUNDARY] } },
  },
  {
    ...allow(["iam:PassRole"], ["*"]),
    Condition: { StringEquals: { "iam:PassedToService": PASSED_TO } },
  },
  allow(
    [
      ...["iam:DeleteRole", "iam:UpdateRole", "iam:UpdateRoleDescription", "iam:TagRole", "iam:UntagRole"],
      ...["iam:CreateInstanceProfile", "iam:DeleteInstanceProfile", "iam:AddRoleToInstanceProfile"],
      ...["iam:RemoveRoleFromInstanceProfile", "iam:TagInstanceProfile", "iam:Get*", "iam:List*"],
    ],
    ["*"],
  ),
  // The cluster's own, which pods' roles trust.
  allow(
    [
      ...["iam:CreateOpenIDConnectProvider", "iam:DeleteOpenIDConnectProvider"],
      "iam:TagOpenIDConnectProvider",
    ],
    ["arn:aws:iam::*:oidc-provider/oidc.eks.*"],
  ),
];

/**
 * CI's own roles, of every environment of the app, are changed by a person and by no job; nor does a job become somebody
 * else, of whom it may be that he trusts the whole account.
 */
export const denied = (app: string): Statement[] => [
  {
    Effect: "Deny",
    Action: [
      ...["iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy"],
      ...["iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:DeleteRole", "iam:PassRole", "iam:TagRole"],
      ...["iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary"],
    ],
    Resource: DELIVERY_ROLES.map((role) => `arn:aws:iam::*:role/${roleName(app, "*", role)}`),
  },
  { Effect: "Deny", Action: ["sts:AssumeRole"], Resource: ["*"] },
];

import { each, replaces, NO_SCHEMA, OTHER_NAME, type Exception } from "./exception";

/** EKS and IAM. */
export const CLUSTER: readonly Exception[] = [
  ...replaces("aws:eks/nodeGroup:NodeGroup", "nodeRoleArn", OTHER_NAME),
  ...each(
    "aws:eks/cluster:Cluster",
    "name",
    { minLength: 1, maxLength: 100, pattern: "^[0-9A-Za-z][A-Za-z0-9_-]*$" },
    "EKS API, CreateCluster.name",
  ),
  {
    property: "eks.ClusterAccessConfig.authenticationMode",
    facts: { enum: ["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"] },
    reason: "EKS API, CreateAccessConfigRequest.authenticationMode",
  },
  ...replaces(
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "accessScope clusterName policyArn principalArn",
    NO_SCHEMA,
  ),
  ...replaces("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role policyArn", NO_SCHEMA),
  ...replaces("aws:iam/rolePolicy:RolePolicy", "role name", OTHER_NAME),
];

import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { hasAccessEntries, hasConfigMap, type ClusterArgs } from "./eks-arguments";
import { ServiceRole } from "./service-role";

type Entries = NonNullable<ClusterArgs["accessEntries"]>;

/** Who may enter the cluster. */
export interface Access {
  readonly instanceRoles: pulumi.Output<aws.iam.Role[]>;
  readonly configMap?: k8s.core.v1.ConfigMap;
  readonly entries: Entries;
  /** What must exist before anything is put into the cluster. */
  readonly dependencies: pulumi.Resource[];
}

/** Creates the instance role, the aws-auth ConfigMap and the access entries that the arguments ask for. */
export function createAccess(
  name: string,
  cluster: aws.eks.Cluster,
  provider: k8s.Provider,
  args: ClusterArgs,
  parent: pulumi.Resource,
): Access {
  const created = instanceRole(name, args, parent);
  const roles = args.instanceRoles ?? (args.instanceRole ? [args.instanceRole] : created ? [created] : []);
  const instanceRoles = pulumi.output(roles) as pulumi.Output<aws.iam.Role[]>;
  const dependencies: pulumi.Resource[] = [];
  let configMap: k8s.core.v1.ConfigMap | undefined;
  if (hasConfigMap(args.authenticationMode)) {
    configMap = awsAuth(name, instanceRoles, args, { parent, provider });
    dependencies.push(configMap);
  }
  let entries: Entries = {};
  if (hasAccessEntries(args.authenticationMode)) {
    const own = created ?? args.instanceRole;
    const principalArn = own && pulumi.output(own).apply((role) => role.arn);
    entries = {
      ...(principalArn && { defaultNodeGroupInstanceRole: { principalArn, type: "EC2_LINUX" as const } }),
      ...args.accessEntries,
    };
    dependencies.push(...createEntries(name, cluster, entries, parent));
  }
  return { instanceRoles, configMap, entries, dependencies };
}

/** The role of nodes, and its profile, where the component is to make one. */
function instanceRole(
  name: string,
  args: ClusterArgs,
  parent: pulumi.Resource,
): pulumi.Output<aws.iam.Role> | undefined {
  const wanted = args.createInstanceRole ?? !args.skipDefaultNodeGroup;
  if (args.instanceRoles || args.instanceRole || !wanted) return undefined;
  const { resolvedRole } = new ServiceRole(
    `${name}-instanceRole`,
    {
      service: "ec2.amazonaws.com",
      policies: ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly"],
      tags: args.tags,
    },
    { parent },
  );
  new aws.iam.InstanceProfile(
    `${name}-instanceProfile`,
    { role: resolvedRole.apply((role) => role.name) },
    { parent },
  );
  return resolvedRole;
}

function awsAuth(
  name: string,
  roles: pulumi.Output<aws.iam.Role[]>,
  args: ClusterArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.ConfigMap {
  const arns = roles.apply((all) => pulumi.all(all.map((role) => role.arn)));
  const mapRoles = pulumi.all([args.roleMappings ?? [], arns]).apply(([mappings, nodes]) =>
    stringify([
      ...mappings.map(({ roleArn, username, groups }) => ({ rolearn: roleArn, username, groups })),
      ...nodes.map((rolearn) => ({
        rolearn,
        username: "system:node:{{EC2PrivateDNSName}}",
        groups: ["system:bootstrappers", "system:nodes"],
      })),
    ]),
  );
  const mapUsers = pulumi
    .output(args.userMappings ?? [])
    .apply((users) =>
      stringify(users.map(({ userArn, username, groups }) => ({ userarn: userArn, username, groups }))),
    );
  return new k8s.core.v1.ConfigMap(
    `${name}-nodeAccess`,
    {
      immutable: false,
      metadata: {
        name: "aws-auth",
        namespace: "kube-system",
        annotations: { "pulumi.com/patchForce": "true" },
      },
      data: { mapRoles, ...(args.userMappings && { mapUsers }) },
    },
    opts,
  );
}

function createEntries(
  component: string,
  cluster: aws.eks.Cluster,
  entries: Entries,
  parent: pulumi.Resource,
): aws.eks.AccessEntry[] {
  return Object.entries(entries).map(([name, { accessPolicies, username, ...entry }]) => {
    const created = new aws.eks.AccessEntry(
      `${component}-${name}`,
      { ...entry, clusterName: cluster.name, userName: username },
      { parent, dependsOn: [cluster] },
    );
    for (const [policy, association] of Object.entries(accessPolicies ?? {})) {
      const known = pulumi.output(association);
      new aws.eks.AccessPolicyAssociation(
        `${component}-${name}-${policy}`,
        {
          accessScope: known.accessScope,
          policyArn: known.policyArn,
          principalArn: entry.principalArn,
          clusterName: cluster.name,
        },
        { parent: created, dependsOn: [created] },
      );
    }
    return created;
  });
}

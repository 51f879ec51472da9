import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Access } from "../../model/access";

/** EKS's own policies are Kubernetes rights under an ARN. */
const POLICY = "arn:aws:eks::aws:cluster-access-policy";

export interface AccessEntriesArgs {
  /** The cluster's name as EKS gives it, so that entries wait for the cluster. */
  clusterName: pulumi.Input<string>;
  access: Access;
  /** The services' namespace, which is all that deployers change. */
  namespace: string;
}

/**
 * Entries of the IAM roles that reach the cluster's API, with their rights. What goes through the API waits
 * for them: whoever creates the cluster may have no other right in it.
 */
export function accessEntries(
  { clusterName, access, namespace }: AccessEntriesArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const entry = (principalArn: string, policies: Record<string, Scope>): pulumi.Resource[] => {
    const name = nameOf(principalArn);
    const created = new aws.eks.AccessEntry(name, { clusterName, principalArn, type: "STANDARD" }, opts);
    const associations = Object.entries(policies).map(
      ([policy, accessScope]) =>
        new aws.eks.AccessPolicyAssociation(
          `${name}-${policy}`,
          { clusterName, principalArn, policyArn: `${POLICY}/${policy}`, accessScope },
          { ...opts, dependsOn: [created] },
        ),
    );
    return [created, ...associations];
  };
  const everything: Scope = { type: "cluster" };
  const home: Scope = { type: "namespace", namespaces: [namespace] };
  const admins = new Set(access.admins);
  // A role has one entry: who may do everything needs no second one for a part of it.
  const deployers = new Set(access.deployers.filter((arn) => !admins.has(arn)));
  return [
    ...[...admins].flatMap((arn) => entry(arn, { AmazonEKSClusterAdminPolicy: everything })),
    ...[...deployers].flatMap((arn) =>
      // Nodes, namespaces and storage classes are looked at, and never changed.
      entry(arn, { AmazonEKSAdminPolicy: home, AmazonEKSViewPolicy: everything }),
    ),
  ];
}

type Scope = { type: "cluster" } | { type: "namespace"; namespaces: string[] };

/** `123456789012-team/deploy` of `arn:aws:iam::123456789012:role/team/deploy`: the order of a list renames nothing. */
const nameOf = (arn: string): string => {
  const [, , , , account, resource = ""] = arn.split(":");
  return `access-${account}-${resource.replace(/^role\//, "")}`;
};

/**
 * Keeps EKS from making the cluster's creator an administrator whom no entry shows; eks.Cluster has no
 * argument for it. It counts when a cluster is created, and eks.Cluster ignores a later change.
 */
export const withoutCreatorAdmin: pulumi.ResourceTransform = ({ type, props, opts }) =>
  type === "aws:eks/cluster:Cluster"
    ? {
        props: {
          ...props,
          accessConfig: {
            ...(props.accessConfig as Record<string, unknown> | undefined),
            bootstrapClusterCreatorAdminPermissions: false,
          },
        },
        opts,
      }
    : undefined;

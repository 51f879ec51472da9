import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Key } from "../key";
import { type PodIdentity, type PodRoleArgs, podIdentity } from "./podRole";
import { ADDON_VERSIONS } from "./versions";

export interface AddonsArgs {
  /** The cluster's name, which leads theirs. */
  name: string;
  /** The cluster's name as EKS gives it, so that add-ons wait for the cluster. */
  clusterName: pulumi.Input<string>;
  /** The OIDC provider that vouches for the add-ons' service accounts. */
  cluster: PodRoleArgs["cluster"];
}

const NAMESPACE = "kube-system";

/**
 * What nodes need to become ready: addresses for pods, enforcement of network policies, and Services. The
 * CNI's rights in AWS are its own role's, so that no pod has them through its node.
 */
export function networkAddons(args: AddonsArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const serviceAccount = "aws-node";
  const identity = podIdentity(
    `${args.name}-vpc-cni`,
    { cluster: args.cluster, namespace: NAMESPACE, serviceAccount },
    opts,
    ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
  );
  // A node's processors are used up before its addresses are, so prefixes would only scatter the subnets.
  const cni = addon(args, "vpc-cni", opts, { enableNetworkPolicy: "true" }, identity);
  return [cni, addon(args, "kube-proxy", opts)];
}

/**
 * What runs on nodes and is waited for: names, volumes and the measurements that autoscalers need.
 *
 * @param args.tags of the volumes, which the driver makes and the program does not see
 * @param args.key encrypts the volumes
 */
export function nodeAddons(
  args: AddonsArgs & { tags: Readonly<Record<string, string>>; key: Pick<Key, "arn"> },
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const serviceAccount = "ebs-csi-controller-sa";
  const identity = podIdentity(
    `${args.name}-ebs-csi`,
    { cluster: args.cluster, namespace: NAMESPACE, serviceAccount, policy: volumesBy(args.key) },
    opts,
    ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
  );
  return [
    addon(args, "coredns", opts),
    addon(args, "aws-ebs-csi-driver", opts, { controller: { extraVolumeTags: args.tags } }, identity),
    addon(args, "metrics-server", opts),
  ];
}

function addon(
  args: AddonsArgs,
  addonName: keyof typeof ADDON_VERSIONS,
  opts: pulumi.CustomResourceOptions,
  configuration?: Readonly<Record<string, unknown>>,
  identity?: PodIdentity,
): aws.eks.Addon {
  return new aws.eks.Addon(
    `${args.name}-${addonName}`,
    {
      clusterName: args.clusterName,
      addonName,
      addonVersion: ADDON_VERSIONS[addonName],
      // What the program says holds, whatever somebody changed by hand.
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      ...(configuration && { configurationValues: JSON.stringify(configuration) }),
      ...(identity && { serviceAccountRoleArn: identity.role.arn }),
    },
    pulumi.mergeOptions(opts, { dependsOn: identity?.policies ?? [] }),
  );
}

/** What the driver needs beside AWS's policy for it, to have EBS encrypt with a key of ours. */
const volumesBy = (key: Pick<Key, "arn">): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"],
        Resource: key.arn,
      },
      {
        Effect: "Allow",
        Action: "kms:CreateGrant",
        Resource: key.arn,
        // EBS may use the grant for a volume's own key; nobody else may.
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ],
  });

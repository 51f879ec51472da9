import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { assumedByService } from "./assumeRole";

/**
 * What a node needs: to join and to pull images. Before it joins, Amazon Linux 2023 asks EC2 what it is, which the
 * smaller AmazonEKSWorkerNodeMinimalPolicy does not allow. Giving pods addresses is the right of the CNI's own role.
 */
const POLICIES = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"];

/** The IAM role of the cluster's nodes. Nodes depend on the attachments: without them they never join. */
export function nodeRole(
  name: string,
  opts: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; attachments: aws.iam.RolePolicyAttachment[] } {
  const role = new aws.iam.Role(name, { assumeRolePolicy: assumedByService("ec2.amazonaws.com") }, opts);
  const attachments = POLICIES.map(
    (policy) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policy}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        opts,
      ),
  );
  return { role, attachments };
}

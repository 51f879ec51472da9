import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { assumedByService } from "./assumeRole";

/** What a node needs: to join, to give pods addresses, to pull images. */
const POLICIES = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];

/** The IAM role of the cluster's nodes, with its policies attached before anyone sees the role. */
export function nodeRole(name: string, opts: pulumi.CustomResourceOptions): aws.iam.Role {
  const role = new aws.iam.Role(name, { assumeRolePolicy: assumedByService("ec2.amazonaws.com") }, opts);
  for (const policy of POLICIES) {
    new aws.iam.RolePolicyAttachment(
      `${name}-${policy}`,
      { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
      opts,
    );
  }
  return role;
}

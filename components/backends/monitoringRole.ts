import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { assumedByService } from "../cluster/assumeRole";

const POLICY = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole";

/** The role by which RDS writes an instance's operating system metrics. Instances depend on the attachment. */
export function monitoringRole(
  name: string,
  opts: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; attachment: aws.iam.RolePolicyAttachment } {
  const role = new aws.iam.Role(
    name,
    { assumeRolePolicy: assumedByService("monitoring.rds.amazonaws.com") },
    opts,
  );
  const attachment = new aws.iam.RolePolicyAttachment(name, { role: role.name, policyArn: POLICY }, opts);
  return { role, attachment };
}

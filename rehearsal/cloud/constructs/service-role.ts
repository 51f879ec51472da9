import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What a service role is made of. */
export interface ServiceRoleArgs {
  /** Who assumes it, for example `eks.amazonaws.com`. */
  readonly service: string;
  readonly description?: string;
  /** Names of AWS's managed policies. */
  readonly policies: readonly string[];
  /** Default: `sts:AssumeRole` only. */
  readonly actions?: readonly string[];
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** `eks:index:ServiceRole`: a role for an AWS service with managed policies attached. */
export class ServiceRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  /** The role, once all policies are attached. */
  readonly resolvedRole: pulumi.Output<aws.iam.Role>;

  constructor(name: string, args: ServiceRoleArgs, opts: pulumi.ComponentResourceOptions) {
    super("eks:index:ServiceRole", name, {}, opts);
    const { partition } = aws.getPartitionOutput({}, { parent: this });
    this.role = new aws.iam.Role(
      `${name}-role`,
      {
        description: args.description,
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Action: args.actions ?? ["sts:AssumeRole"],
              Effect: "Allow",
              Principal: { Service: [args.service] },
            },
          ],
        }),
        tags: args.tags,
      },
      { parent: this },
    );
    const attachments = args.policies.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${shortHash(`arn:aws:iam::aws:policy/${policy}`)}`,
          { policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}`, role: this.role },
          { parent: this },
        ),
    );
    this.resolvedRole = pulumi
      .all([this.role.arn, ...attachments.map(({ id }) => id)])
      .apply(() => this.role);
    this.registerOutputs({ directRole: this.role, resolvedRole: this.resolvedRole });
  }
}

/** As the published component shortens a policy's name. */
const shortHash = (text: string): string => createHash("sha1").update(text).digest("hex").slice(0, 8);

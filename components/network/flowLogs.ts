import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { assumedByService } from "../cluster/assumeRole";
import type { Key } from "../key";
import { logGroup } from "../logs";

export interface FlowLogsArgs {
  /** Leads their names. */
  name: string;
  environment: Environment;
  vpcId: pulumi.Input<string>;
  /** Encrypts them; CloudWatch Logs may use it. */
  key: Pick<Key, "arn">;
}

/** Who spoke with whom in the VPC, and who was not let. */
export function flowLogs(args: FlowLogsArgs, opts: pulumi.CustomResourceOptions): void {
  const name = `${args.name}-flow-logs`;
  const { environment, key } = args;
  const group = logGroup(name, { path: `/aws/vpc/${args.name}/flow-logs`, environment, key }, opts);
  const role = new aws.iam.Role(
    name,
    { assumeRolePolicy: assumedByService("vpc-flow-logs.amazonaws.com") },
    opts,
  );
  const policy = new aws.iam.RolePolicy(
    name,
    {
      role: role.name,
      policy: group.arn.apply((arn) =>
        JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
              Resource: [arn, `${arn}:*`],
            },
            { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
          ],
        }),
      ),
    },
    opts,
  );
  new aws.ec2.FlowLog(
    name,
    {
      vpcId: args.vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      // A minute where somebody may have to look while it happens; ten are cheaper.
      maxAggregationInterval: environment === "prod" ? 60 : 600,
      tags: { Name: args.name },
    },
    { ...opts, dependsOn: [policy] },
  );
}

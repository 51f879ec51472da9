import * as pulumi from "@pulumi/pulumi";
import type { Network } from "../network/network";

/** What a runner's rights are about. */
export interface RunnerRightsOf {
  /** ARN of the connection to GitHub. */
  connectionArn: string;
  network: Pick<Network, "privateSubnetIds">;
}

/**
 * To write its log, to fetch the repository, and to have a network interface in the private subnets. A build leaves
 * neither artefacts nor a cache, so it needs no key.
 */
export const runnerRights = (args: RunnerRightsOf, logsArn: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.all([logsArn, args.network.privateSubnetIds]).apply(([logs, subnets]) => {
    const [, , , region, account] = logs.split(":");
    const scope = `${region}:${account}`;
    return JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `${logs}:*`,
        },
        {
          Effect: "Allow",
          // The service's former name is the one that older connections are checked by.
          Action: ["codeconnections", "codestar-connections"].flatMap((service) =>
            ["GetConnection", "GetConnectionToken", "UseConnection"].map((action) => `${service}:${action}`),
          ),
          Resource: args.connectionArn,
        },
        {
          Effect: "Allow",
          Action: [
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
          ],
          Resource: "*",
        },
        {
          Effect: "Allow",
          Action: "ec2:CreateNetworkInterfacePermission",
          Resource: `arn:aws:ec2:${scope}:network-interface/*`,
          Condition: {
            StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com" },
            ArnEquals: {
              "ec2:Subnet": subnets.map((subnet) => `arn:aws:ec2:${scope}:subnet/${subnet}`),
            },
          },
        },
      ],
    });
  });

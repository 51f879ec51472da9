import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Runners as RunnersSettings } from "../../model/access";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";
import { logGroup } from "../logs";
import type { Network } from "../network/network";
import { assumedByService } from "./assumeRole";
import type { Cluster } from "./cluster";

export interface RunnersArgs extends RunnersSettings {
  /** The project's name, which a workflow asks for: `runs-on: codebuild-<name>-${{ github.run_id }}-…`. */
  name: string;
  environment: Environment;
  network: Pick<Network, "vpcId" | "privateSubnetIds">;
  cluster: Pick<Cluster, "securityGroupId">;
  /** Encrypts logs and what a build leaves; CloudWatch Logs may use it. */
  key: Pick<Key, "arn">;
}

/** A job that waits for a release has this long, in minutes. */
const TIMEOUT_MINUTES = 120;

/** Jobs at once: a preview beside an update. */
const AT_ONCE = 4;

/**
 * GitHub Actions runners inside the VPC, by which CI reaches an API that the internet does not. Each job has
 * a machine of its own that is gone after it. The machine's role lets it run and no more: a job takes the
 * deploy role by GitHub's OIDC token, as on any other runner.
 */
export class Runners extends pulumi.ComponentResource {
  /** The project's name. */
  readonly project: pulumi.Output<string>;

  constructor(name: string, args: RunnersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:cluster:Runners", name, {}, opts);
    const { environment, key, network } = args;
    const inside = { parent: this };
    const group = securityGroup(args, this);
    const logs = logGroup(name, { path: `/aws/codebuild/${args.name}`, environment, key }, inside);
    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: assumedByService("codebuild.amazonaws.com") },
      inside,
    );
    const policy = new aws.iam.RolePolicy(name, { role: role.name, policy: rights(args, logs.arn) }, inside);
    const project = new aws.codebuild.Project(
      name,
      {
        name: args.name,
        description: `GitHub Actions runners of ${args.repository} inside the VPC`,
        serviceRole: role.arn,
        encryptionKey: key.arn,
        buildTimeout: TIMEOUT_MINUTES,
        concurrentBuildLimit: AT_ONCE,
        source: {
          type: "GITHUB",
          location: args.repository,
          gitCloneDepth: 1,
          auth: { type: "CODECONNECTIONS", resource: args.connectionArn },
        },
        artifacts: { type: "NO_ARTIFACTS" },
        environment: {
          type: "LINUX_CONTAINER",
          computeType: "BUILD_GENERAL1_MEDIUM",
          image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
          // It previews and updates; images are built elsewhere.
          privilegedMode: false,
        },
        vpcConfig: {
          vpcId: network.vpcId,
          subnets: network.privateSubnetIds,
          securityGroupIds: [group.id],
        },
        logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: logs.name } },
      },
      // CodeBuild tries its rights in the VPC when a project is made.
      { ...inside, dependsOn: [policy] },
    );
    new aws.codebuild.Webhook(
      name,
      {
        projectName: project.name,
        buildType: "BUILD",
        filterGroups: [{ filters: [{ type: "EVENT", pattern: "WORKFLOW_JOB_QUEUED" }] }],
      },
      inside,
    );
    this.project = project.name;
    this.registerOutputs({ project: this.project });
  }
}

/** Nothing reaches a runner; it reaches AWS, GitHub and the cluster's API. */
function securityGroup(args: RunnersArgs, parent: pulumi.Resource): aws.ec2.SecurityGroup {
  const name = `${args.name}-runners`;
  const group = new aws.ec2.SecurityGroup(
    name,
    { description: "CI runners, which nothing reaches", vpcId: args.network.vpcId },
    { parent },
  );
  const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-out`,
    { ...https, securityGroupId: group.id, cidrIpv4: "0.0.0.0/0", description: "HTTPS" },
    { parent },
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-api`,
    {
      ...https,
      securityGroupId: args.cluster.securityGroupId,
      referencedSecurityGroupId: group.id,
      description: "CI runners to the cluster's API",
    },
    { parent },
  );
  return group;
}

/** To write its log, to fetch the repository, and to have a network interface in the private subnets. */
const rights = (args: RunnersArgs, logsArn: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.all([logsArn, args.key.arn, args.network.privateSubnetIds]).apply(([logs, key, subnets]) => {
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
        { Effect: "Allow", Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"], Resource: key },
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

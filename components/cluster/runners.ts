import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Runners as RunnersSettings } from "../../model/access";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";
import { logGroup } from "../logs";
import type { Network } from "../network/network";
import { assumedByService } from "./assumeRole";
import type { Cluster } from "./cluster";
import { runnerRights } from "./runnerRights";

export interface RunnersArgs extends RunnersSettings {
  /** The project's name, which a workflow asks for: `runs-on: codebuild-<name>-${{ github.run_id }}-…`. */
  name: string;
  environment: Environment;
  network: Pick<Network, "vpcId" | "privateSubnetIds">;
  cluster: Pick<Cluster, "securityGroupId">;
  /** Encrypts logs; CloudWatch Logs may use it, and the runners may not. */
  key: Pick<Key, "arn">;
}

/**
 * Minutes. A build begins before its job does, and the longest job has 120: GitHub must end that one first, for what a
 * release has changed is pushed after it.
 */
const TIMEOUT_MINUTES = 150;

/**
 * GitHub Actions runners inside the VPC, by which CI reaches an API that the internet does not. Each job has
 * a machine of its own that is gone after it. How many run at once the account's quota says, beyond which builds
 * wait; beyond a limit of the project's own they are dropped, and GitHub asks for a job's machine once. The machine's
 * role lets it run and no more: a job takes the deploy role by GitHub's OIDC token, as on any other runner.
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
    const policy = new aws.iam.RolePolicy(
      name,
      { role: role.name, policy: runnerRights(args, logs.arn) },
      inside,
    );
    const project = new aws.codebuild.Project(
      name,
      {
        name: args.name,
        description: `GitHub Actions runners of ${args.repository} inside the VPC`,
        serviceRole: role.arn,
        buildTimeout: TIMEOUT_MINUTES,
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
        filterGroups: [{ filters: filters(args) }],
      },
      inside,
    );
    this.project = project.name;
    this.registerOutputs({ project: this.project });
  }
}

/**
 * Which jobs get a machine. The one thing of a job that a pull request does not write itself is who sent it: its
 * workflow, that one's name and the machine it runs on are all in the request's own files.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/webhooks.html, "Best practices for using webhooks"
 */
const filters = ({ actors }: RunnersArgs): { type: string; pattern: string }[] => [
  { type: "EVENT", pattern: "WORKFLOW_JOB_QUEUED" },
  ...(actors === undefined ? [] : [{ type: "ACTOR_ACCOUNT_ID", pattern: `^(${actors.join("|")})$` }]),
];

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

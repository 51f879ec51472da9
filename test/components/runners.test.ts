import assert from "node:assert/strict";
import { Runners } from "../../components/cluster/runners";
import { clusterHandle, key, network, statements } from "./clusterFixture";
import { jobs } from "../workflows/files";
import { type RecordingMocks, assertIncludes, record, settled } from "./mocks";

const PROJECT = "aws:codebuild/project:Project";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const CONNECTION = "arn:aws:codeconnections:us-east-1:123456789012:connection/1";

async function made(actors?: readonly string[]): Promise<RecordingMocks> {
  const mocks = record();
  new Runners("runners", {
    name: "app-prod",
    environment: "prod",
    network,
    cluster: clusterHandle(),
    key,
    repository: "https://github.com/owner/name",
    connectionArn: CONNECTION,
    ...(actors && { actors }),
  });
  await settled();
  return mocks;
}

describe("Runners", () => {
  it("run jobs of one repository, when GitHub has one", async () => {
    const mocks = await made();
    assertIncludes(mocks.find(PROJECT, "runners"), {
      name: "app-prod",
      source: {
        type: "GITHUB",
        location: "https://github.com/owner/name",
        auth: { type: "CODECONNECTIONS", resource: CONNECTION },
      },
      artifacts: { type: "NO_ARTIFACTS" },
    });
    assert.deepEqual(mocks.find("aws:codebuild/webhook:Webhook", "runners")["filterGroups"], [
      { filters: [{ type: "EVENT", pattern: "WORKFLOW_JOB_QUEUED" }] },
    ]);
  });

  it("run jobs of the accounts that are named alone, each by its whole id", async () => {
    const mocks = await made(["123", "45"]);
    const [{ filters }] = mocks.find("aws:codebuild/webhook:Webhook", "runners")["filterGroups"] as [
      { filters: { type: string; pattern: string }[] },
    ];
    assert.deepEqual(
      filters.map(({ type }) => type),
      ["EVENT", "ACTOR_ACCOUNT_ID"],
    );
    const pattern = new RegExp(filters[1]!.pattern);
    assert.deepEqual(
      ["123", "45", "1234", "5", "12345"].filter((id) => pattern.test(id)),
      ["123", "45"],
    );
  });

  it("wait for each other where there are many: GitHub asks once, and beyond a project's limit builds are dropped", async () => {
    assert.equal((await made()).find(PROJECT, "runners")["concurrentBuildLimit"], undefined);
  });

  it("outlive the longest job, which GitHub ends, so that what it has changed is still pushed", async () => {
    const longest = Math.max(...Object.values(jobs).map((job) => job["timeout-minutes"] ?? 0));
    const minutes = Number((await made()).find(PROJECT, "runners")["buildTimeout"]);
    assert.ok(longest > 0 && minutes >= longest + 15, `${minutes} min for a job of ${longest} min`);
  });

  it("lie in private subnets, and are no masters of their machine", async () => {
    assertIncludes((await made()).find(PROJECT, "runners"), {
      vpcConfig: { vpcId: "vpc-1", subnets: ["subnet-3", "subnet-4"] },
      environment: { privilegedMode: false },
    });
  });

  it("reach the cluster's API and HTTPS outside, and are reached by nobody", async () => {
    const mocks = await made();
    const ingress = mocks.registered.filter(({ type }) => type === INGRESS).map(({ inputs }) => inputs);
    assert.equal(ingress.length, 1);
    assertIncludes(ingress[0], {
      securityGroupId: "sg-cluster",
      referencedSecurityGroupId: "app-prod-runners-id",
      fromPort: 443,
      toPort: 443,
      ipProtocol: "tcp",
    });
    const egress = mocks.registered.filter(({ type }) => type === EGRESS).map(({ inputs }) => inputs);
    assert.equal(egress.length, 1);
    assertIncludes(egress[0], { securityGroupId: "app-prod-runners-id", fromPort: 443, toPort: 443 });
  });

  it("have no right to deploy, to take a role that has, or to open what is encrypted", async () => {
    const granted = statements((await made()).find("aws:iam/rolePolicy:RolePolicy", "runners")["policy"]);
    const services = new Set(granted.flatMap(({ Action }) => Action).map((action) => action.split(":")[0]));
    assert.deepEqual([...services].sort(), ["codeconnections", "codestar-connections", "ec2", "logs"]);
  });

  it("give away network interfaces in their own subnets, to CodeBuild alone", async () => {
    const granted = statements((await made()).find("aws:iam/rolePolicy:RolePolicy", "runners")["policy"]);
    const giving = granted.find(({ Action }) => Action === "ec2:CreateNetworkInterfacePermission");
    const { StringEquals, ArnEquals } = giving?.Condition ?? {};
    assert.deepEqual(StringEquals, { "ec2:AuthorizedService": "codebuild.amazonaws.com" });
    const subnets = [ArnEquals?.["ec2:Subnet"] ?? []].flat();
    assert.deepEqual(
      subnets.map((arn) => arn.split("/").at(-1)),
      ["subnet-3", "subnet-4"],
    );
  });

  it("keep encrypted logs, for an end", async () => {
    const logs = (await made()).find("aws:cloudwatch/logGroup:LogGroup", "runners");
    assertIncludes(logs, { name: "/aws/codebuild/app-prod", kmsKeyId: "arn:key" });
    assert.ok(Number(logs["retentionInDays"]) > 0);
  });
});

import assert from "node:assert/strict";
import { ASSUMPTIONS } from "../../model/cost";
import { NODES, ZONES } from "../../model/nodes";
import { recordStacks } from "../controls/stacks";
import { STACK, type Scratch, scratch } from "./fixture";

describe("sluice cost", () => {
  let project: Scratch;
  before(async () => {
    project = await scratch("");
  });
  after(() => project.close());

  it("prints each line and both sums on lines of a terminal", async () => {
    const { code, printed } = await project.call("cost", "-s", "dev");
    assert.equal(code, 0);
    for (const item of ["EKS nodes", "RDS instances", "ElastiCache", "NAT gateways", "total"]) {
      assert.match(printed, new RegExp(`^${item} +\\d+ +\\d+$`, "m"));
    }
    for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
    assert.match(printed, /as known in \d{4}-\d{2}/);
  });

  it("gives the same as JSON", async () => {
    const { printed } = await project.call("cost", "-s", "dev", "--json");
    const { schema, stack, region, currency, total, lines } = JSON.parse(printed);
    assert.deepEqual([schema, stack, region, currency], [1, "dev", "us-east-1", "USD"]);
    const sum = lines.reduce((all: number, line: { oneColour?: number }) => all + (line.oneColour ?? 0), 0);
    assert.equal(total.oneColour, Math.round(sum));
  });

  it("refuses faulty settings, and a stack without a region", async () => {
    await project.write("Pulumi.faulty.yaml", STACK.replace("live: blue", "live: red"));
    const faulty = await project.call("cost", "-s", "faulty");
    assert.equal(faulty.code, 2);
    assert.match(faulty.complained, /sluice:release\.live: found "red"/);
    await project.write("Pulumi.nowhere.yaml", STACK.replace("  aws:region: us-east-1\n", ""));
    const nowhere = await project.call("cost", "-s", "nowhere");
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.complained, /no aws:region/);
  });
});

describe("what an estimate supposes", function () {
  this.timeout(60_000);

  it("is what the program makes: endpoints, keys, secrets, rules of web ACLs, gateways, nodes' type", async () => {
    const stacks = await recordStacks();
    for (const environment of ["dev", "staging", "prod"] as const) {
      const { resources } = stacks.find(({ name }) => name === environment)!;
      const of = (type: string) => resources.filter((one) => one.type === type).map(({ inputs }) => inputs);
      const endpoints = of("aws:ec2/vpcEndpoint:VpcEndpoint");
      const rules = of("aws:wafv2/webAcl:WebAcl").flatMap(({ rules }) => rules as unknown[]);
      const made = {
        interfaceEndpoints: endpoints.filter((one) => one["vpcEndpointType"] === "Interface").length,
        keys: of("aws:kms/key:Key").length - Math.min(1, of("aws:ecr/repository:Repository").length),
        secrets: of("aws:secretsmanager/secret:Secret").length,
        webAclRules: rules.length,
      };
      const { logsGb, natGb, capacityUnits, ...supposed } = ASSUMPTIONS[environment];
      assert.deepEqual(made, supposed, environment);
      assert.ok(logsGb > 0 && natGb > 0 && capacityUnits > 0);
      const [vpc] = of("awsx:ec2:Vpc");
      assert.equal(vpc?.["numberOfAvailabilityZones"], ZONES[environment].zones);
      const [nodes] = of("eks:index:ManagedNodeGroup");
      assert.deepEqual(nodes?.["instanceTypes"], [NODES[environment].instanceType]);
    }
  });
});

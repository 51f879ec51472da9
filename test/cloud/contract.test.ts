import assert from "node:assert/strict";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { parametersContract } from "./contract-parameters";
import { rollbackContract } from "./contract-rollback";
import { clientConfig, moto, ourEndpoint, rejects, type Subject } from "./contract-subjects";

/**
 * What both must do alike, so that code that runs against our endpoint runs against AWS: the same
 * assertions for moto, which others keep true to AWS, and for the rehearsal's endpoint.
 */
const SUBJECTS = { "the rehearsal's endpoint": ourEndpoint, moto };

for (const [name, start] of Object.entries(SUBJECTS)) {
  describe(`AWS contract: ${name}`, () => {
    let subject: Subject;
    let stop: (() => Promise<void>) | undefined;
    let balancing: elb.ElasticLoadBalancingV2Client;
    let parameters: SSMClient;

    before(async function () {
      // The first run installs moto.
      this.timeout(300_000);
      try {
        subject = await start();
      } catch (error) {
        process.stdout.write(`NOT RUN AWS contract against ${name}: ${(error as Error).message}\n`);
        throw error;
      }
      balancing = new elb.ElasticLoadBalancingV2Client(clientConfig(subject.url));
      parameters = new SSMClient(clientConfig(subject.url));
      stop = async () => {
        balancing.destroy();
        parameters.destroy();
        await subject.stop();
      };
    });
    after(() => stop?.());

    const weights = (blue: number, green: number, stickiness?: elb.TargetGroupStickinessConfig) =>
      new elb.ModifyRuleCommand({
        RuleArn: subject.arns.rule,
        Actions: [
          {
            Type: "forward",
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: subject.arns.blue, Weight: blue },
                { TargetGroupArn: subject.arns.green, Weight: green },
              ],
              TargetGroupStickinessConfig: stickiness,
            },
          },
        ],
      });
    const rule = async () => {
      const command = new elb.DescribeRulesCommand({ RuleArns: [subject.arns.rule] });
      return (await balancing.send(command)).Rules?.[0];
    };
    /** Weights by target group ARN: AWS does not promise an order. */
    const weightsOf = (found: elb.Rule | undefined) =>
      Object.fromEntries(
        (found?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? []).map((tuple) => [
          tuple.TargetGroupArn,
          tuple.Weight,
        ]),
      );

    it("finds a load balancer by name and by ARN", async () => {
      const byName = await balancing.send(new elb.DescribeLoadBalancersCommand({ Names: ["edge"] }));
      const [found] = byName.LoadBalancers ?? [];
      assert.equal(found?.LoadBalancerArn, subject.arns.loadBalancer);
      assert.deepEqual(
        [found.Type, found.Scheme, found.State?.Code],
        ["application", "internet-facing", "active"],
      );
      assert.match(found.DNSName ?? "", /\.elb\.amazonaws\.com$/);
      const LoadBalancerArns = [subject.arns.loadBalancer];
      const byArn = await balancing.send(new elb.DescribeLoadBalancersCommand({ LoadBalancerArns }));
      assert.equal(byArn.LoadBalancers?.[0]?.LoadBalancerName, "edge");
      const missing = new elb.DescribeLoadBalancersCommand({ Names: ["nope"] });
      await rejects(balancing.send(missing), "LoadBalancerNotFoundException");
    });

    it("lists a load balancer's listeners with their default actions", async () => {
      const LoadBalancerArn = subject.arns.loadBalancer;
      const { Listeners = [] } = await balancing.send(new elb.DescribeListenersCommand({ LoadBalancerArn }));
      const found = Listeners.map((listener) => [
        listener.ListenerArn,
        listener.LoadBalancerArn,
        listener.Port,
        listener.Protocol,
        listener.DefaultActions?.[0]?.FixedResponseConfig?.StatusCode,
      ]);
      assert.deepEqual(found, [[subject.arns.listener, LoadBalancerArn, 80, "HTTP", "404"]]);
      const missing = new elb.DescribeListenersCommand({ ListenerArns: [`${subject.arns.listener}0`] });
      await rejects(balancing.send(missing), "ListenerNotFoundException");
    });

    it("lists a listener's rules, the default rule among them", async () => {
      const command = new elb.DescribeRulesCommand({ ListenerArn: subject.arns.listener });
      const { Rules = [] } = await balancing.send(command);
      assert.deepEqual(
        Rules.map(({ Priority, IsDefault }) => [Priority, IsDefault]).sort(),
        [
          ["10", false],
          ["default", true],
        ].sort(),
      );
      const own = Rules.find(({ RuleArn }) => RuleArn === subject.arns.rule);
      assert.deepEqual(weightsOf(own), { [subject.arns.blue]: 90, [subject.arns.green]: 10 });
      assert.deepEqual(own?.Actions?.[0]?.ForwardConfig?.TargetGroupStickinessConfig, {
        Enabled: true,
        DurationSeconds: 60,
      });
      assert.deepEqual(
        own.Conditions?.map(({ Field, Values }) => [Field, Values]),
        [["path-pattern", ["/*"]]],
      );
    });

    it("answers rules page after page", async () => {
      const { listener } = subject.arns;
      const first = await balancing.send(
        new elb.DescribeRulesCommand({ ListenerArn: listener, PageSize: 1 }),
      );
      assert.equal(first.Rules?.length, 1);
      assert.ok(first.NextMarker);
      const second = await balancing.send(
        new elb.DescribeRulesCommand({ ListenerArn: listener, PageSize: 1, Marker: first.NextMarker }),
      );
      assert.equal(second.Rules?.length, 1);
      assert.equal(second.NextMarker, undefined);
      assert.notEqual(second.Rules[0]?.RuleArn, first.Rules[0]?.RuleArn);
    });

    it("refuses to list rules without knowing of what", async () => {
      await rejects(balancing.send(new elb.DescribeRulesCommand({})), "ValidationError");
      const both = { ListenerArn: subject.arns.listener, RuleArns: [subject.arns.rule] };
      await rejects(balancing.send(new elb.DescribeRulesCommand(both)), "ValidationError");
      const missing = new elb.DescribeRulesCommand({ RuleArns: [`${subject.arns.rule}0`] });
      await rejects(balancing.send(missing), "RuleNotFoundException");
    });

    it("describes target groups by name, by ARN and by load balancer", async () => {
      const ask = async (input: elb.DescribeTargetGroupsCommandInput) =>
        (await balancing.send(new elb.DescribeTargetGroupsCommand(input))).TargetGroups ?? [];
      const [blue] = await ask({ Names: ["blue"] });
      assert.deepEqual(
        [blue?.TargetGroupArn, blue?.Port, blue?.Protocol, blue?.TargetType, blue?.LoadBalancerArns],
        [subject.arns.blue, 8080, "HTTP", "ip", [subject.arns.loadBalancer]],
      );
      assert.deepEqual(
        [blue?.HealthCheckPath, blue?.HealthCheckIntervalSeconds, blue?.HealthCheckTimeoutSeconds],
        ["/healthz", 15, 5],
      );
      assert.deepEqual(
        [blue?.HealthyThresholdCount, blue?.UnhealthyThresholdCount, blue?.Matcher?.HttpCode],
        [2, 2, "200"],
      );
      assert.equal(blue?.HealthCheckPort, "traffic-port");
      assert.equal((await ask({ TargetGroupArns: [subject.arns.green] }))[0]?.TargetGroupName, "green");
      const used = await ask({ LoadBalancerArn: subject.arns.loadBalancer });
      assert.deepEqual(used.map((group) => group.TargetGroupName).sort(), ["blue", "green"]);
      await rejects(ask({ Names: ["nope"] }), "TargetGroupNotFoundException");
      await rejects(ask({ Names: ["blue"], TargetGroupArns: [subject.arns.blue] }), "ValidationError");
    });

    it("reports no targets for an empty group, and an error for a missing one", async () => {
      const ask = (TargetGroupArn: string) =>
        balancing.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn }));
      assert.deepEqual((await ask(subject.arns.blue)).TargetHealthDescriptions, []);
      await rejects(ask(`${subject.arns.blue}0`), "TargetGroupNotFoundException");
    });

    it("finds a rule's tags", async () => {
      const command = new elb.DescribeTagsCommand({ ResourceArns: [subject.arns.rule] });
      const { TagDescriptions } = await balancing.send(command);
      assert.deepEqual(TagDescriptions, [
        { ResourceArn: subject.arns.rule, Tags: [{ Key: "service", Value: "api" }] },
      ]);
    });

    it("changes weights and stickiness, and answers with the rule as it is now", async () => {
      const { Rules } = await balancing.send(weights(0, 999, { Enabled: false, DurationSeconds: 60 }));
      const expected = { [subject.arns.blue]: 0, [subject.arns.green]: 999 };
      assert.deepEqual(weightsOf(Rules?.[0]), expected);
      const found = await rule();
      assert.deepEqual(weightsOf(found), expected);
      assert.equal(found?.Actions?.[0]?.ForwardConfig?.TargetGroupStickinessConfig?.Enabled, false);
      assert.equal(found.Priority, "10");
      assert.deepEqual(found.Conditions?.[0]?.Values, ["/*"]);
    });

    it("takes stickiness that isn't named as off, and a weight that isn't named as 1", async () => {
      const ForwardConfig = { TargetGroups: [{ TargetGroupArn: subject.arns.blue }] };
      const input = { RuleArn: subject.arns.rule, Actions: [{ Type: "forward" as const, ForwardConfig }] };
      await balancing.send(new elb.ModifyRuleCommand(input));
      const found = await rule();
      assert.deepEqual(weightsOf(found), { [subject.arns.blue]: 1 });
      assert.equal(found?.Actions?.[0]?.ForwardConfig?.TargetGroupStickinessConfig?.Enabled, false);
    });

    it("refuses to change a rule that isn't there, to nothing, or to a group or an action that isn't there", async () => {
      await balancing.send(weights(60, 40));
      const modify = (input: Partial<elb.ModifyRuleCommandInput>) =>
        balancing.send(new elb.ModifyRuleCommand({ RuleArn: subject.arns.rule, ...input }));
      const to = (TargetGroupArn: string): elb.Action => ({
        Type: "forward",
        ForwardConfig: { TargetGroups: [{ TargetGroupArn, Weight: 1 }] },
      });
      await rejects(
        modify({ RuleArn: `${subject.arns.rule}0`, Actions: [to(subject.arns.blue)] }),
        "RuleNotFoundException",
      );
      await rejects(modify({}), "ValidationError");
      await rejects(modify({ Actions: [to(`${subject.arns.blue}0`)] }), "TargetGroupNotFoundException");
      await rejects(modify({ Actions: [{ Type: "vanish" as "forward" }] }), "ValidationError");
      await rejects(modify({ Conditions: [{ Field: "colour", Values: ["x"] }] }), "ValidationError");
      assert.deepEqual(weightsOf(await rule()), { [subject.arns.blue]: 60, [subject.arns.green]: 40 });
    });

    describe("parameters", () => parametersContract(() => parameters));

    describe("what a rollback calls", () => rollbackContract(() => subject.url));
  });
}

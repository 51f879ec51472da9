import assert from "node:assert/strict";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { LISTENER_RULE } from "../../rehearsal/cloud/balancer/resources";
import * as edge from "./balancer-fixture";
import { both, type EndpointFixture, forward, rejects, startEndpoint } from "./endpoint-fixture";

const { ARNS, putRule, ruleArn, weighted } = edge;

describe("AWS endpoint: ELBv2", () => {
  let aws: EndpointFixture;
  beforeEach(async () => {
    aws = await startEndpoint();
  });
  afterEach(() => aws.end());

  it("lists a listener's rules by priority with conditions, weights and stickiness, the default rule last", async () => {
    const { Rules = [] } = await aws.balancing.send(
      new elb.DescribeRulesCommand({ ListenerArn: ARNS.listener }),
    );
    assert.deepEqual(
      Rules.map((rule) => [rule.Priority, rule.IsDefault]),
      [
        ["5", false],
        ["100", false],
        ["default", true],
      ],
    );
    assert.deepEqual(Rules[0]?.Conditions, [
      { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Preview", Values: ["a", "b"] } },
      {
        Field: "host-header",
        Values: ["api.example.com"],
        HostHeaderConfig: { Values: ["api.example.com"] },
      },
    ]);
    assert.deepEqual(Rules[1]?.Actions, [
      {
        Type: "forward",
        Order: 1,
        ForwardConfig: {
          TargetGroups: both(90, 10),
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
        },
      },
    ]);
    const RuleArns = [Rules[2]?.RuleArn ?? ""];
    const byArn = await aws.balancing.send(new elb.DescribeRulesCommand({ RuleArns }));
    assert.deepEqual(byArn.Rules, [Rules[2]]);
  });

  it("answers page after page, and refuses a marker that it didn't give", async () => {
    for (let i = 0; i < 7; i += 1) putRule(aws.world, `r${i}`, 10 + i, weighted(1, 1));
    const found: (string | undefined)[] = [];
    const sizes: number[] = [];
    const input = { ListenerArn: ARNS.listener, PageSize: 4 };
    for await (const { Rules = [] } of elb.paginateDescribeRules(
      { client: aws.balancing, pageSize: 4 },
      input,
    )) {
      sizes.push(Rules.length);
      found.push(...Rules.map((rule) => rule.Priority));
    }
    assert.deepEqual(sizes, [4, 4, 2]);
    assert.deepEqual(found, ["5", "10", "11", "12", "13", "14", "15", "16", "100", "default"]);
    const forged = new elb.DescribeRulesCommand({ ...input, Marker: "bm8=" });
    await rejects(aws.balancing.send(forged), "ValidationError", /marker/);
    await rejects(
      aws.balancing.send(new elb.DescribeRulesCommand({ ...input, PageSize: 401 })),
      "ValidationError",
    );
  });

  it("describes load balancers, listeners and target groups, and who uses which", async () => {
    const { LoadBalancers } = await aws.balancing.send(
      new elb.DescribeLoadBalancersCommand({ Names: ["edge"] }),
    );
    assert.equal(LoadBalancers?.[0]?.DNSName, "edge-1.us-east-1.elb.amazonaws.com");
    const LoadBalancerArn = LoadBalancers[0].LoadBalancerArn;
    const { Listeners } = await aws.balancing.send(new elb.DescribeListenersCommand({ LoadBalancerArn }));
    assert.deepEqual(
      Listeners?.map(({ Port, Protocol, DefaultActions }) => [Port, Protocol, DefaultActions?.[0]?.Type]),
      [[80, "HTTP", "fixed-response"]],
    );
    const groups = new elb.DescribeTargetGroupsCommand({ LoadBalancerArn });
    const { TargetGroups } = await aws.balancing.send(groups);
    assert.deepEqual(
      TargetGroups?.map((group) => [group.TargetGroupName, group.LoadBalancerArns, group.HealthCheckPath]),
      ["blue", "green"].map((name) => [name, [ARNS.loadBalancer], "/healthz"]),
    );
  });

  it("gives tags as they are, whatever characters they have", async () => {
    const command = new elb.DescribeTagsCommand({ ResourceArns: [ARNS.loadBalancer, ruleArn("preview")] });
    const { TagDescriptions } = await aws.balancing.send(command);
    assert.deepEqual(TagDescriptions?.[0]?.Tags, [
      { Key: "app", Value: "voiceassist" },
      { Key: "with space & more", Value: "<a'b\">" },
    ]);
    assert.deepEqual(TagDescriptions[1]?.Tags, [{ Key: "rule", Value: "preview" }]);
  });

  it("reports the health of targets, and those of unused groups as unused", async () => {
    const pod = await edge.startPod(aws.world, "blue");
    await edge.startEdge(aws.world);
    await edge.allHealthy(aws.world, "blue");
    const health = async (Targets?: elb.TargetDescription[]) => {
      const command = new elb.DescribeTargetHealthCommand({ TargetGroupArn: ARNS.blue, Targets });
      const { TargetHealthDescriptions = [] } = await aws.balancing.send(command);
      return TargetHealthDescriptions.map(({ TargetHealth: h }) => [h?.State, h?.Reason]);
    };
    assert.deepEqual(await health(), [["healthy", undefined]]);
    assert.deepEqual(await health([{ Id: "10.0.0.9", Port: 1 }]), [["unused", "Target.NotRegistered"]]);
    aws.world.deregister(ARNS.blue, pod);
    assert.deepEqual(await health(), [["draining", "Target.DeregistrationInProgress"]]);
    for (const rule of aws.world.all(LISTENER_RULE)) aws.world.remove(LISTENER_RULE, rule.id);
    assert.deepEqual(await health(), [["unused", "Target.NotInUse"]]);
  });

  it("moves traffic by ModifyRule alone, and leaves Pulumi's properties in the world", async () => {
    await Promise.all([edge.startPod(aws.world, "blue"), edge.startPod(aws.world, "green")]);
    const { url } = await edge.startEdge(aws.world);
    const stickiness = { Enabled: false, DurationSeconds: 60 };
    for (const [blue, green, colour] of [
      [100, 0, "blue"],
      [0, 100, "green"],
    ] as const) {
      await aws.modify(forward({ TargetGroups: both(blue, green), TargetGroupStickinessConfig: stickiness }));
      for (let i = 0; i < 5; i += 1) assert.equal((await fetch(url)).headers.get("x-colour"), colour);
      assert.deepEqual(aws.world.get(LISTENER_RULE, ruleArn("weights"))?.properties.actions, [
        weighted(blue, green),
      ]);
    }
  });

  it("changes conditions without touching the actions", async () => {
    const Conditions = [{ Field: "path-pattern", PathPatternConfig: { Values: ["/v2/*"] } }];
    const { Rules } = await aws.modify({ RuleArn: ruleArn("weights"), Conditions });
    assert.deepEqual(Rules?.[0]?.Conditions?.[0]?.Values, ["/v2/*"]);
    const { conditions, actions } = aws.world.get(LISTENER_RULE, ruleArn("weights"))?.properties ?? {};
    assert.deepEqual(conditions, [{ pathPattern: { values: ["/v2/*"] } }]);
    assert.deepEqual(actions, [weighted(90, 10, 60)]);
  });

  it("refuses what AWS refuses in ModifyRule, and changes nothing then", async () => {
    const before = structuredClone(aws.world.get(LISTENER_RULE, ruleArn("weights")));
    const six = Array.from({ length: 6 }, (_, i) => ({ TargetGroupArn: `${ARNS.blue}${i}`, Weight: 1 }));
    const sticky = (DurationSeconds?: number) =>
      forward({
        TargetGroups: both(1, 1),
        TargetGroupStickinessConfig: { Enabled: true, DurationSeconds },
      });
    const { Rules } = await aws.balancing.send(new elb.DescribeRulesCommand({ ListenerArn: ARNS.listener }));
    const refused: [elb.ModifyRuleCommandInput, string, RegExp][] = [
      [forward({ TargetGroups: both(1000, 0) }), "ValidationError", /1000/],
      [forward({ TargetGroups: both(-1, 0) }), "ValidationError", /-1/],
      [forward({ TargetGroups: six }), "ValidationError", /found 6/],
      [forward({ TargetGroups: [] }), "ValidationError", /./],
      [sticky(0), "ValidationError", /'0'/],
      [sticky(604_801), "ValidationError", /604801/],
      [sticky(), "ValidationError", /duration/],
      [forward({ TargetGroups: [{ TargetGroupArn: "nope" }] }), "TargetGroupNotFoundException", /nope/],
      [{ RuleArn: ruleArn("nope") }, "RuleNotFoundException", /nope/],
      [{ RuleArn: ruleArn("weights") }, "ValidationError", /conditions or actions/],
      [{ RuleArn: Rules?.[2]?.RuleArn }, "OperationNotPermittedException", /Default rule/],
      [
        { RuleArn: ruleArn("weights"), Actions: [{ Type: "forwards" as "forward" }] },
        "ValidationError",
        /forwards/,
      ],
    ];
    for (const [input, name, message] of refused) await rejects(aws.modify(input), name, message);
    assert.deepEqual(aws.world.get(LISTENER_RULE, ruleArn("weights")), before);
  });

  it("names AWS's error for what doesn't exist", async () => {
    const missing = [ARNS.blue.replace("blue", "red")];
    const groups = new elb.DescribeTargetGroupsCommand({ TargetGroupArns: missing });
    await rejects(aws.balancing.send(groups), "TargetGroupNotFoundException");
    const balancers = new elb.DescribeLoadBalancersCommand({ Names: ["nope"] });
    await rejects(aws.balancing.send(balancers), "LoadBalancerNotFoundException");
  });
});

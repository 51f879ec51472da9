import assert from "node:assert/strict";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as ssm from "@aws-sdk/client-ssm";
import { LISTENER_RULE, TARGET_GROUP } from "../../rehearsal/cloud/balancer/resources";
import { balancerRoutes } from "../../rehearsal/cloud/balancer/routes";
import { type Endpoint, serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import type { World } from "../../rehearsal/cloud/world";
import * as edge from "./balancer-fixture";

const { ARNS, putRule, ruleArn, weighted } = edge;

const signedFor = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

describe("AWS endpoint", () => {
  let world: World;
  let endpoint: Endpoint;
  let balancing: elb.ElasticLoadBalancingV2Client;
  let parameters: ssm.SSMClient;

  beforeEach(async () => {
    world = edge.edgeWorld();
    putRule(world, "weights", 100, weighted(90, 10, 60));
    putRule(world, "preview", 5, weighted(0, 1), [
      { httpHeader: { httpHeaderName: "X-Preview", values: ["a", "b"] } },
      { hostHeader: { values: ["api.example.com"] } },
    ]);
    endpoint = await serveEndpoint(world, new Faults());
    const config = {
      endpoint: endpoint.url,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    };
    balancing = new elb.ElasticLoadBalancingV2Client(config);
    parameters = new ssm.SSMClient(config);
  });
  afterEach(async () => {
    balancing.destroy();
    parameters.destroy();
    await endpoint.close();
    await edge.endAll();
  });

  const forward = (config: elb.ForwardActionConfig): elb.ModifyRuleCommandInput => ({
    RuleArn: ruleArn("weights"),
    Actions: [{ Type: "forward", ForwardConfig: config }],
  });
  const modify = (input: elb.ModifyRuleCommandInput) => balancing.send(new elb.ModifyRuleCommand(input));
  const both = (blue: number, green: number) => [
    { TargetGroupArn: ARNS.blue, Weight: blue },
    { TargetGroupArn: ARNS.green, Weight: green },
  ];
  const rejects = (call: Promise<unknown>, name: string, message = /./) =>
    assert.rejects(call, (error: Error) => {
      assert.equal(error.name, name);
      assert.match(error.message, message);
      return true;
    });
  const post = async (headers: Record<string, string>, body: string) => {
    const response = await fetch(endpoint.url, { method: "POST", headers, body });
    return { status: response.status, text: await response.text() };
  };

  describe("ELBv2", () => {
    it("lists a listener's rules by priority with conditions, weights and stickiness, the default rule last", async () => {
      const { Rules = [] } = await balancing.send(
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
      const byArn = await balancing.send(new elb.DescribeRulesCommand({ RuleArns }));
      assert.deepEqual(byArn.Rules, [Rules[2]]);
    });

    it("answers page after page, and refuses a marker that it didn't give", async () => {
      for (let i = 0; i < 7; i += 1) putRule(world, `r${i}`, 10 + i, weighted(1, 1));
      const found: (string | undefined)[] = [];
      const sizes: number[] = [];
      const input = { ListenerArn: ARNS.listener, PageSize: 4 };
      for await (const { Rules = [] } of elb.paginateDescribeRules(
        { client: balancing, pageSize: 4 },
        input,
      )) {
        sizes.push(Rules.length);
        found.push(...Rules.map((rule) => rule.Priority));
      }
      assert.deepEqual(sizes, [4, 4, 2]);
      assert.deepEqual(found, ["5", "10", "11", "12", "13", "14", "15", "16", "100", "default"]);
      const forged = new elb.DescribeRulesCommand({ ...input, Marker: "bm8=" });
      await rejects(balancing.send(forged), "ValidationError", /marker/);
      await rejects(
        balancing.send(new elb.DescribeRulesCommand({ ...input, PageSize: 401 })),
        "ValidationError",
      );
    });

    it("describes load balancers, listeners and target groups, and who uses which", async () => {
      const { LoadBalancers } = await balancing.send(
        new elb.DescribeLoadBalancersCommand({ Names: ["edge"] }),
      );
      assert.equal(LoadBalancers?.[0]?.DNSName, "edge-1.us-east-1.elb.amazonaws.com");
      const LoadBalancerArn = LoadBalancers[0].LoadBalancerArn;
      const { Listeners } = await balancing.send(new elb.DescribeListenersCommand({ LoadBalancerArn }));
      assert.deepEqual(
        Listeners?.map(({ Port, Protocol, DefaultActions }) => [Port, Protocol, DefaultActions?.[0]?.Type]),
        [[80, "HTTP", "fixed-response"]],
      );
      const groups = new elb.DescribeTargetGroupsCommand({ LoadBalancerArn });
      const { TargetGroups } = await balancing.send(groups);
      assert.deepEqual(
        TargetGroups?.map((group) => [group.TargetGroupName, group.LoadBalancerArns, group.HealthCheckPath]),
        ["blue", "green"].map((name) => [name, [ARNS.loadBalancer], "/healthz"]),
      );
    });

    it("gives tags as they are, whatever characters they have", async () => {
      const command = new elb.DescribeTagsCommand({ ResourceArns: [ARNS.loadBalancer, ruleArn("preview")] });
      const { TagDescriptions } = await balancing.send(command);
      assert.deepEqual(TagDescriptions?.[0]?.Tags, [
        { Key: "app", Value: "voiceassist" },
        { Key: "with space & more", Value: "<a'b\">" },
      ]);
      assert.deepEqual(TagDescriptions?.[1]?.Tags, [{ Key: "rule", Value: "preview" }]);
    });

    it("reports the health of targets, and those of unused groups as unused", async () => {
      const pod = await edge.startPod(world, "blue");
      await edge.startEdge(world);
      await edge.allHealthy(world, "blue");
      const health = async (Targets?: elb.TargetDescription[]) => {
        const command = new elb.DescribeTargetHealthCommand({ TargetGroupArn: ARNS.blue, Targets });
        const { TargetHealthDescriptions = [] } = await balancing.send(command);
        return TargetHealthDescriptions.map(({ TargetHealth: h }) => [h?.State, h?.Reason]);
      };
      assert.deepEqual(await health(), [["healthy", undefined]]);
      assert.deepEqual(await health([{ Id: "10.0.0.9", Port: 1 }]), [["unused", "Target.NotRegistered"]]);
      world.deregister(ARNS.blue, pod);
      assert.deepEqual(await health(), [["draining", "Target.DeregistrationInProgress"]]);
      for (const rule of world.all(LISTENER_RULE)) world.remove(LISTENER_RULE, rule.id);
      assert.deepEqual(await health(), [["unused", "Target.NotInUse"]]);
    });

    it("moves traffic by ModifyRule alone, and leaves Pulumi's properties in the world", async () => {
      await Promise.all([edge.startPod(world, "blue"), edge.startPod(world, "green")]);
      const { url } = await edge.startEdge(world);
      const stickiness = { Enabled: false, DurationSeconds: 60 };
      for (const [blue, green, colour] of [
        [100, 0, "blue"],
        [0, 100, "green"],
      ] as const) {
        await modify(forward({ TargetGroups: both(blue, green), TargetGroupStickinessConfig: stickiness }));
        for (let i = 0; i < 5; i += 1) assert.equal((await fetch(url)).headers.get("x-colour"), colour);
        assert.deepEqual(world.get(LISTENER_RULE, ruleArn("weights"))?.properties.actions, [
          weighted(blue, green),
        ]);
      }
    });

    it("changes conditions without touching the actions", async () => {
      const Conditions = [{ Field: "path-pattern", PathPatternConfig: { Values: ["/v2/*"] } }];
      const { Rules } = await modify({ RuleArn: ruleArn("weights"), Conditions });
      assert.deepEqual(Rules?.[0]?.Conditions?.[0]?.Values, ["/v2/*"]);
      const { conditions, actions } = world.get(LISTENER_RULE, ruleArn("weights"))?.properties ?? {};
      assert.deepEqual(conditions, [{ pathPattern: { values: ["/v2/*"] } }]);
      assert.deepEqual(actions, [weighted(90, 10, 60)]);
    });

    it("refuses what AWS refuses in ModifyRule, and changes nothing then", async () => {
      const before = structuredClone(world.get(LISTENER_RULE, ruleArn("weights")));
      const six = Array.from({ length: 6 }, (_, i) => ({ TargetGroupArn: `${ARNS.blue}${i}`, Weight: 1 }));
      const sticky = (DurationSeconds?: number) =>
        forward({
          TargetGroups: both(1, 1),
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds },
        });
      const { Rules } = await balancing.send(new elb.DescribeRulesCommand({ ListenerArn: ARNS.listener }));
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
      for (const [input, name, message] of refused) await rejects(modify(input), name, message);
      assert.deepEqual(world.get(LISTENER_RULE, ruleArn("weights")), before);
    });

    it("names AWS's error for what doesn't exist", async () => {
      const missing = [ARNS.blue.replace("blue", "red")];
      const groups = new elb.DescribeTargetGroupsCommand({ TargetGroupArns: missing });
      await rejects(balancing.send(groups), "TargetGroupNotFoundException");
      const balancers = new elb.DescribeLoadBalancersCommand({ Names: ["nope"] });
      await rejects(balancing.send(balancers), "LoadBalancerNotFoundException");
    });
  });

  describe("SSM", () => {
    const put = (input: Partial<ssm.PutParameterCommandInput>) =>
      parameters.send(
        new ssm.PutParameterCommand({ Name: "/sluice/a/fence", Value: "v", Type: "String", ...input }),
      );

    it("counts versions, and overwrites only when told to", async () => {
      assert.equal((await put({ Value: "1" })).Version, 1);
      await rejects(put({}), "ParameterAlreadyExists");
      assert.equal((await put({ Value: "2", Overwrite: true, Type: undefined })).Version, 2);
      const get = (Name: string) => parameters.send(new ssm.GetParameterCommand({ Name }));
      const { Parameter } = await get("/sluice/a/fence");
      assert.deepEqual([Parameter?.Value, Parameter?.Version, Parameter?.Type], ["2", 2, "String"]);
      assert.equal(Parameter?.ARN, "arn:aws:ssm:us-east-1:123456789012:parameter/sluice/a/fence");
      assert.equal((await get("/sluice/a/fence:2")).Parameter?.Value, "2");
      assert.equal((await get(Parameter.ARN)).Parameter?.Value, "2");
      await rejects(get("/sluice/a/fence:1"), "ParameterVersionNotFound");
    });

    it("gives up to ten parameters of a path at a time, one level or all", async () => {
      for (let i = 0; i < 12; i += 1) await put({ Name: `/flags/${String(i).padStart(2, "0")}` });
      await put({ Name: "/flags/deep/er" });
      const list = async (Recursive: boolean) => {
        const pages: number[] = [];
        const paginator = ssm.paginateGetParametersByPath(
          { client: parameters },
          { Path: "/flags", Recursive },
        );
        for await (const { Parameters = [] } of paginator) pages.push(Parameters.length);
        return pages;
      };
      assert.deepEqual(await list(false), [10, 2]);
      assert.deepEqual(await list(true), [10, 3]);
    });

    it("tells which of several names don't exist, and deletes", async () => {
      await put({});
      const Names = ["/sluice/a/fence", "/nope"];
      const { Parameters, InvalidParameters } = await parameters.send(
        new ssm.GetParametersCommand({ Names }),
      );
      assert.equal(Parameters?.length, 1);
      assert.deepEqual(InvalidParameters, ["/nope"]);
      const remove = () => parameters.send(new ssm.DeleteParameterCommand({ Name: "/sluice/a/fence" }));
      await remove();
      await rejects(remove(), "ParameterNotFound");
    });

    it("shows a SecureString only to those who ask for its decryption", async () => {
      await put({ Type: "SecureString", Value: "secret" });
      const get = async (WithDecryption: boolean) => {
        const command = new ssm.GetParameterCommand({ Name: "/sluice/a/fence", WithDecryption });
        return (await parameters.send(command)).Parameter?.Value;
      };
      assert.equal(await get(true), "secret");
      assert.notEqual(await get(false), "secret");
    });

    it("refuses names, values and types that AWS refuses", async () => {
      const refused = [{ Name: "a/b" }, { Name: "/aws/x" }, { Name: "/a b" }, { Value: "x".repeat(4097) }];
      for (const input of refused) await rejects(put(input), "ValidationException");
      await rejects(put({ Type: undefined }), "ValidationException", /type is required/);
    });
  });

  describe("what all services share", () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };

    it("says who the caller is", async () => {
      const body = "Action=GetCallerIdentity&Version=2011-06-15";
      const { text } = await post({ ...form, authorization: signedFor("sts") }, body);
      assert.match(text, /<GetCallerIdentityResult>.*<Account>123456789012<\/Account>/);
    });

    it("refuses actions and services that it doesn't have, as AWS does", async () => {
      const unknown = await post(
        { ...form, authorization: signedFor("elasticloadbalancing") },
        "Action=CreateRule&Version=2015-12-01",
      );
      assert.equal(unknown.status, 400);
      assert.match(unknown.text, /<Code>InvalidAction<\/Code><Message>Could not find operation CreateRule/);
      const service = await post(
        { ...form, authorization: signedFor("iam") },
        "Action=ListUsers&Version=2010-05-08",
      );
      assert.match(service.text, /<Code>InvalidAction<\/Code>/);
      const labels = new ssm.LabelParameterVersionCommand({ Name: "/a", Labels: ["x"] });
      await rejects(parameters.send(labels), "UnknownOperationException");
      const toString = await post(
        { authorization: signedFor("ssm"), "x-amz-target": "AmazonSSM.toString" },
        "{}",
      );
      assert.match(toString.text, /UnknownOperationException/);
    });

    it("refuses requests that are not signed, or not for the service that they call", async () => {
      const body = "Action=GetCallerIdentity&Version=2011-06-15";
      const unsigned = await post(form, body);
      assert.deepEqual(
        [unsigned.status, /<Code>(\w+)</.exec(unsigned.text)?.[1]],
        [403, "MissingAuthenticationToken"],
      );
      const json = await post({ "x-amz-target": "AmazonSSM.GetParameter" }, "{}");
      assert.equal(
        (JSON.parse(json.text) as { __type: string }).__type,
        "MissingAuthenticationTokenException",
      );
      const bad = await post({ ...form, authorization: "AWS4-HMAC-SHA256 Credential=test/x" }, body);
      assert.match(bad.text, /<Code>IncompleteSignature<\/Code>/);
      assert.match(
        (await post({ ...form, authorization: signedFor("ssm") }, body)).text,
        /<Code>InvalidAction<\/Code>/,
      );
    });
  });

  describe("control API", () => {
    const local = async (method: string, path: string, body?: unknown) => {
      const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
      const response = await fetch(`${endpoint.url}/_local/${path}`, init);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };

    it("injects faults into API calls by action and resource, and clears them", async () => {
      const error = { code: "Throttling", message: "Rate exceeded" };
      const fault = { action: "api", type: "elasticloadbalancing:ModifyRule", name: "weights$", error };
      assert.equal((await local("POST", "faults", fault)).status, 200);
      const change = forward({ TargetGroups: both(1, 1) });
      await rejects(modify(change), "Throttling", /Rate exceeded/);
      await modify({ ...change, RuleArn: ruleArn("preview") });
      await local("DELETE", "faults");
      await modify(change);
    });

    it("refuses a fault that is not one, with what it takes", async () => {
      const { status, body } = await local("POST", "faults", { action: "explode" });
      assert.equal(status, 400);
      assert.match(String(body.error), /create\|update\|delete\|api/);
    });

    it("shows what the world holds", async () => {
      const { body } = await local("GET", `world?type=${TARGET_GROUP}`);
      assert.deepEqual(
        (body as unknown as { id: string }[]).map(({ id }) => id),
        [ARNS.blue, ARNS.green],
      );
    });

    it("has the load balancer's listeners and counts when they are passed to it, and lists its routes", async () => {
      const missing = await local("GET", "listeners");
      assert.equal(missing.status, 404);
      assert.match(String(missing.body.error), /GET \/_local\/world/);
      const { balancer, url } = await edge.startEdge(world);
      const more = await serveEndpoint(world, new Faults(), balancerRoutes(balancer));
      try {
        const listeners: unknown = await (await fetch(`${more.url}/_local/listeners`)).json();
        assert.deepEqual(listeners, [
          { arn: ARNS.listener, loadBalancerArn: ARNS.loadBalancer, port: 80, url },
        ]);
      } finally {
        await more.close();
      }
    });
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { UNKNOWN, type Values } from "../../rehearsal/cloud/providers/behaviour";
import {
  Cloud,
  LISTENER,
  LOAD_BALANCER,
  rule,
  RULE,
  targetGroup,
  text,
  TARGET_GROUP,
  VPC,
  weighted,
} from "./providers-fixture";

describe("check of AWS resources", () => {
  const cloud = new Cloud();

  it("accepts a weighted rule and a target group", () => {
    assert.deepEqual(cloud.faultsOf(RULE, rule(weighted(90, 10))), []);
    assert.deepEqual(cloud.faultsOf(TARGET_GROUP, targetGroup()), []);
  });

  it("refuses a misspelt property at its path and names the one that was meant", () => {
    const action = { ...weighted(90, 10), forwards: {} };
    assert.deepEqual(cloud.faultsOf(RULE, rule(action)), [
      'actions[0].forwards: unexpected property "forwards"; did you mean "forward"?',
    ]);
  });

  it("refuses a missing required property and says what is expected", () => {
    const { listenerArn: _, ...without } = rule(weighted(90, 10));
    assert.deepEqual(cloud.faultsOf(RULE, without), [
      'listenerArn: missing required property "listenerArn": expected a string',
    ]);
  });

  it("refuses a wrong type with the value found", () => {
    assert.deepEqual(cloud.faultsOf(TARGET_GROUP, targetGroup({ port: "8080" })), [
      'port: found "8080"; expected a number; allowed: 1 to 65535',
    ]);
  });

  it("refuses a weight outside 0 to 999 and accepts every one inside", () => {
    for (const weight of [-1, 1000]) {
      assert.deepEqual(cloud.faultsOf(RULE, rule(weighted(weight, 10))), [
        `actions[0].forward.targetGroups[0].weight: found ${weight}; allowed: 0 to 999`,
      ]);
    }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }), (blue, green) => {
        assert.deepEqual(cloud.faultsOf(RULE, rule(weighted(blue, green))), []);
      }),
    );
  });

  it("refuses stickiness without duration, even when it is off", () => {
    const action = {
      type: "forward",
      forward: { targetGroups: [{ arn: "a" }], stickiness: { enabled: false } },
    };
    assert.deepEqual(cloud.faultsOf(RULE, rule(action)), [
      'actions[0].forward.stickiness.duration: missing required property "duration": expected a number; allowed: 1 to 604800',
    ]);
  });

  it("refuses a forward to no target group or to more than 5", () => {
    const forward = (count: number): Values => ({
      type: "forward",
      forward: { targetGroups: Array.from({ length: count }, (_, i) => ({ arn: `arn:${i}` })) },
    });
    assert.deepEqual(cloud.faultsOf(RULE, rule(forward(5))), []);
    for (const count of [0, 6]) {
      assert.deepEqual(cloud.faultsOf(RULE, rule(forward(count))), [
        `actions[0].forward.targetGroups: found ${count} items; allowed: 1 to 5`,
      ]);
    }
  });

  it("refuses targetGroupArn beside forward", () => {
    const [fault, ...more] = cloud.faultsOf(RULE, rule({ ...weighted(90, 10), targetGroupArn: "arn:blue" }));
    assert.match(fault!, /^actions\[0\]: found targetGroupArn beside forward; allowed: one of them/);
    assert.deepEqual(more, []);
  });

  it("refuses a header condition that AWS refuses", () => {
    const withHeader = (httpHeaderName: string, value: string) =>
      cloud.faultsOf(
        RULE,
        rule(weighted(1, 0), { conditions: [{ httpHeader: { httpHeaderName, values: [value] } }] }),
      );
    assert.deepEqual(withHeader("x-preview", "secret"), []);
    assert.equal(withHeader("x".repeat(41), "secret").length, 1);
    assert.equal(withHeader("x preview", "secret").length, 1);
    assert.equal(withHeader("x-preview", "v".repeat(129)).length, 1);
  });

  it("refuses names of target groups that AWS refuses", () => {
    const named = (name: string) => cloud.faultsOf(TARGET_GROUP, targetGroup({ name })).length;
    assert.equal(named("a".repeat(32)), 0);
    assert.ok(named("a".repeat(33)) > 0);
    assert.ok(named("api_blue") > 0);
    assert.ok(named("-api") > 0);
    assert.ok(named("api-") > 0);
  });

  it("refuses a deregistration delay outside 0 to 3600", () => {
    const delayed = (deregistrationDelay: number) =>
      cloud.faultsOf(TARGET_GROUP, targetGroup({ deregistrationDelay }));
    assert.deepEqual(delayed(0), []);
    assert.deepEqual(delayed(3600), []);
    assert.deepEqual(delayed(3601), ["deregistrationDelay: found 3601; allowed: 0 to 3600"]);
  });

  it("reports all faults of a resource at once", () => {
    const paths = cloud
      .check(TARGET_GROUP, { name: "api_blue", port: 0, targetTyp: "ip", deregistrationDelay: -1 })
      .failures.map(({ property }) => property);
    assert.deepEqual(paths.sort(), ["deregistrationDelay", "name", "port", "protocol", "targetTyp", "vpcId"]);
  });

  it("refuses an HTTPS listener without certificate, and an HTTP listener with one", () => {
    const listener = (more: Values) =>
      cloud.faultsOf(LISTENER, {
        loadBalancerArn: "arn",
        port: 443,
        defaultActions: [weighted(1, 0)],
        ...more,
      });
    assert.match(listener({ protocol: "HTTPS" }).join(), /^certificateArn: missing/);
    assert.deepEqual(listener({ protocol: "HTTPS", certificateArn: "arn:cert" }), []);
    assert.match(
      listener({ protocol: "HTTP", certificateArn: "arn:cert" }).join(),
      /^certificateArn: found one/,
    );
  });

  it("refuses a load balancer with one subnet", () => {
    assert.match(
      cloud.faultsOf(LOAD_BALANCER, { subnets: ["subnet-0a"] }).join(),
      /at least 2 availability zones/,
    );
  });

  it("refuses combinations that ElastiCache and RDS refuse", () => {
    const cache = (more: Values) =>
      cloud.check("aws:elasticache/replicationGroup:ReplicationGroup", { description: "x", ...more });
    const database = (more: Values) =>
      cloud.check("aws:rds/instance:Instance", {
        instanceClass: "db.t4g.micro",
        skipFinalSnapshot: true,
        ...more,
      });
    const paths = ({ failures }: ReturnType<typeof cache>) => failures.map(({ property }) => property);
    assert.deepEqual(
      paths(cache({ multiAzEnabled: true, automaticFailoverEnabled: true, numCacheClusters: 2 })),
      [],
    );
    assert.deepEqual(paths(cache({ multiAzEnabled: true })), ["multiAzEnabled"]);
    assert.deepEqual(paths(cache({ automaticFailoverEnabled: true, numCacheClusters: 1 })), [
      "numCacheClusters",
    ]);
    assert.deepEqual(paths(cache({ numCacheClusters: 2, numNodeGroups: 2 })), ["numNodeGroups"]);
    assert.deepEqual(paths(cache({ authToken: "0123456789abcdef" })), ["authToken"]);
    assert.deepEqual(paths(database({})), []);
    assert.deepEqual(paths(database({ manageMasterUserPassword: true, password: "x" })), ["password"]);
    assert.deepEqual(paths(database({ skipFinalSnapshot: false })), ["finalSnapshotIdentifier"]);
  });

  it("accepts unknown values anywhere and keeps them", () => {
    const unknown = targetGroup({
      vpcId: UNKNOWN,
      port: UNKNOWN,
      tags: UNKNOWN,
      healthCheck: { path: UNKNOWN },
    });
    const { inputs, failures } = cloud.check(TARGET_GROUP, unknown);
    assert.deepEqual(failures, []);
    assert.equal(inputs.vpcId, UNKNOWN);
    assert.equal((inputs.healthCheck as Values).path, UNKNOWN);
    assert.deepEqual(
      cloud.faultsOf(RULE, { listenerArn: UNKNOWN, actions: UNKNOWN, conditions: UNKNOWN }),
      [],
    );
  });

  it("fills in the provider's defaults at every depth", () => {
    const { inputs } = cloud.check(TARGET_GROUP, targetGroup({ healthCheck: { path: "/health" } }));
    assert.equal(inputs.deregistrationDelay, 300);
    assert.equal((inputs.healthCheck as Values).interval, 30);
    assert.equal((inputs.healthCheck as Values).path, "/health");
  });

  it("names what has no name by its logical name, alike in preview and update, and keeps the name", () => {
    const { name: _, ...nameless } = targetGroup();
    const first = cloud.check(TARGET_GROUP, nameless).inputs;
    assert.match(text(first, "name"), /^api-[0-9a-f]{7}$/);
    assert.equal(cloud.check(TARGET_GROUP, nameless).inputs.name, first.name);
    const randomSeed = new Uint8Array([9]);
    assert.equal(cloud.check(TARGET_GROUP, nameless, { olds: first, randomSeed }).inputs.name, first.name);
    assert.notEqual(cloud.check(TARGET_GROUP, nameless, { randomSeed }).inputs.name, first.name);
  });

  it("refuses a logical name that is too long to be generated from", () => {
    const { name: _, ...nameless } = targetGroup();
    const { failures } = cloud.check(TARGET_GROUP, nameless, { name: "a-service-with-a-long-name" });
    assert.match(failures.map((f) => f.reason).join(), /longer than the 32 that are allowed/);
  });

  it("turns policies written as objects into text", () => {
    const { inputs, failures } = cloud.check("aws:iam/role:Role", {
      assumeRolePolicy: { Version: "2012-10-17" },
    });
    assert.deepEqual([inputs.assumeRolePolicy, failures], ['{"Version":"2012-10-17"}', []]);
    assert.match(cloud.faultsOf("aws:iam/role:Role", { assumeRolePolicy: "{" }).join(), /invalid JSON/);
  });

  it("refuses tags that AWS reserves", () => {
    assert.match(
      cloud.faultsOf(VPC, { cidrBlock: "10.0.0.0/16", tags: { "aws:x": "1" } }).join(),
      /reserved/,
    );
  });

  it("says what to do about a type that it does not know", () => {
    assert.throws(
      () => cloud.check("aws:mq/broker:Broker", {}),
      /does not know the type aws:mq\/broker:Broker; add it to/,
    );
  });

  it("refuses a misspelt or impossible configuration of the provider", () => {
    const configured = (news: Values) =>
      cloud.aws
        .checkConfig({
          urn: "",
          type: "pulumi:providers:aws",
          name: "p",
          provider: {},
          olds: undefined,
          news,
          randomSeed: new Uint8Array(),
        })
        .failures.map((f) => f.property);
    assert.deepEqual(
      configured({ region: "us-east-1", version: "7.48.0", defaultTags: '{"tags":{"team":"x"}}' }),
      [],
    );
    assert.deepEqual(configured({ region: "us-east" }), ["region"]);
    assert.deepEqual(configured({ regoin: "us-east-1" }), ["regoin"]);
    assert.deepEqual(configured({ defaultTags: '{"tag":{}}' }), ["defaultTags.tag"]);
  });
});

import assert from "node:assert/strict";
import { LoadBalancing } from "../../cloud/loadBalancing";
import { LISTENER_RULE } from "../../rehearsal/cloud/balancer/resources";
import { ARNS, putRule, ruleArn, weighted } from "../rehearsal/balancer-fixture";
import { both, forward, rejects } from "../rehearsal/endpoint-fixture";
import { type PointedAt, REGION, pointAtEndpoint } from "./readers-fixture";

describe("LoadBalancing", () => {
  let aws: PointedAt;
  let loadBalancing: LoadBalancing;
  beforeEach(async () => {
    aws = await pointAtEndpoint();
    loadBalancing = new LoadBalancing(REGION);
  });
  afterEach(() => aws.end());

  describe("weights", () => {
    it("are a rule's own, by target group", async () => {
      const weights = await loadBalancing.weights(ruleArn("weights"));
      assert.deepEqual(weights, { [ARNS.blue]: 90, [ARNS.green]: 10 });
      const other = await loadBalancing.weights(ruleArn("preview"));
      assert.deepEqual(other, { [ARNS.blue]: 0, [ARNS.green]: 1 });
    });

    it("are what the load balancer has now, also after somebody changed them by hand", async () => {
      await aws.modify(forward({ TargetGroups: both(40, 60) }));
      const weights = await loadBalancing.weights(ruleArn("weights"));
      assert.deepEqual(weights, { [ARNS.blue]: 40, [ARNS.green]: 60 });
    });

    it("are none of a rule that forwards nothing", async () => {
      const fixedResponse = { contentType: "text/plain", statusCode: "503" };
      putRule(aws.world, "weights", 100, { type: "fixed-response", order: 1, fixedResponse });
      assert.deepEqual(await loadBalancing.weights(ruleArn("weights")), {});
    });

    it("of a rule that is gone are an error, and not no weights", async () => {
      aws.world.remove(LISTENER_RULE, ruleArn("weights"));
      await rejects(loadBalancing.weights(ruleArn("weights")), "RuleNotFoundException");
      await assert.rejects(loadBalancing.weights(""), "an ARN that is not known asks for no rule at all");
    });
  });

  describe("health", () => {
    const register = (count: number) => {
      for (let index = 0; index < count; index += 1) {
        aws.world.register(ARNS.green, { id: `10.0.0.${index}`, port: 8080 });
      }
      return aws.world.targets(ARNS.green);
    };

    it("counts those that answer, and not those that start, fail or drain", async () => {
      const targets = register(5);
      targets[0]!.state = "healthy";
      targets[1]!.state = "healthy";
      targets[2]!.state = "unhealthy";
      targets[3]!.state = "draining";
      assert.deepEqual(await loadBalancing.health(ARNS.green), { healthy: 2, registered: 4 });
    });

    it("is nobody's where nothing is registered, and another group's does not count", async () => {
      register(1)[0]!.state = "healthy";
      assert.deepEqual(await loadBalancing.health(ARNS.green), { healthy: 1, registered: 1 });
      assert.deepEqual(await loadBalancing.health(ARNS.blue), { healthy: 0, registered: 0 });
    });

    it("counts nobody in a group that no rule names: nothing checks its targets", async () => {
      register(1)[0]!.state = "healthy";
      aws.world.remove(LISTENER_RULE, ruleArn("weights"));
      aws.world.remove(LISTENER_RULE, ruleArn("preview"));
      assert.equal((await loadBalancing.health(ARNS.green)).healthy, 0);
      putRule(aws.world, "anew", 7, weighted(100, 0));
      assert.equal((await loadBalancing.health(ARNS.green)).healthy, 1);
    });

    it("of a target group that is gone is an error, and not no targets", async () => {
      await rejects(loadBalancing.health(`${ARNS.green}0`), "TargetGroupNotFoundException");
    });
  });

  it("asks a cloud again that failed once, and tells of one that fails twice", async () => {
    await aws.fail("elasticloadbalancing:DescribeRules", "Throttling", 1);
    assert.equal((await loadBalancing.weights(ruleArn("weights")))[ARNS.green], 10);
    await aws.fail("elasticloadbalancing:DescribeRules", "Throttling", 2);
    await rejects(loadBalancing.weights(ruleArn("weights")), "Throttling", /injected/);
    assert.equal((await loadBalancing.weights(ruleArn("weights")))[ARNS.green], 10, "not asked a third time");
  });

  it("tells of a caller who may not look", async () => {
    await aws.fail("elasticloadbalancing:DescribeTargetHealth", "AccessDenied");
    await rejects(loadBalancing.health(ARNS.green), "AccessDenied");
  });
});

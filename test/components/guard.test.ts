import assert from "node:assert/strict";
import { LISTENER_RULE, TARGET_GROUP } from "../../rehearsal/cloud/balancer/resources";
import { ARNS } from "../rehearsal/balancer-fixture";
import { both, forward } from "../rehearsal/endpoint-fixture";
import { type Guarding, RULE, clockOf, guarding, inputs, previewing } from "./guardFixture";

describe("guard", () => {
  let { aws, unhealthy, fence, asked, heard, end } = {} as Guarding;
  beforeEach(async () => {
    ({ aws, unhealthy, fence, asked, heard, end } = await guarding());
  });
  afterEach(() => end());

  it("permits a rise with the targets that it needs, and refuses it with one less", async () => {
    unhealthy(1);
    await asked(10, 50);
    unhealthy(2);
    await assert.rejects(
      asked(10, 50),
      /^Error: guard refuses api-gateway green 2\.4\.0: 10 % → 50 %: 1 healthy targets/,
    );
  });

  it("refuses a rise where somebody raised or lowered the rule by hand", async () => {
    await aws.modify(forward({ TargetGroups: both(89, 11) }));
    await assert.rejects(asked(10, 50), /11 % at the load balancer and 10 % in state/);
    await aws.modify(forward({ TargetGroups: both(95, 5) }));
    await assert.rejects(asked(10, 50), /5 % at the load balancer and 10 % in state: somebody lowered it/);
  });

  it("refuses a first share where somebody has sent all users elsewhere", async () => {
    await aws.modify(forward({ TargetGroups: both(0, 0) }));
    await assert.rejects(
      asked(0, 10),
      /blue has 0 % at the load balancer and 100 % in state: somebody lowered it/,
    );
  });

  it("refuses a rise where somebody added a target group, until a refresh has told the state", async () => {
    const other = ARNS.green.replace("targetgroup/green/", "targetgroup/maintenance/");
    aws.world.put({
      type: TARGET_GROUP,
      id: other,
      properties: { arn: other, name: "maintenance", port: 8080 },
    });
    await aws.modify(forward({ TargetGroups: [...both(90, 10), { TargetGroupArn: other, Weight: 5 }] }));
    await assert.rejects(
      asked(10, 50),
      /api-gateway is forwarded to maintenance as well: somebody added that/,
    );
    const oldInputs = inputs(10);
    oldInputs.actions[0]!.forward.targetGroups.push({ arn: other, weight: 5 });
    await asked(10, 50, { oldInputs });
  });

  it("refuses a rise of a rule that somebody deleted, in a preview too, and lets it come back as it was", async () => {
    aws.world.remove(LISTENER_RULE, RULE);
    const deleted = /the load balancer has no rule for api-gateway: somebody deleted it.*pulumi refresh$/;
    await assert.rejects(asked(10, 50), deleted);
    await previewing(true);
    await assert.rejects(asked(10, 50), deleted);
    await previewing(false);
    unhealthy(3);
    await asked(undefined, 10);
    await assert.rejects(asked(undefined, 11), /green 2\.4\.0: 10 % → 11 %: 0 healthy targets/);
  });

  it("takes other weights of the same shares for what they are", async () => {
    await aws.modify(forward({ TargetGroups: both(9, 1) }));
    await asked(10, 50);
  });

  it("permits the rise after a refresh has brought what somebody set by hand into the state", async () => {
    await aws.modify(forward({ TargetGroups: both(2, 1) }));
    const oldInputs = inputs(0);
    oldInputs.actions[0]!.forward.targetGroups.forEach((group, index) => (group.weight = 2 - index));
    await asked(0, 50, { oldInputs });
  });

  it("refuses the fenced version, and lets another rise", async () => {
    await fence(JSON.stringify({ version: "2.4.0", reason: "wrong totals", by: "on-call", at: "now" }));
    await assert.rejects(asked(10, 50), /version 2\.4\.0 is fenced since now by on-call: wrong totals/);
    await asked(10, 50, { guarded: { versions: { blue: "2.3.1", green: "2.4.1" } } });
  });

  it("takes a fence of what both colours run, with other settings, for one of the candidate alone", async () => {
    const versions = { blue: "2.3.1", green: "2.3.1" };
    await fence(JSON.stringify({ version: "2.3.1", reason: "wrong totals", by: "on-call", at: "now" }));
    await asked(50, 0, { guarded: { versions } });
    await assert.rejects(asked(10, 50, { guarded: { versions } }), /version 2\.3\.1 is fenced/);
  });

  it("refuses a fenced version also where it was trusted, and goes back where the fence cannot be seen", async () => {
    await fence(JSON.stringify({ version: "2.3.1", reason: "wrong totals", by: "on-call", at: "now" }));
    await assert.rejects(asked(50, 10), /guard refuses api-gateway blue 2\.3\.1: 50 % → 90 %.*fenced/);
    await aws.fail("ssm:GetParameter", "InternalServerError");
    await asked(50, 10);
  });

  it("permits a fall and a standstill without a look at the world", async () => {
    unhealthy(3);
    for (const action of ["DescribeRules", "DescribeTargetHealth"]) {
      await aws.fail(`elasticloadbalancing:${action}`, "InternalFailure");
    }
    await asked(10, 9);
    await asked(10, 10);
    await asked(10, 0);
  });

  it("does not ask about colours that are trusted: a way back is never barred", async () => {
    unhealthy(3);
    await asked(10, 50, { guarded: { trusted: ["blue", "green"] } });
    await assert.rejects(asked(10, 50), /healthy targets/);
  });

  it("lets rules pass that are none of the release's", async () => {
    unhealthy(3);
    await asked(10, 50, { name: "api-gateway-green-header" });
  });

  describe("refuses at an update a rise that it cannot judge", () => {
    const cannot = /a rise that cannot be judged is refused/;

    it("because the engine does not tell which rule it is", async () => {
      await assert.rejects(asked(10, 50, { id: "" }), cannot);
    });

    it("because the target group is gone", async () => {
      aws.world.remove(TARGET_GROUP, ARNS.green);
      await assert.rejects(asked(10, 50), cannot);
    });

    it("because nobody lets it look at the fence", async () => {
      await aws.fail("ssm:GetParameter", "AccessDeniedException");
      await assert.rejects(asked(10, 50), /AccessDeniedException: injected\); a rise that cannot be judged/);
    });

    it("because the fence cannot be read", async () => {
      await fence("2.4.0 is bad");
      await assert.rejects(asked(10, 50), /the fence is no JSON: found 2\.4\.0 is bad\); a rise that/);
    });
  });

  describe("at a creation", () => {
    it("asks about the whole share of a rule that is new", async () => {
      await asked(undefined, 50, { guarded: { recorded: undefined } });
      unhealthy(2);
      await assert.rejects(
        asked(undefined, 50, { guarded: { recorded: undefined } }),
        /green 2\.4\.0: 0 % → 50 %: 1 healthy/,
      );
    });

    it("counts a replacement from what the state has, so that a fall passes and a rise does not", async () => {
      unhealthy(3);
      await asked(undefined, 10);
      await asked(undefined, 5);
      await assert.rejects(asked(undefined, 11), /green 2\.4\.0: 10 % → 11 %: 0 healthy/);
    });
  });

  describe("in a preview", () => {
    beforeEach(() => previewing(true));

    it("refuses what the update would refuse", async () => {
      unhealthy(3);
      await assert.rejects(asked(10, 50), /0 healthy targets/);
      assert.deepEqual(heard.warnings, []);
    });

    it("warns that the update will wait where targets are still to come", async () => {
      for (let index = 0; index < 2; index += 1) {
        aws.world.deregister(ARNS.green, { id: `10.0.0.${index}`, port: 8080 });
      }
      await asked(10, 50, { clock: clockOf(() => assert.fail("a preview waited")) });
      assert.match(
        heard.warnings.join(),
        /10 % → 50 %: the update waits for 2 healthy targets, 1 so far; 180 s at most\.$/,
      );
    });

    it("warns where it may not look, and goes on", async () => {
      await aws.fail("ssm:GetParameter", "AccessDeniedException");
      await asked(10, 50);
      assert.equal(heard.warnings.length, 1);
      assert.match(
        heard.warnings[0]!,
        /api-gateway green 2\.4\.0: 10 % → 50 % could not be judged here: the fence could not be observed \(AccessDeniedException: injected\)\. The update looks again\.$/,
      );
    });

    it("warns of a new service whose target groups are still to come, and not of trusted colours", async () => {
      const unknown = { newInputs: inputs(10, { blue: {}, green: {} }), guarded: { recorded: undefined } };
      await asked(undefined, 10, unknown);
      assert.equal(heard.warnings.length, 1);
      assert.match(heard.warnings[0]!, /api-gateway green 2\.4\.0: 0 % → 10 % could not be judged here/);
    });
  });
});

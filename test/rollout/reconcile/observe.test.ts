import assert from "node:assert/strict";
import { valueOf } from "../../../model/rollout/seen";
import { UsageError } from "../../../rollout/failure";
import { observe } from "../../../rollout/reconcile/observe";
import { stackSubject } from "../../../rollout/subject";
import { type StackInPlace, stackInPlace } from "./stack-fixture";

describe("what is seen before a decision", function () {
  this.timeout(30_000);
  let stack: StackInPlace;
  beforeEach(async () => {
    stack = await stackInPlace(10);
  });
  afterEach(() => stack.close());

  const seen = (wish?: number) => observe(stackSubject(stack.folder, "dev"), { wish });
  const unseen = (one: object): string => ("unseen" in one ? String(one.unseen) : "");

  it("is configuration, state, rules, targets, fence, lock, metrics and both clocks", async () => {
    await stack.fence("2.3.0");
    const { situation, by, settings, engine } = await seen();
    assert.deepEqual(situation.asked.release, settings.release);
    assert.deepEqual([situation.asked.plan, situation.asked.limits], [settings.plan, settings.limits]);
    assert.equal(valueOf(situation.recorded)?.release.green.version, "2.4.0");
    assert.deepEqual(
      valueOf(situation.rules)?.map(({ service, shares }) => [service, shares]),
      [["api", { blue: 90, green: 10 }]],
    );
    const both = { healthy: 1, registered: 1 };
    assert.deepEqual(situation.targets, { api: { blue: both, green: both } });
    assert.equal(valueOf(situation.fence)?.version, "2.3.0");
    assert.deepEqual(situation.lock, { value: undefined });
    assert.ok(Math.abs(valueOf(situation.skewSeconds) ?? NaN) < 5);
    const analysed = valueOf(situation.analysis);
    assert.deepEqual([analysed?.colour, analysed?.version], ["green", "2.4.0"]);
    assert.equal(by, "arn:aws:iam::123456789012:user/rehearsal");
    assert.deepEqual(engine.stack, "dev");
    assert.ok(!("wish" in situation));
  });

  it("is what nobody has asked yet, of the candidate and of gates", async () => {
    const { situation } = await seen();
    assert.deepEqual([unseen(situation.validation), situation.gates], ["not asked yet", {}]);
    assert.deepEqual(stack.edge.seen, { blue: [], green: [] });
  });

  it("is whose update holds the stack, and what somebody asks for", async () => {
    await stack.lock(true);
    const { situation } = await seen(25);
    assert.ok(valueOf(situation.lock));
    assert.equal(situation.wish, 25);
  });

  it("is each part by itself: what cannot be seen is told, and hides nothing else", async () => {
    const { fail } = stack.edge.aws;
    await fail("sts:GetCallerIdentity", "AccessDenied");
    const one = await seen();
    assert.match(unseen(one.situation.skewSeconds), /AccessDenied/);
    assert.match(one.by, /not confirmed by STS/);
    assert.ok(valueOf(one.situation.rules));

    await fail("ssm:GetParameter", "AccessDeniedException");
    const two = await seen();
    assert.match(unseen(two.situation.fence), /AccessDenied/);
    assert.ok(valueOf(two.situation.rules));

    await fail("elasticloadbalancing:DescribeTargetHealth", "AccessDenied");
    const three = await seen();
    assert.deepEqual([three.situation.targets, !valueOf(three.situation.rules)], [{ api: {} }, false]);

    await fail("elasticloadbalancing:DescribeRules", "AccessDenied");
    const four = await seen();
    assert.match(unseen(four.situation.rules), /AccessDenied/);
    assert.match(unseen(four.situation.analysis), /neither state nor rules/);
    assert.ok(valueOf(four.situation.recorded));
  });

  it("is no state where there is no engine", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      const { situation, state } = await seen();
      assert.match(unseen(situation.recorded), /no pulumi on PATH/);
      assert.deepEqual(state, situation.recorded);
      assert.ok(valueOf(situation.rules));
    } finally {
      process.env["PATH"] = path;
    }
  });

  it("is nothing at all where settings are at fault", async () => {
    await stack.write((await stack.text()).replace("canary", "guess"));
    await assert.rejects(seen(), UsageError);
  });
});

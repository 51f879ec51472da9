import assert from "node:assert/strict";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { Identity } from "../../cloud/identity";
import { Parameters } from "../../cloud/parameters";
import { WeightedRules } from "../../cloud/weightedRules";
import { rejects } from "./contract-subjects";
import { REGION, pointAt } from "./readers-fixture";

/** The contract's part about what a rollback calls, by the clients that it calls it with. */
export function rollbackContract(url: () => string): void {
  let putBack = () => {};
  before(() => (putBack = pointAt(url())));
  after(() => putBack());
  const rules = () => new WeightedRules(REGION);
  const found = () => rules().of("app", "dev");

  it("finds a stack's weighted rules by their tags alone, those of no other stack and no other role", async () => {
    const [rule, ...others] = await found();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [rule?.service, rule?.shares, rule?.sticky, rule?.stickySeconds],
      ["api", { blue: 90, green: 10 }, true, 60],
    );
    assert.match(rule!.targetGroups.blue, /:targetgroup\/app-dev-blue\//);
    assert.match(rule!.targetGroups.green, /:targetgroup\/app-dev-green\//);
    assert.deepEqual(
      await rules()
        .of("app", "staging")
        .catch((error: unknown) => (error as Error).name),
      "LoadBalancerNotFoundException",
    );
  });

  it("moves a rule, with stickiness off, and reads back that it did", async () => {
    const [rule] = await found();
    await rules().share(rule!, { blue: 100, green: 0 });
    const [moved] = await found();
    assert.deepEqual(
      [moved?.shares, moved?.sticky, moved?.stickySeconds],
      [{ blue: 100, green: 0 }, false, 60],
    );
    await rules().share(rule!, { blue: 90, green: 10 });
    assert.deepEqual((await found())[0]?.shares, { blue: 90, green: 10 });
  });

  it("finds both target groups also where somebody took one out of the rule by hand", async () => {
    const [rule] = await found();
    const client = new elb.ElasticLoadBalancingV2Client({ region: REGION });
    const ForwardConfig = { TargetGroups: [{ TargetGroupArn: rule!.targetGroups.green, Weight: 7 }] };
    await client.send(
      new elb.ModifyRuleCommand({ RuleArn: rule!.arn, Actions: [{ Type: "forward", ForwardConfig }] }),
    );
    client.destroy();
    const [changed] = await found();
    assert.deepEqual(changed?.shares, { blue: 0, green: 100 });
    assert.deepEqual(changed.targetGroups, rule!.targetGroups);
    await rules().share(changed, { blue: 100, green: 0 });
    assert.deepEqual((await found())[0]?.shares, { blue: 100, green: 0 });
  });

  it("fails to move a rule that is gone", async () => {
    const [rule] = await found();
    await rejects(
      rules().share({ ...rule!, arn: `${rule!.arn}0` }, { blue: 100, green: 0 }),
      "RuleNotFoundException",
    );
  });

  it("writes a fence whether or not there is one", async () => {
    const parameters = new Parameters(REGION);
    await parameters.put("/sluice/app/dev/fence", "one");
    await parameters.put("/sluice/app/dev/fence", "two");
    assert.equal(await parameters.get("/sluice/app/dev/fence"), "two");
  });

  it("says who the caller is", async () => {
    assert.match(await new Identity(REGION).caller(), /^arn:aws:(iam|sts)::123456789012:/);
  });
}

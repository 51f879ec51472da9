import { ElasticLoadBalancingV2Client, ModifyRuleCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { greenAt } from "../../model/release";
import { type Scene, endpointOf } from "../scene";
import { type WeightedRule, askRules } from "../traffic/weights";
import type { Asked, Mend } from "./fault";

/**
 * Gives a colour a share at one weighted rule as a person does: past configuration and state, by ModifyRule. It is
 * mended by putting back what was there, unless somebody else has changed the rule since, or the colour lost by it: who
 * follows that need not change the rule.
 */
export async function editRule(scene: Scene, { amount, colour }: Asked): Promise<Mend> {
  const [rule] = await askRules(endpointOf(scene));
  if (!rule) throw new Error("no rule has weights yet; deploy the stack first");
  const shares = greenAt(colour === "green" ? amount : 100 - amount);
  const groups = rule.groups.map((group) => ({ ...group, weight: group.colour ? shares[group.colour] : 0 }));
  const isRaised = rule.groups.every((group) => group.colour !== colour || group.weight < amount);
  await modify(scene, { ...rule, groups });
  return async () => {
    const now = (await askRules(endpointOf(scene))).find(({ arn }) => arn === rule.arn);
    if (isRaised && now && textOf(now) === textOf({ ...rule, groups })) await modify(scene, rule);
  };
}

const textOf = ({ groups }: WeightedRule): string =>
  groups
    .map(({ arn, weight }) => `${arn} ${weight}`)
    .sort()
    .join();

async function modify({ env, subject }: Scene, rule: WeightedRule): Promise<void> {
  const { arn, groups, stickiness: { enabled = false, duration } = {} } = rule;
  const client = new ElasticLoadBalancingV2Client({
    endpoint: env["AWS_ENDPOINT_URL"] ?? "",
    region: subject.region,
    credentials: { accessKeyId: "somebody", secretAccessKey: "somebody" },
  });
  const TargetGroups = groups.map((group) => ({ TargetGroupArn: group.arn, Weight: group.weight }));
  try {
    const TargetGroupStickinessConfig = { Enabled: enabled, DurationSeconds: duration };
    const ForwardConfig = { TargetGroups, TargetGroupStickinessConfig };
    const Actions = [{ Type: "forward" as const, ForwardConfig }];
    await client.send(new ModifyRuleCommand({ RuleArn: arn, Actions }));
  } finally {
    client.destroy();
  }
}

import {
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Environment } from "../model/environments";
import type { LiveRule } from "../model/live";
import { loadBalancerName } from "../model/names";
import { COLOURS, type Colour, type Shares } from "../model/release";
import { sharesOfWeights } from "../model/shares";
import { ATTEMPTS, clientConfig } from "./client";
import { type Tags, isTagged, rulesOf, tagsOf } from "./taggedRules";

/** What a rule's stickiness lasts where it has none, in seconds: the API wants a duration all the same. */
const DURATION = 60;

/** A stack's weighted rules, found by their tags: with nothing but credentials. */
export class WeightedRules {
  readonly #client: ElasticLoadBalancingV2Client;

  /** @param region as in `aws:region` */
  constructor(region: string) {
    this.#client = new ElasticLoadBalancingV2Client(clientConfig(region, ATTEMPTS.insisting));
  }

  /**
   * The rules that share a service's traffic between its colours, by service's name. A rule of a service that
   * one colour alone has is not among them.
   *
   * @throws the SDK's error where there is no such load balancer, or the caller may not look
   */
  async of(app: string, environment: Environment): Promise<LiveRule[]> {
    const found = await rulesOf(this.#client, loadBalancerName(app, environment));
    const rules = found.rules.map(({ rule }) => rule);
    const arns = rules.flatMap((rule) => [rule.RuleArn ?? "", ...groupsOf(rule).map(([arn]) => arn)]);
    const tags = await tagsOf(this.#client, arns);
    return rules
      .filter(({ RuleArn = "" }) => isTagged(tags[RuleArn], { app, environment, role: "weighted" }))
      .map((rule) => liveRule(rule, tags))
      .sort((one, other) => one.service.localeCompare(other.service));
  }

  /**
   * Gives a rule these shares, with stickiness off: who sticks to a colour that has no share gets errors.
   *
   * @throws the SDK's error where the rule is gone, the caller may not change it, or all attempts were throttled
   */
  async share({ arn, targetGroups, stickySeconds }: LiveRule, shares: Shares): Promise<void> {
    await this.#client.send(
      new ModifyRuleCommand({
        RuleArn: arn,
        Actions: [
          {
            Type: "forward",
            Order: 1,
            ForwardConfig: {
              TargetGroups: COLOURS.map((colour) => ({
                TargetGroupArn: targetGroups[colour],
                Weight: shares[colour],
              })),
              TargetGroupStickinessConfig: { Enabled: false, DurationSeconds: stickySeconds },
            },
          },
        ],
      }),
    );
  }
}

/** Weights by target group ARN; none of a rule that forwards nothing. */
const groupsOf = (rule: Rule): [arn: string, weight: number][] =>
  (forwardOf(rule)?.TargetGroups ?? []).map(({ TargetGroupArn = "", Weight = 1 }) => [
    TargetGroupArn,
    Weight,
  ]);

const forwardOf = (rule: Rule) => rule.Actions?.find(({ Type }) => Type === "forward")?.ForwardConfig;

/**
 * The rule as we speak of it. Its target groups are found among those of all rules: each colour's is in a
 * header rule too, and somebody may have taken it out of this one by hand.
 *
 * @throws Error where a colour's is in none: a guess could send all users the wrong way
 */
function liveRule(rule: Rule, tags: Readonly<Record<string, Tags>>): LiveRule {
  const arn = rule.RuleArn ?? "";
  const service = tags[arn]?.["sluice:service"] ?? "";
  const weights = Object.fromEntries(groupsOf(rule));
  const groupOf = (colour: Colour): string => {
    const found = Object.entries(tags).find(
      ([, group]) =>
        group["sluice:role"] === "target" &&
        group["sluice:service"] === service &&
        group["sluice:colour"] === colour,
    );
    if (found) return found[0];
    throw new Error(`no rule names a target group tagged sluice:service=${service}, sluice:colour=${colour}`);
  };
  const targetGroups = { blue: groupOf("blue"), green: groupOf("green") };
  const weight = (colour: Colour) => weights[targetGroups[colour]] ?? 0;
  const stickiness = forwardOf(rule)?.TargetGroupStickinessConfig;
  return {
    service,
    arn,
    shares: sharesOfWeights({ blue: weight("blue"), green: weight("green") }),
    sticky: stickiness?.Enabled === true,
    stickySeconds: stickiness?.DurationSeconds ?? DURATION,
    targetGroups,
  };
}

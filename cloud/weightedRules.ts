import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type Rule,
  paginateDescribeRules,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Environment } from "../model/environments";
import type { LiveRule } from "../model/live";
import { loadBalancerName } from "../model/names";
import { COLOURS, type Colour, type Shares } from "../model/release";
import { sharesOfWeights } from "../model/shares";
import { ATTEMPTS, clientConfig } from "./client";

/** Most resources of one DescribeTags. */
const TAGS_AT_ONCE = 20;

/** What a rule's stickiness lasts where it has none, in seconds: the API wants a duration all the same. */
const DURATION = 60;

type Tags = Readonly<Record<string, string>>;

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
    const all = await this.#rules(loadBalancerName(app, environment));
    // A listener's own default is nobody's rule, and has no tags.
    const rules = all.filter(({ IsDefault }) => IsDefault !== true);
    const arns = rules.flatMap((rule) => [rule.RuleArn ?? "", ...groupsOf(rule).map(([arn]) => arn)]);
    const tags = await this.#tags([...new Set(arns)]);
    return rules
      .filter(({ RuleArn = "" }) => isWeighted(tags[RuleArn], app, environment))
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

  async #rules(balancer: string): Promise<Rule[]> {
    const { LoadBalancers } = await this.#client.send(
      new DescribeLoadBalancersCommand({ Names: [balancer] }),
    );
    const { Listeners = [] } = await this.#client.send(
      new DescribeListenersCommand({ LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn }),
    );
    const found = await Promise.all(
      Listeners.map(async ({ ListenerArn }) => {
        const rules: Rule[] = [];
        for await (const { Rules = [] } of paginateDescribeRules({ client: this.#client }, { ListenerArn })) {
          rules.push(...Rules);
        }
        return rules;
      }),
    );
    return found.flat();
  }

  async #tags(arns: readonly string[]): Promise<Record<string, Tags>> {
    const parts = Array.from({ length: Math.ceil(arns.length / TAGS_AT_ONCE) }, (_, part) =>
      arns.slice(part * TAGS_AT_ONCE, (part + 1) * TAGS_AT_ONCE),
    );
    const answers = await Promise.all(
      parts.map((ResourceArns) => this.#client.send(new DescribeTagsCommand({ ResourceArns }))),
    );
    return Object.fromEntries(
      answers
        .flatMap(({ TagDescriptions = [] }) => TagDescriptions)
        .map(({ ResourceArn = "", Tags = [] }): [string, Tags] => [
          ResourceArn,
          Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
        ]),
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

const isWeighted = (tags: Tags | undefined, app: string, environment: Environment): boolean =>
  tags?.["sluice:app"] === app &&
  tags["sluice:environment"] === environment &&
  tags["sluice:role"] === "weighted";

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

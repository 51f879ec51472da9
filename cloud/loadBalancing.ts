import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { clientConfig } from "./client";

/** Weights of a rule's forward action by target group ARN, 0–999, as the load balancer has them now. */
export type LiveWeights = Readonly<Record<string, number>>;

/** How many targets of a target group answer their health check, of how many registered. */
export interface TargetHealth {
  readonly healthy: number;
  readonly registered: number;
}

/** What Elastic Load Balancing says; endpoint, region and credentials come from the SDK's environment. */
export class LoadBalancing {
  readonly #client: ElasticLoadBalancingV2Client;

  /** @param region as in `aws:region` */
  constructor(region: string) {
    this.#client = new ElasticLoadBalancingV2Client(clientConfig(region));
  }

  /** @throws the SDK's error where the rule is gone or the caller may not look */
  async weights(ruleArn: string): Promise<LiveWeights> {
    const { Rules } = await this.#client.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
    const forward = Rules?.[0]?.Actions?.find((action) => action.Type === "forward");
    const groups = forward?.ForwardConfig?.TargetGroups ?? [];
    return Object.fromEntries(
      groups.map((group): [string, number] => [group.TargetGroupArn ?? "", group.Weight ?? 1]),
    );
  }

  /** @throws the SDK's error where the target group is gone or the caller may not look */
  async health(targetGroupArn: string): Promise<TargetHealth> {
    const states = await this.states(targetGroupArn);
    const inState = (state: string) => states.filter((found) => found === state).length;
    return { healthy: inState("healthy"), registered: states.length - inState("draining") };
  }

  /**
   * The state of each target of a target group, such as `healthy`.
   *
   * @throws the SDK's error where the target group is gone or the caller may not look
   */
  async states(targetGroupArn: string): Promise<string[]> {
    const { TargetHealthDescriptions: targets = [] } = await this.#client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
    );
    return targets.map((target) => target.TargetHealth?.State ?? "unknown");
  }
}

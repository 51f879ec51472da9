import {
  ElasticLoadBalancingV2Client,
  type Listener,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Environment } from "../model/environments";
import { PREVIEW_HEADER, loadBalancerName } from "../model/names";
import type { Colour } from "../model/release";
import { clientConfig } from "./client";
import { isTagged, rulesOf, tagsOf } from "./taggedRules";

/** How one colour of a public service is reached whatever its share is. */
export interface Entrance {
  readonly service: string;
  /** Of the listener, by the load balancer's own name: `https://app-dev-1.us-east-1.elb.amazonaws.com:443`. */
  readonly origin: string;
  /** The whole host name that the rule asks for. Absent: any. */
  readonly host?: string;
  /** What every path begins with, such as `/api`; empty where the host selects the service. */
  readonly prefix: string;
  /** What the preview header must be. May be a secret. */
  readonly value: string;
}

/** A stack's header rules, as the load balancer has them: nothing needs the header's secret from elsewhere. */
export class PreviewRules {
  readonly #client: ElasticLoadBalancingV2Client;

  /** @param region as in `aws:region` */
  constructor(region: string) {
    this.#client = new ElasticLoadBalancingV2Client(clientConfig(region));
  }

  /**
   * The ways in to a colour, by the service's name.
   *
   * @throws the SDK's error where there is no such load balancer, or the caller may not look
   */
  async of(app: string, environment: Environment, colour: Colour): Promise<Entrance[]> {
    const { dnsName, rules } = await rulesOf(this.#client, loadBalancerName(app, environment));
    const tags = await tagsOf(
      this.#client,
      rules.map(({ rule }) => rule.RuleArn ?? ""),
    );
    return rules.flatMap(({ rule, listener }) => {
      const own = tags[rule.RuleArn ?? ""];
      if (!isTagged(own, { app, environment, role: "header" }) || own?.["sluice:colour"] !== colour)
        return [];
      const service = own["sluice:service"] ?? "";
      return [{ service, origin: originOf(dnsName, listener), ...wayOf(rule.Conditions ?? []) }];
    });
  }
}

const originOf = (dnsName: string, { Protocol = "HTTP", Port = 80 }: Listener): string =>
  `${Protocol.toLowerCase()}://${dnsName}:${Port}`;

function wayOf(conditions: readonly RuleCondition[]): Pick<Entrance, "host" | "prefix" | "value"> {
  const first = (values: (condition: RuleCondition) => readonly string[] | undefined): string | undefined =>
    conditions.flatMap((condition) => values(condition) ?? [])[0];
  const host = first(({ HostHeaderConfig }) => HostHeaderConfig?.Values);
  const path = first(({ PathPatternConfig }) => PathPatternConfig?.Values) ?? "";
  const value = first(({ HttpHeaderConfig }) =>
    HttpHeaderConfig?.HttpHeaderName?.toLowerCase() === PREVIEW_HEADER ? HttpHeaderConfig.Values : undefined,
  );
  return { ...(host !== undefined && { host }), prefix: path.replace(/\/?\*.*$/, ""), value: value ?? "" };
}

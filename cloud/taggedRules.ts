import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  type Rule,
  paginateDescribeRules,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Environment } from "../model/environments";
import type { Role } from "../model/names";

/** Most resources of one DescribeTags. */
const TAGS_AT_ONCE = 20;

/** Of one resource. */
export type Tags = Readonly<Record<string, string>>;

/** A rule and the listener that asks it. */
export interface Listened {
  readonly rule: Rule;
  readonly listener: Listener;
}

/** A load balancer's own name in DNS, and the rules of all its listeners. */
export interface Balanced {
  readonly dnsName: string;
  readonly rules: readonly Listened[];
}

/**
 * The rules of a load balancer; a listener's own default is nobody's rule, and not among them.
 *
 * @param balancer its name
 * @throws the SDK's error where there is no such load balancer, or the caller may not look
 */
export async function rulesOf(client: ElasticLoadBalancingV2Client, balancer: string): Promise<Balanced> {
  const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({ Names: [balancer] }));
  const [found] = LoadBalancers ?? [];
  const { Listeners = [] } = await client.send(
    new DescribeListenersCommand({ LoadBalancerArn: found?.LoadBalancerArn }),
  );
  const rules = await Promise.all(
    Listeners.map(async (listener) => {
      const own: Listened[] = [];
      const { ListenerArn } = listener;
      for await (const { Rules = [] } of paginateDescribeRules({ client }, { ListenerArn })) {
        own.push(...Rules.filter(({ IsDefault }) => IsDefault !== true).map((rule) => ({ rule, listener })));
      }
      return own;
    }),
  );
  return { dnsName: found?.DNSName ?? "", rules: rules.flat() };
}

/** Tags of rules and target groups, by ARN. @throws the SDK's error where one is gone, or the caller may not look */
export async function tagsOf(
  client: ElasticLoadBalancingV2Client,
  resources: readonly string[],
): Promise<Record<string, Tags>> {
  const arns = [...new Set(resources)];
  const parts = Array.from({ length: Math.ceil(arns.length / TAGS_AT_ONCE) }, (_, part) =>
    arns.slice(part * TAGS_AT_ONCE, (part + 1) * TAGS_AT_ONCE),
  );
  const answers = await Promise.all(
    parts.map((ResourceArns) => client.send(new DescribeTagsCommand({ ResourceArns }))),
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

/** Whether tags are those of a stack's rules for something. */
export const isTagged = (
  tags: Tags | undefined,
  {
    app,
    environment,
    role,
  }: { readonly app: string; readonly environment: Environment; readonly role: Role },
): boolean =>
  tags?.["sluice:app"] === app && tags["sluice:environment"] === environment && tags["sluice:role"] === role;

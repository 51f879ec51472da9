import { LoadBalancing } from "../cloud/loadBalancing";
import { Parameters } from "../cloud/parameters";
import { WeightedRules } from "../cloud/weightedRules";
import { type Fence, parseFence } from "../model/guard";
import { type Known, parseKnown, releaseParameter } from "../model/known";
import type { LiveRule, LiveTargets, Targets } from "../model/live";
import { fenceParameter } from "../model/names";
import { COLOURS } from "../model/release";
import { type Seen, valueOf } from "../model/rollout/seen";
import { seen } from "./seen";
import type { Subject } from "./subject";

/** What AWS says of a stack. */
export interface World {
  readonly rules: Seen<readonly LiveRule[]>;
  /** Of the rules that were seen; a target group that could not be looked at is absent. */
  readonly targets: LiveTargets;
  readonly fence: Seen<Fence | undefined>;
  /** What the stack publishes about itself; undefined where it never has. */
  readonly known: Seen<Known | undefined>;
  /** ISO time from which on it has published that; absent where it was not seen. */
  readonly publishedAt?: string;
  /** Reasons why something could not be seen, a line each. */
  readonly unseen: readonly string[];
}

/** How long one look is waited for. */
type Patience = <Value>(looking: Promise<Value>) => Promise<Value>;

/**
 * Looks at everything at once. It never throws: what cannot be seen is part of the answer.
 *
 * @param patience default: as long as the clients try
 */
export async function look(subject: Subject, patience: Patience = (looking) => looking): Promise<World> {
  const { app, environment, region } = subject;
  const parameters = new Parameters(region);
  const parameter = async <Value>(name: string, parse: (text: string) => Value) => {
    const found = await patience(parameters.read(name));
    return found && { value: parse(found.value), at: found.at };
  };
  const [[rules, targets], fence, published] = await Promise.all([
    seen(patience(new WeightedRules(region).of(app, environment))).then(
      async (rules) => [rules, await targetsOf(valueOf(rules) ?? [], region, patience)] as const,
    ),
    seen(parameter(fenceParameter(app, environment), parseFence)),
    seen(parameter(releaseParameter(app, environment), parseKnown)),
  ]);
  const unseen = [
    ...unseenOf(`the weighted rules of ${app}-${environment}`, rules),
    ...unseenOf("the fence", fence),
    ...unseenOf("what the stack publishes", published),
    ...targets.unseen,
  ];
  const publishedAt = valueOf(published)?.at;
  return {
    ...{ rules, targets: targets.seen, fence: valueIn(fence), known: valueIn(published), unseen },
    ...(publishedAt !== undefined && { publishedAt }),
  };
}

const valueIn = <Value>(parameter: Seen<{ readonly value: Value } | undefined>): Seen<Value | undefined> =>
  "unseen" in parameter ? parameter : { value: parameter.value?.value };

const unseenOf = (what: string, one: Seen<unknown>): string[] =>
  "unseen" in one ? [`${what} could not be observed: ${one.unseen}`] : [];

/** Healthy and registered targets of both colours. */
async function targetsOf(
  rules: readonly LiveRule[],
  region: string,
  patience: Patience,
): Promise<{ seen: LiveTargets; unseen: string[] }> {
  const balancing = new LoadBalancing(region);
  const unseen: string[] = [];
  const found = await Promise.all(
    rules.map(async ({ service, targetGroups }) => {
      const both = await Promise.all(
        COLOURS.map(async (colour): Promise<[string, Targets][]> => {
          const health = await seen(patience(balancing.health(targetGroups[colour])));
          if ("value" in health) return [[colour, health.value]];
          unseen.push(...unseenOf(`targets of ${service} ${colour}`, health));
          return [];
        }),
      );
      return [service, Object.fromEntries(both.flat())];
    }),
  );
  return { seen: Object.fromEntries(found) as LiveTargets, unseen };
}

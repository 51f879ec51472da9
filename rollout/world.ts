import { LoadBalancing } from "../cloud/loadBalancing";
import { Parameters } from "../cloud/parameters";
import { WeightedRules } from "../cloud/weightedRules";
import { type Fence, parseFence } from "../model/guard";
import { type Known, parseKnown, releaseParameter } from "../model/known";
import type { LiveRule, LiveTargets, Targets } from "../model/live";
import { fenceParameter } from "../model/names";
import { COLOURS } from "../model/release";
import { type Seen, valueOf } from "../model/rollout/seen";
import { reasonOf } from "./failure";
import type { Subject } from "./subject";

/** What AWS says of a stack. */
export interface World {
  readonly rules: Seen<readonly LiveRule[]>;
  /** Of the rules that were seen; a target group that could not be looked at is absent. */
  readonly targets: LiveTargets;
  readonly fence: Seen<Fence | undefined>;
  /** What the stack publishes about itself; undefined where it never has. */
  readonly known: Seen<Known | undefined>;
  /** Reasons why something could not be seen, a line each. */
  readonly unseen: readonly string[];
}

/** Looks at everything at once. It never throws: what cannot be seen is part of the answer. */
export async function look(subject: Subject): Promise<World> {
  const { app, environment, region } = subject;
  const parameters = new Parameters(region);
  const parameter = async <Value>(name: string, parse: (text: string) => Value) => {
    const text = await parameters.get(name);
    return text === undefined ? undefined : parse(text);
  };
  const [[rules, targets], fence, known] = await Promise.all([
    seen(`the weighted rules of ${app}-${environment}`, new WeightedRules(region).of(app, environment)).then(
      async (rules) => [rules, await targetsOf(valueOf(rules) ?? [], region)] as const,
    ),
    seen("the fence", parameter(fenceParameter(app, environment), parseFence)),
    seen("what the stack publishes", parameter(releaseParameter(app, environment), parseKnown)),
  ]);
  const unseen = [rules, fence, known].flatMap((one) => ("unseen" in one ? [one.unseen] : []));
  return { rules, targets: targets.seen, fence, known, unseen: [...unseen, ...targets.unseen] };
}

async function seen<Value>(what: string, looking: Promise<Value>): Promise<Seen<Value>> {
  try {
    return { value: await looking };
  } catch (error) {
    return { unseen: `${what} could not be observed: ${reasonOf(error)}` };
  }
}

/** Healthy and registered targets of both colours. */
async function targetsOf(
  rules: readonly LiveRule[],
  region: string,
): Promise<{ seen: LiveTargets; unseen: string[] }> {
  const balancing = new LoadBalancing(region);
  const unseen: string[] = [];
  const found = await Promise.all(
    rules.map(async ({ service, targetGroups }) => {
      const both = await Promise.all(
        COLOURS.map(async (colour): Promise<[string, Targets][]> => {
          const health = await seen(
            `targets of ${service} ${colour}`,
            balancing.health(targetGroups[colour]),
          );
          if ("value" in health) return [[colour, health.value]];
          unseen.push(health.unseen);
          return [];
        }),
      );
      return [service, Object.fromEntries(both.flat())];
    }),
  );
  return { seen: Object.fromEntries(found) as LiveTargets, unseen };
}

import * as pulumi from "@pulumi/pulumi";
import { LoadBalancing } from "../../cloud/loadBalancing";
import { Parameters } from "../../cloud/parameters";
import { type Observation, type Rise, judgeRise, parseFence } from "../../model/guard";
import { fenceParameter, targetGroupName } from "../../model/names";
import { COLOURS, type Colour, type Shares } from "../../model/release";
import type { Settings } from "../../model/settings";
import { type Transition, trustedColours } from "../../model/transition";
import { weightedRuleName } from "../service/weightedRule";
import { type TargetGroupNames, sharesIn, sharesLive, targetGroupArn } from "./weights";

/** What a guard must know of the rule that it stands before; all of it is known before anything is made. */
export interface Guarded {
  service: string;
  targetGroups: TargetGroupNames;
  versions: Record<Colour, string | undefined>;
  /** The colours that may gain traffic without a question: going back is always possible. */
  trusted: readonly Colour[];
  /** Pods of a colour at full size. */
  replicas: number;
  /** What the state has for the rule; a replacement is a creation, which is not told what was there before. */
  recorded?: Shares;
}

export interface GuardArgs {
  region: string;
  /** Name of the SSM parameter that fences a version off. */
  fence: string;
  /** By the rule's resource name. */
  rules: Record<string, Guarded>;
}

/**
 * The last of the four layers: asks AWS at the moment of the change whether a share may rise.
 *
 * In a preview it warns where it cannot look. At an update it refuses a rise that it cannot judge, and
 * permits every fall. It is bound to creation as well, because a replacement runs create hooks.
 */
export const guard = (args: GuardArgs): pulumi.ResourceHook =>
  new pulumi.ResourceHook("sluice-guard", (hook) => standGuard(args, hook), { onDryRun: true });

/**
 * What the guard does at one rule.
 *
 * @throws Error where a share that would rise may not
 */
export async function standGuard(args: GuardArgs, hook: pulumi.ResourceHookArgs): Promise<void> {
  const guarded = args.rules[hook.name];
  if (!guarded) return;
  const before = hook.oldInputs
    ? sharesIn(hook.oldInputs, guarded.targetGroups)
    : (guarded.recorded ?? { blue: 0, green: 0 });
  const after = sharesIn(hook.newInputs, guarded.targetGroups);
  const rises = COLOURS.filter(
    (colour) => after[colour] > before[colour] && !guarded.trusted.includes(colour),
  );
  for (const colour of rises) {
    const rise: Rise = {
      service: guarded.service,
      colour,
      version: guarded.versions[colour] ?? "none",
      from: before[colour],
      to: after[colour],
      replicas: guarded.replicas,
    };
    await stand(rise, () => observe(args, guarded, colour, hook));
  }
}

/** The guard of a stack's weighted rules, from its settings and the transition that is about to happen. */
export const releaseGuard = (
  settings: Settings,
  transition: Transition,
  region: string,
): pulumi.ResourceHook => guard(guardArgs(settings, transition, region));

/** What that guard knows of the rules that it stands before. */
export function guardArgs(settings: Settings, transition: Transition, region: string): GuardArgs {
  const { app, environment, services } = settings;
  const { blue, green } = transition.to;
  const trusted = trustedColours(transition);
  const exposed = Object.entries(services).filter(([, { public: address }]) => address);
  const guarded = exposed.map(([service, { replicas }]): [string, Guarded] => [
    weightedRuleName(service),
    {
      service,
      targetGroups: {
        blue: targetGroupName(app, environment, service, "blue"),
        green: targetGroupName(app, environment, service, "green"),
      },
      versions: { blue: blue.version, green: green.version },
      trusted,
      replicas,
      recorded: transition.from?.rules[service],
    },
  ]);
  return { region, fence: fenceParameter(app, environment), rules: Object.fromEntries(guarded) };
}

/** Refuses the rise, or lets it pass; a preview that cannot look says so and goes on. */
async function stand(rise: Rise, look: () => Promise<Observation>): Promise<void> {
  const what = `${rise.service} ${rise.colour} ${rise.version}: ${rise.from} % → ${rise.to} %`;
  let refusals: string[];
  try {
    refusals = judgeRise(rise, await look());
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (pulumi.runtime.isDryRun()) {
      await pulumi.log.warn(
        `guard: ${what} could not be judged here (${reason}); the update will look again.`,
      );
      return;
    }
    refusals = [`the world could not be observed (${reason}); a rise that cannot be judged is refused`];
  }
  if (refusals.length > 0) throw new Error(`guard refuses ${what}: ${refusals.join("; ")}`);
}

async function observe(
  args: GuardArgs,
  guarded: Guarded,
  colour: Colour,
  hook: pulumi.ResourceHookArgs,
): Promise<Observation> {
  const loadBalancing = new LoadBalancing(args.region);
  const arn = targetGroupArn(hook.newInputs, colour, guarded.targetGroups);
  if (arn === undefined) throw new Error(`${guarded.service} ${colour} has no target group yet`);
  const [health, weights, fence] = await Promise.all([
    loadBalancing.health(arn),
    // A rule that is being created has no weights that somebody could have raised.
    hook.oldInputs ? loadBalancing.weights(hook.id) : undefined,
    new Parameters(args.region).get(args.fence),
  ]);
  return {
    share: sharesLive(weights ?? {}, guarded.targetGroups)[colour],
    healthy: health.healthy,
    ...(fence !== undefined && { fence: parseFence(fence) }),
  };
}

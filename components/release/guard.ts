import * as pulumi from "@pulumi/pulumi";
import { LoadBalancing } from "../../cloud/loadBalancing";
import { Parameters } from "../../cloud/parameters";
import { capacityOf, floorOf } from "../../model/capacity";
import {
  type Fence,
  type Observation,
  type Rise,
  isOnItsWay,
  isWorthWaiting,
  judgeFence,
  judgeRise,
  neededFor,
  parseFence,
} from "../../model/guard";
import { fenceParameter, namespaceName, targetGroupName } from "../../model/names";
import { COLOURS, type Colour, type Shares, otherColour } from "../../model/release";
import type { Settings } from "../../model/settings";
import { type Transition, trustedColours } from "../../model/transition";
import { weightedRuleName } from "../service/weightedRule";
import { PATIENCE, type Patience, lookUntil } from "./patience";
import { type TargetGroupNames, sharesIn, sharesLive, targetGroupArn } from "./weights";

/** What a guard must know of the rule that it stands before; all of it is known before anything is made. */
export interface Guarded {
  service: string;
  /** Of its pods, in the cluster. */
  namespace: string;
  targetGroups: TargetGroupNames;
  versions: Record<Colour, string | undefined>;
  /** The colours that may gain traffic with no question but the fence: going back is always possible. */
  trusted: readonly Colour[];
  /** Pods of a colour at full size. */
  replicas: number;
  /** The least number of pods of either colour, as the release asks for it. */
  floors: Record<Colour, number>;
  /** What the state has for the rule; a replacement is a creation, which is not told what was there before. */
  recorded?: Shares;
}

export interface GuardArgs {
  region: string;
  /** Name of the SSM parameter that fences a version off. */
  fence: string;
  /** By the rule's resource name. */
  rules: Record<string, Guarded>;
  /** How long an update waits for targets that are on their way. Default: 3 minutes. */
  patience?: Patience;
}

/**
 * The last of the four layers: asks AWS at the moment of the change whether a share may rise.
 *
 * In a preview it warns where it cannot look. At an update it waits for targets that a colour's floor has asked
 * for, refuses a rise that it cannot judge, and permits every fall. It is bound to creation as well, because a
 * replacement runs create hooks.
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
  for (const colour of COLOURS.filter((name) => after[name] > before[name])) {
    const rise: Rise = {
      service: guarded.service,
      namespace: guarded.namespace,
      colour,
      version: guarded.versions[colour] ?? "none",
      from: before[colour],
      to: after[colour],
      replicas: guarded.replicas,
      floors: guarded.floors,
    };
    if (guarded.trusted.includes(colour)) await standFence(rise, args);
    else await stand(rise, args, () => observe(args, guarded, rise, hook));
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
  const { to } = transition;
  const trusted = trustedColours(transition);
  const exposed = Object.entries(services).filter(([, { public: address }]) => address);
  const guarded = exposed.map(([service, settings]): [string, Guarded] => [
    weightedRuleName(service),
    {
      service,
      namespace: namespaceName(app),
      targetGroups: {
        blue: targetGroupName(app, environment, service, "blue"),
        green: targetGroupName(app, environment, service, "green"),
      },
      versions: { blue: to.blue.version, green: to.green.version },
      trusted,
      replicas: settings.replicas,
      floors: {
        blue: floorOf(settings, capacityOf(to, "blue")),
        green: floorOf(settings, capacityOf(to, "green")),
      },
      recorded: transition.from?.rules[service],
    },
  ]);
  return { region, fence: fenceParameter(app, environment), rules: Object.fromEntries(guarded) };
}

/** A trusted colour gains traffic without a question, unless somebody has fenced its version off since. */
async function standFence(rise: Rise, args: GuardArgs): Promise<void> {
  // Going back must be possible where nothing can be seen, too.
  const fence = await readFence(args).catch(() => undefined);
  refuse(rise, judgeFence(rise.version, fence));
}

/** Refuses the rise, or lets it pass; a preview that cannot look says so and goes on. */
async function stand(
  rise: Rise,
  { patience = PATIENCE }: GuardArgs,
  look: () => Promise<Observation>,
): Promise<void> {
  let refusals: string[];
  try {
    // Nothing that a preview waits for would come: it starts no pods.
    const waits = (seen: Observation) => !pulumi.runtime.isDryRun() && isWorthWaiting(rise, seen);
    const seen = await lookUntil(look, waits, patience, (seen, left) => tellWaiting(rise, seen, left));
    if (pulumi.runtime.isDryRun() && isOnItsWay(rise, seen)) {
      await warnOfWaiting(rise, seen, patience);
      return;
    }
    refusals = judgeRise(rise, seen);
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (pulumi.runtime.isDryRun()) {
      await pulumi.log.warn(
        `guard: ${whatRises(rise)} could not be judged here (${reason}); the update will look again.`,
      );
      return;
    }
    refusals = [`the world could not be observed (${reason}); a rise that cannot be judged is refused`];
  }
  refuse(rise, refusals);
}

const warnOfWaiting = (rise: Rise, { healthy }: Observation, { mostSeconds }: Patience): Promise<void> =>
  pulumi.log.warn(
    `guard: ${whatRises(rise)} has ${healthy} healthy targets; the update waits for more, ${mostSeconds} s at most.`,
  );

/** Said on the line of progress only: it is true for seconds. */
const tellWaiting = (rise: Rise, seen: Observation, left: number): Promise<void> =>
  pulumi.log.info(
    `guard: ${whatRises(rise)} waits for ${neededFor(rise, seen)} healthy targets; ${seen.healthy} so far, ` +
      `for ${left} s at most`,
    undefined,
    undefined,
    true,
  );

const whatRises = ({ service, colour, version, from, to }: Rise) =>
  `${service} ${colour} ${version}: ${from} % → ${to} %`;

function refuse(rise: Rise, refusals: readonly string[]): void {
  if (refusals.length > 0) throw new Error(`guard refuses ${whatRises(rise)}: ${refusals.join("; ")}`);
}

/** The fence, where there is one. */
async function readFence({ region, fence }: GuardArgs): Promise<Fence | undefined> {
  const value = await new Parameters(region).get(fence);
  return value === undefined ? undefined : parseFence(value);
}

async function observe(
  args: GuardArgs,
  guarded: Guarded,
  { colour, from }: Rise,
  hook: pulumi.ResourceHookArgs,
): Promise<Observation> {
  const loadBalancing = new LoadBalancing(args.region);
  const health = (colour: Colour) => {
    const arn = targetGroupArn(hook.newInputs, colour, guarded.targetGroups);
    if (arn === undefined) throw new Error(`${guarded.service} ${colour} has no target group yet`);
    return loadBalancing.health(arn);
  };
  // A rule that is being created has no weights that somebody could have moved, and no load yet.
  const before = hook.oldInputs ?? guarded.recorded;
  const [mine, other, weights, fence] = await Promise.all([
    health(colour),
    before && from < 100 ? health(otherColour(colour)) : undefined,
    hook.oldInputs ? loadBalancing.weights(hook.id) : undefined,
    readFence(args),
  ]);
  return {
    ...(weights && { share: sharesLive(weights, guarded.targetGroups)[colour] }),
    ...mine,
    ...(other && { other: other.healthy }),
    ...(fence && { fence }),
  };
}

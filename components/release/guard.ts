import * as pulumi from "@pulumi/pulumi";
import { type Rise, judgeFence, objections } from "../../model/guard";
import { type Objection, isDefinite, isWorthWaiting, refusals } from "../../model/guardObjection";
import { COLOURS, type Colour, type Shares, otherColour } from "../../model/release";
import type { Settings } from "../../model/settings";
import type { Transition } from "../../model/transition";
import { type GuardArgs, type Guarded, guardArgs } from "./guardArgs";
import { look, readFence } from "./guardLook";
import { PATIENCE, lookUntil } from "./patience";
import { sharesIn } from "./weights";

/** The guard of a stack's weighted rules, from its settings and the transition that is about to happen. */
export const releaseGuard = (
  settings: Settings,
  transition: Transition,
  region: string,
): pulumi.ResourceHook => guard(guardArgs(settings, transition, region));

/**
 * The last of the four layers: asks AWS at the moment of the change whether a share may rise.
 *
 * In a preview it warns where it cannot look. At an update it waits for targets that a colour's floor has asked for
 * and for requests that flow, refuses a rise that it cannot judge, and permits every fall. It is bound to creation as
 * well, because a replacement runs create hooks.
 *
 * Whether the version's migration is done it does not ask, for no AWS API knows: a Job is the cluster's, and its end
 * is in the state. T3 refuses a rise whose Job has not completed by an earlier update; a Job that runs in this one all
 * the same comes before the colour's Deployments, and they before the rule, so where it fails no guard is ever called.
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
  const warnings: string[] = [];
  for (const colour of COLOURS.filter((name) => after[name] > before[name])) {
    const rise = riseOf(args, guarded, colour, before, after);
    if (guarded.trusted.includes(colour)) await standFence(rise, args, guarded);
    else warnings.push(...(await stand(rise, args, guarded, hook)));
  }
  if (warnings.length > 0) await pulumi.log.warn(`guard: ${warnings.join(" ")}`);
}

const riseOf = (
  { fence, samples }: GuardArgs,
  { service, namespace, versions, replicas, floors }: Guarded,
  colour: Colour,
  before: Shares,
  after: Shares,
): Rise => ({
  ...{ service, namespace, colour, version: versions[colour] ?? "none" },
  ...{ from: before[colour], to: after[colour], otherFrom: before[otherColour(colour)] },
  ...{ replicas, floors, fence, samples },
});

/** A trusted colour gains traffic without a question, unless somebody has fenced its version off since. */
async function standFence(rise: Rise, args: GuardArgs, { versions }: Guarded): Promise<void> {
  // A fence names a version. Where both colours run it, with other settings, it is about the one that is not trusted.
  if (versions.blue === versions.green) return;
  // Going back must be possible where nothing can be seen, too.
  const fence = await readFence(args).catch(() => undefined);
  refuse(rise, judgeFence(rise.version, fence, rise.fence));
}

/** Refuses the rise, or lets it pass. @returns what a preview leaves to the update, a sentence each */
async function stand(
  rise: Rise,
  args: GuardArgs,
  guarded: Guarded,
  hook: pulumi.ResourceHookArgs,
): Promise<string[]> {
  const { patience = PATIENCE } = args;
  const judged = async () => objections(rise, await look(args, guarded, rise, hook));
  if (!pulumi.runtime.isDryRun()) {
    const last = await lookUntil(judged, isWorthWaiting, patience, (seen, left) =>
      tellWaiting(rise, seen, left),
    );
    refuse(rise, refusals(last));
    return [];
  }
  // Nothing that a preview waits for would come: it starts no pods.
  const found = await judged();
  refuse(rise, refusals(found.filter(isDefinite)));
  const unseen = found.filter(({ kind }) => kind === "unseen").map(({ why }) => why);
  const coming = progressOf(found.filter(({ kind }) => kind === "coming"));
  const what = whatRises(rise);
  return [
    ...(unseen.length > 0
      ? [`${what} could not be judged here: ${unseen.join("; ")}. The update looks again.`]
      : []),
    ...(coming ? [`${what}: the update waits for ${coming}; ${patience.mostSeconds} s at most.`] : []),
  ];
}

/** Said on the line of progress only: it is true for seconds. */
const tellWaiting = (rise: Rise, found: readonly Objection[], left: number): Promise<void> =>
  pulumi.log.info(
    `guard: ${whatRises(rise)} waits for ${progressOf(found)}; ${left} s at most`,
    undefined,
    undefined,
    true,
  );

const progressOf = (found: readonly Objection[]): string =>
  found.flatMap(({ progress }) => progress ?? []).join(" and ");

const whatRises = ({ service, colour, version, from, to }: Rise) =>
  `${service} ${colour} ${version}: ${from} % → ${to} %`;

function refuse(rise: Rise, reasons: readonly string[]): void {
  if (reasons.length > 0) throw new Error(`guard refuses ${whatRises(rise)}: ${reasons.join("; ")}`);
}

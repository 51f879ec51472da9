import { bakedBefore } from "../../cloud/baked";
import { nowIso } from "../../cloud/clock";
import { Identity } from "../../cloud/identity";
import { circumstances } from "../../model/circumstances";
import { withProviders } from "../../model/providers/view";
import { p95By } from "../../model/monitoring/objectives";
import type { Recorded } from "../../model/release";
import { type Seen, valueOf } from "../../model/rollout/seen";
import type { Situation } from "../../model/rollout/situation";
import type { Settings } from "../../model/settings";
import { Engine, type State } from "../engine";
import { lockOf } from "../lock/lock";
import { lookAtProviders } from "../providers/look";
import { unconfirmed } from "../rollback/traffic";
import { settingsOf } from "../settingsOf";
import type { StackSubject } from "../subject";
import { seen } from "../seen";
import { look } from "../world";
import { analysisOf, askedOf } from "./analysis";

/** What was seen, and with what. */
export interface Observed {
  readonly stack: StackSubject;
  readonly settings: Settings;
  readonly engine: Engine;
  readonly state: Seen<State>;
  readonly situation: Situation;
  /** Who looks, by AWS's word; by this machine's where AWS did not answer. */
  readonly by: string;
}

/** What is looked for. */
export interface Wanted {
  /** The candidate's share that somebody asks for, in percent. Absent: the plan's way. */
  readonly wish?: number | undefined;
}

/** What was seen before it is looked at again where the analysis took longer. */
const LONG_MILLISECONDS = 4_000;

const NOT_LOOKED = { unseen: "nobody has looked" };

/** What configuration and state say, before anybody looks further. */
export const unlooked = (
  settings: Settings,
  recorded: Seen<Recorded | undefined>,
  { wish }: Wanted = {},
): Situation => ({
  asked: { ...circumstances(settings), release: settings.release, plan: settings.plan },
  recorded,
  rules: NOT_LOOKED,
  targets: {},
  fence: NOT_LOOKED,
  lock: NOT_LOOKED,
  analysis: NOT_LOOKED,
  validation: { unseen: "not asked yet" },
  gates: {},
  skewSeconds: NOT_LOOKED,
  ...(wish !== undefined && { wish }),
  now: nowIso(),
});

/**
 * Looks at everything that a decision is made from. What cannot be seen is part of the answer.
 *
 * @throws UsageError where the stack's settings are at fault
 */
export async function observe(stack: StackSubject, wanted: Wanted = {}): Promise<Observed> {
  const settings = settingsOf(stack.stack);
  const engine = new Engine(stack.project.folder, stack.stack.name, true);
  const calling = seen(new Identity(stack.region).callerAndClock());
  // First: what an update changes while the rest is looked at must not be taken for somebody's hand.
  const lock = await lockOf(engine);
  const { app, bakedIn } = settings;
  const [state, world, caller, baked] = await Promise.all([
    ...([seen(engine.state()), look(stack), calling] as const),
    bakedIn && bakedBefore(app, bakedIn, stack.region),
  ]);
  const recorded = "value" in state ? { value: state.value.recorded } : state;
  const { asked, ...unseen } = unlooked(settings, recorded, wanted);
  const before: Situation = {
    ...unseen,
    asked: { ...asked, ...(baked && { baked }) },
    ...{ rules: world.rules, targets: world.targets, fence: world.fence, lock },
    skewSeconds: "value" in caller ? { value: Math.round(caller.value.skewSeconds) } : caller,
  };
  const began = performance.now();
  const analysis = await analysed(stack, settings, before);
  // Somebody may have moved traffic while a target was waited for.
  const isOld = performance.now() - began > LONG_MILLISECONDS;
  const { rules, targets, fence } = isOld ? await look(stack) : world;
  return {
    ...{ stack, settings, engine, state },
    by: "value" in caller ? caller.value.arn : unconfirmed(),
    situation: { ...before, rules, targets, fence, analysis, now: nowIso() },
  };
}

async function analysed(
  stack: StackSubject,
  settings: Settings,
  { recorded, rules, now }: Situation,
): Promise<Situation["analysis"]> {
  const state = valueOf(recorded);
  const found = valueOf(rules);
  if (!state || !found) return { unseen: "neither state nor rules say what is to be judged" };
  const asked = askedOf(state, found, now);
  if (!asked) return { unseen: "no candidate runs" };
  const [analysis, providers] = await Promise.all([
    analysisOf(stack, { ...asked, promised: p95By(settings.slo) }),
    lookAtProviders(stack, settings, state, now),
  ]);
  return withProviders(analysis, providers);
}

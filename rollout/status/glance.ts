import { nowIso } from "../../cloud/clock";
import { Identity } from "../../cloud/identity";
import type { FiguresSeen } from "../../model/analysis/figures";
import { decideFlag } from "../../model/flags/decide";
import { type FlagStatus, flagStatus } from "../../model/flags/outlook";
import { p95By } from "../../model/monitoring/objectives";
import { decide } from "../../model/rollout/decide";
import { withProviders } from "../../model/providers/view";
import { type Seen, valueOf } from "../../model/rollout/seen";
import type { Situation } from "../../model/rollout/situation";
import type { Settings } from "../../model/settings";
import { type Status, statusOf } from "../../model/status";
import type { Engine, State } from "../engine";
import { observeFlags } from "../flags/observe";
import { inTime } from "../inTime";
import { lockOf } from "../lock/lock";
import { lookAtProviders } from "../providers/look";
import { analysisOf, askedOf } from "../reconcile/analysis";
import { figuresOf } from "../reconcile/figures";
import { unlooked } from "../reconcile/observe";
import type { StackSubject } from "../subject";
import { seen } from "../seen";
import { look } from "../world";

/** A release at a glance, and what of it nobody could see. */
export interface Glance {
  readonly status: Status;
  /** Reasons, a line each. */
  readonly unseen: readonly string[];
  /** What is not known because nothing was set up to tell it, a line each. */
  readonly remarks: readonly string[];
  /** ISO time. */
  readonly at: string;
}

/** After how many seconds a source counts as not seen: the others are shown without it. */
const PATIENCE = 6;

/** Starting an engine takes longer than any call. */
const ENGINE_PATIENCE = 15;

const patient = <Value>(looking: Promise<Value>): Promise<Value> => inTime(looking, PATIENCE);

/** Looks at everything that {@link statusOf} shows, all at once as far as one look does not need another. */
export async function glance(subject: StackSubject, settings: Settings, engine: Engine): Promise<Glance> {
  // First: what an update changes while the rest is looked at must not be taken for somebody's hand.
  const locking = inTime(lockOf(engine), ENGINE_PATIENCE).catch(unseenAs);
  const reading = seen(engine.state(ENGINE_PATIENCE));
  const calling = seen(patient(new Identity(subject.region).callerAndClock()));
  const looking = look(subject, patient);
  const measuring = looking.then(async ({ rules }) => {
    const found = valueOf(rules) ?? [];
    return found.length > 0 ? seen(patient(figuresOf(subject, found))) : undefined;
  });
  const judging = Promise.all([reading, looking]).then(([state, { rules }]) =>
    judged(subject, settings, valueOf(state)?.recorded, valueOf(rules)),
  );
  const migrating = reading.then((state) => {
    const recorded = valueOf(state)?.recorded;
    return recorded && seen(patient(lookAtProviders(subject, settings, recorded, nowIso())));
  });
  const [lock, state, caller, world, figures, judgement, migration] = await Promise.all([
    ...([locking, reading, calling, looking, measuring, judging, migrating] as const),
  ]);
  const providers = migration && valueOf(migration);
  const analysis = judgement && withProviders(judgement, providers);
  const recorded = "value" in state ? { value: state.value.recorded } : state;
  const situation: Situation = {
    ...unlooked(settings, recorded),
    ...{ rules: world.rules, targets: world.targets, fence: world.fence, lock },
    skewSeconds: "value" in caller ? { value: Math.round(caller.value.skewSeconds) } : caller,
    analysis: analysis ?? { unseen: "nothing runs that could be judged" },
  };
  const { now } = situation;
  const flags = await flagsOf(subject, settings, state, situation);
  const status = statusOf({
    release: settings.release,
    limits: settings.limits,
    recorded: valueOf(recorded),
    rules: valueOf(world.rules),
    targets: world.targets,
    fence: "value" in world.fence ? (world.fence.value ?? null) : undefined,
    figures: figures && valueOf(figures),
    providers,
    flags: flags.seen,
    ...(valueOf(recorded) && { decided: { situation, action: decide(situation) } }),
    now,
  });
  const remarks = (figures && valueOf(figures)?.remarks) ?? [];
  return {
    status,
    unseen: [
      ...world.unseen,
      ...why("the state", state),
      ...why("the lock", lock),
      ...why("AWS's clock", caller),
      ...why("what the metrics say", analysis),
      ...why("figures", figures),
      ...why("what providers cost", migration),
      ...flags.unseen,
      ...remarks.filter(isUnseen),
    ],
    remarks: remarks.filter((remark) => !isUnseen(remark)),
    at: now,
  };
}

/** Flags at a glance, and why some of them could not be seen. */
async function flagsOf(
  subject: StackSubject,
  settings: Settings,
  state: Seen<State>,
  situation: Situation,
): Promise<{ seen: FlagStatus[]; unseen: string[] }> {
  const looking = patient(observeFlags({ subject, settings, state, situation }));
  const found = await seen(looking);
  if ("unseen" in found) return { seen: [], unseen: why("flags", found) };
  return {
    seen: found.value.map((scene) => flagStatus(scene, decideFlag(scene))),
    unseen: [
      ...found.value.flatMap(({ name, live }) => why(`flag ${name} in SSM`, live)),
      // All were looked at by one call.
      ...found.value.slice(0, 1).flatMap(({ alarms }) => why("flags' alarms", alarms)),
    ],
  };
}

async function judged(
  subject: StackSubject,
  { slo }: Settings,
  state: Parameters<typeof askedOf>[0] | undefined,
  rules: Parameters<typeof askedOf>[1] | undefined,
): Promise<Situation["analysis"] | undefined> {
  const asked = state && rules && rules.length > 0 ? askedOf(state, rules, nowIso()) : undefined;
  return asked && patient(analysisOf(subject, { ...asked, promised: p95By(slo) })).catch(unseenAs);
}

const unseenAs = (error: unknown): { unseen: string } => ({ unseen: (error as Error).message });

const why = (what: string, found: Seen<unknown> | undefined): string[] =>
  found && "unseen" in found ? [`${what} could not be observed: ${found.unseen}`] : [];

/** What figures lack because a source failed, and not because there is none. */
const isUnseen = (remark: FiguresSeen["remarks"][number]): boolean => remark.includes("could not be seen");

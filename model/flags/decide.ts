import type { Obstacle } from "../rollout/action";
import { locked, unseen } from "../rollout/decide";
import { clockObstacles } from "../rollout/evidence";
import { valueOf } from "../rollout/seen";
import { list } from "../rules/wording";
import type { FlagAction, FlagFall } from "./action";
import { alarmed } from "./alarms";
import { holdText } from "./fall";
import { type Flag, type FlagValue, exposureOf } from "./flag";
import { retreat, watchedIn } from "./retreat";
import { rise } from "./rise";
import { type FlagSituation, exposureNow, holdFlag, liveValue, recordedOf } from "./situation";
import { nextStop } from "./steps";

/**
 * What is to be done about a flag next, and why: as `decide` says it of a release.
 *
 * What an alarm says comes first and waits for nothing. Then SSM, state and configuration are brought together, always
 * downward. Only then does it rise, and only if all that it needs was seen to be good.
 */
export const decideFlag = (scene: FlagSituation): FlagAction =>
  takenBack(scene) ?? withVersion(scene) ?? together(scene);

/** By an alarm. */
function takenBack(scene: FlagSituation): FlagFall | undefined {
  const found = retreat(watchedIn(scene));
  if (!found) return undefined;
  const { isOff, ...fall } = found;
  const { enabled, percentage, settings } = liveValue(scene) ?? scene.flag;
  if (isOff) return { ...fall, value: { enabled: false, percentage, settings }, edit: { enabled: false } };
  const hold = holdText(fall.reasons.map(({ text }) => text).join("; "));
  const edit = { percentage: fall.to, hold };
  return { ...fall, value: { enabled, percentage: fall.to, settings }, edit };
}

/** With the version that it rose together with, where somebody has fenced that: whoever moved traffic may not have. */
function withVersion(scene: FlagSituation): FlagFall | undefined {
  const { flag, name, fence, state } = scene;
  const beside = state.flags?.[name]?.beside;
  const stands = valueOf(fence);
  const from = exposureNow(scene);
  if (!beside || stands?.version !== beside.version || watchedIn(scene).isSettled) return undefined;
  const to = Math.min(beside.was, exposureOf(flag));
  const isLower = from <= to;
  if (isLower && exposureOf(flag) <= to) return undefined;
  const text = `${name} rose together with ${beside.version}, which was fenced: ${stands.reason}`;
  const { enabled, percentage, settings } = liveValue(scene) ?? flag;
  return {
    ...{ kind: "lower", flag: name, from, to: isLower ? from : to },
    ...(!isLower && { value: { enabled, percentage: to, settings } }),
    edit: enabled ? { percentage: isLower ? percentage : to, hold: holdText(text) } : { enabled: false },
    reasons: [{ code: "fence", text }],
  };
}

function together(scene: FlagSituation): FlagAction {
  const { flag, name, live, state } = scene;
  const hold = (...reasons: Obstacle[]) => holdFlag(scene, reasons);
  if ("unseen" in live) return hold(unseen(name, live.unseen));
  if (!state.flags?.[name]) {
    const text = `${name} has no parameter yet; the next pulumi up makes it`;
    return hold({ code: "behind", text, awaits: "person" });
  }
  if (!live.value) {
    const mend = `pulumi up --refresh makes it anew; turn it off: sluice flags disable ${name}`;
    const text = `${name} has lost its parameter, and applications keep what they read last; ${mend}`;
    return hold({ code: "drift", text, awaits: "person" });
  }
  const [has, recorded, configured] = [exposureOf(live.value.value), recordedOf(scene), exposureOf(flag)];
  if (has < recorded && has < configured) return adopted(scene, live.value.value);
  const agreed = Math.max(recorded, configured);
  if (has > agreed) {
    const text = `${name} has ${has} % of the sessions in SSM, and nobody agreed to more than ${agreed} %`;
    const mend = `sluice flags disable ${name}`;
    return hold({ code: "drift", text: `${text}; turn it off: ${mend}`, awaits: "person" });
  }
  const obstacles = [...locked(scene), ...clockObstacles(scene)];
  if (obstacles.length > 0) return hold(...obstacles);
  if (configured < recorded) return lowered(scene, has);
  return configured > recorded ? rise(scene, configured, true) : onward(scene);
}

/** Somebody has lowered it in SSM, where kill switches act first: configuration follows. */
function adopted({ name, flag, alarms, now }: FlagSituation, live: FlagValue): FlagFall {
  const to = exposureOf(live);
  const said = `somebody has ${live.enabled ? `lowered ${name} to ${to} %` : `disabled ${name}`} in SSM`;
  // The watcher lowers there and writes nothing else: whoever looks at the hold is to know of the alarm.
  const off = alarmed(flag.alarms, valueOf(alarms) ?? {}, { since: undefined, now });
  const text = [said, ...off.map((one) => one.text)].join("; ");
  const edit = live.enabled ? { percentage: to, hold: holdText(text) } : { enabled: false as const };
  return { kind: "adopt", flag: name, from: to, to, edit, reasons: [{ code: "drift", text }] };
}

function lowered(scene: FlagSituation, has: number): FlagAction {
  const { name, flag, beside } = scene;
  const { enabled, percentage } = flag;
  const to = exposureOf(flag);
  const before = liveValue(scene);
  if (has <= to && beside.length > 0) {
    // Sessions have lost it already, and an update of flags alone would record what it has not deployed.
    const more = `configuration asks for more than flags: ${list(beside)}; that comes first`;
    const text = `${name} has ${has} % of the sessions in SSM, and the state is to follow; ${more}`;
    // Where the release brings that, nobody waits for this.
    return holdFlag(scene, [{ code: "behind", text, awaits: "person" }]);
  }
  return {
    ...{ kind: "lower", flag: name, from: has, to, edit: {} },
    ...(before && has > to && { value: { ...before, enabled, percentage } }),
    reasons: [{ code: "asked", text: `configuration asks for ${to} % of the sessions` }],
  };
}

/** SSM, state and configuration say the same: its plan goes on. */
function onward(scene: FlagSituation): FlagAction {
  const { name, flag } = scene;
  const from = exposureOf(flag);
  const begin = `sluice flags set ${name} --percentage ${nextStop(flag, 0)}`;
  const over = overOf(flag, from, name, begin);
  if (over !== undefined) {
    return { kind: "done", flag: name, from, reasons: [{ code: "finished", text: over }] };
  }
  return rise(scene, nextStop(flag, from), false);
}

/** Why its plan has nothing to do; undefined where it goes on. */
function overOf(flag: Flag, from: number, name: string, begin: string): string | undefined {
  if (!flag.enabled) return `${name} is disabled until somebody enables it: ${begin} --enable`;
  if (from === 100) return `all sessions have ${name}`;
  // Whether users meet it at all is a person's decision, unless the plan says how long it stays at 0 %.
  const isBegun = from > 0 || flag.plan.steps[0]?.share === 0;
  return isBegun ? undefined : `nobody has ${name}; to begin: ${begin}`;
}

import { nowIso } from "../../cloud/clock";
import { type FlagAction, isFall, isTakenBack } from "../../model/flags/action";
import { type FlagDecided, begunFlag, isByUpdate, isRising, undeployed } from "../../model/flags/begun";
import { decideFlag } from "../../model/flags/decide";
import { awaitedOf, behindFlags, deedOf, takes } from "../../model/flags/order";
import type { Action } from "../../model/rollout/action";
import type { GateAnswer } from "../../model/rollout/gate";
import type { Seen } from "../../model/rollout/seen";
import { EXIT, type ExitCode } from "../exit";
import { editsByFlag, eventFor, followFlags, putFalls } from "../flags/act";
import { beforeTraffic } from "../flags/lower";
import { observeFlags } from "../flags/observe";
import { notify } from "../notify/notify";
import { type Acting, act } from "./act";
import { codeOf } from "./code";
import { askGate } from "./gates";
import type { Observed } from "./observe";

/** What was decided about flags. */
export interface FlagsDecided {
  readonly actions: readonly FlagAction[];
  /** The release's action, where a flag stands before it. */
  readonly release: Action;
  /** What no update may bring with it, each a sentence. */
  readonly waits: readonly string[];
}

/** Who decides about flags. */
export interface FlagsTicking {
  /** Whether flags may be changed; else what configuration asks for more of stands before a share. */
  readonly mayAct: boolean;
  /** Whether it only goes on with what was deployed. */
  readonly isBegun: boolean;
}

/** Looks at flags and decides about each. */
export async function decideFlags(
  observed: Observed,
  release: Action,
  { mayAct, isBegun }: FlagsTicking,
): Promise<FlagsDecided> {
  const { stack: subject, settings, state, situation } = observed;
  const scenes = await observeFlags({ subject, settings, state, situation });
  const seen = scenes.map((scene) => ({ scene, action: decideFlag(scene) }));
  // A gate's command may take minutes: what falls, of the release or of a flag, does not wait for it.
  const isMoving = "moves" in release && release.moves.length > 0;
  const isUrgent = isMoving || seen.some(({ action }) => isFall(action) && !isByUpdate(action));
  const answers = isUrgent ? seen : await Promise.all(seen.map((one) => answered(one, observed)));
  const waits = isBegun ? undeployed(answers, subject.stack.name) : [];
  const actions = answers.map((one) => begunFlag(one, waits));
  const rising = answers.flatMap(({ scene }, index) => (isRising(scene) ? (actions[index] ?? []) : []));
  return { actions, release: behindFlags(release, rising, mayAct), waits };
}

/** A decision that waits for gates alone is made again with their answers, once. */
async function answered({ scene, action }: FlagDecided, { stack }: Observed): Promise<FlagDecided> {
  if (action.kind !== "hold" || action.asks.length === 0) return { scene, action };
  const context = { subject: stack, folder: stack.project.folder, state: scene.state, flag: scene.name };
  const answers = await Promise.all(
    action.asks.map(async (gate): Promise<[string, Seen<GateAnswer>]> => [
      gate.name,
      await askGate(gate, context),
    ]),
  );
  return { scene, action: decideFlag({ ...scene, gates: Object.fromEntries(answers), now: nowIso() }) };
}

/** What a tick did where flags are declared. */
export interface FlagsDone {
  readonly code: ExitCode;
  /** Flags that were changed; empty where it was the release's turn, or nobody's. */
  readonly did: readonly FlagAction[];
  /** Of what nothing was done about. Absent: something was done, or nothing is left. */
  readonly waits?: Action;
}

/** Does one thing: what falls, or the release's next, or one flag's. @throws Interrupted between two effects */
export async function actWithFlags(decided: FlagsDecided, acting: Acting): Promise<FlagsDone> {
  const { actions, release, waits: undeployed } = decided;
  const deed = deedOf(release, actions);
  const lowering = putFalls(deed.falls, acting.observed.stack, acting.journal);
  if (deed.release) {
    const flags = lowering.failed.then((failed) =>
      editsByFlag(deed.falls.filter(({ flag }) => !failed.includes(flag))),
    );
    const falling = deed.falls.map(({ flag }) => flag);
    if (takes(deed.release)) await beforeTraffic(lowering, falling, acting.journal);
    const code = await act(deed.release, { ...acting, flags });
    const isPassive = deed.release.kind === "hold" || deed.release.kind === "done";
    if (!isPassive) return { code, did: [] };
    const waits =
      awaitedOf(deed.release, actions) ?? ({ kind: "done", reasons: deed.release.reasons } as const);
    return { code: waits.kind === "hold" ? codeOf(waits) : EXIT.done, did: [], waits };
  }
  const failed = await lowering.failed;
  const did = deed.raise ? [deed.raise] : deed.falls;
  const isKept = undeployed.length > 0;
  for (const why of undeployed) acting.journal.tell(`the state does not follow: ${why}`);
  const code = await followFlags(did, { ...acting, writeOnly: acting.writeOnly || isKept });
  if (code !== EXIT.done) return { code, did };
  if (failed.length > 0) return { code: EXIT.drift, did };
  return { code: did.some(isTakenBack) ? EXIT.rolledBack : isKept ? EXIT.held : code, did };
}

/** Tells everybody what was decided about flags. That a flag stays as it is is no news. */
export async function announceFlags(
  actions: readonly FlagAction[],
  { did, code }: FlagsDone,
  observed: Observed,
  tell: (remark: string) => void,
): Promise<void> {
  for (const action of actions) {
    if (!did.includes(action) && action.kind !== "hold") continue;
    const event = { ...eventFor(action, observed), ...(did.includes(action) && { exit: code }) };
    for (const remark of await notify(event, observed.settings.notifications, observed.stack)) tell(remark);
  }
}

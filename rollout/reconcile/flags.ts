import { nowIso } from "../../cloud/clock";
import { type FlagAction, isTakenBack } from "../../model/flags/action";
import { decideFlag } from "../../model/flags/decide";
import { exposureOf } from "../../model/flags/flag";
import { awaitedOf, behindFlags, deedOf } from "../../model/flags/order";
import { type FlagSituation, recordedOf } from "../../model/flags/situation";
import type { Action } from "../../model/rollout/action";
import type { GateAnswer } from "../../model/rollout/gate";
import type { Seen } from "../../model/rollout/seen";
import { EXIT, type ExitCode } from "../exit";
import { editsByFlag, eventFor, followFlags, putFalls } from "../flags/act";
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
}

/**
 * Looks at flags and decides about each.
 *
 * @param mayAct whether whoever ticks may change flags; else what configuration asks for more of stands before a share
 */
export async function decideFlags(
  observed: Observed,
  release: Action,
  mayAct: boolean,
): Promise<FlagsDecided> {
  const { stack: subject, settings, state, situation } = observed;
  const scenes = await observeFlags({ subject, settings, state, situation });
  const actions = await Promise.all(scenes.map((scene) => answered(scene, observed)));
  const rising = actions.filter((_, index) => isRising(scenes[index]));
  return { actions, release: behindFlags(release, rising, mayAct) };
}

const isRising = (scene: FlagSituation | undefined): boolean =>
  scene !== undefined && exposureOf(scene.flag) > recordedOf(scene);

/** A decision that waits for gates alone is made again with their answers, once. */
async function answered(scene: FlagSituation, { stack }: Observed): Promise<FlagAction> {
  const action = decideFlag(scene);
  if (action.kind !== "hold" || action.asks.length === 0) return action;
  const context = { subject: stack, folder: stack.project.folder, state: scene.state, flag: scene.name };
  const answers = await Promise.all(
    action.asks.map(async (gate): Promise<[string, Seen<GateAnswer>]> => [
      gate.name,
      await askGate(gate, context),
    ]),
  );
  return decideFlag({ ...scene, gates: Object.fromEntries(answers), now: nowIso() });
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
export async function actWithFlags({ actions, release }: FlagsDecided, acting: Acting): Promise<FlagsDone> {
  const deed = deedOf(release, actions);
  const failed = await putFalls(deed.falls, acting.observed.stack, acting.journal);
  if (deed.release) {
    const fell = deed.falls.filter(({ flag }) => !failed.includes(flag));
    const code = await act(deed.release, { ...acting, flags: editsByFlag(fell) });
    const isPassive = deed.release.kind === "hold" || deed.release.kind === "done";
    if (!isPassive) return { code, did: [] };
    const waits =
      awaitedOf(deed.release, actions) ?? ({ kind: "done", reasons: deed.release.reasons } as const);
    return { code: waits.kind === "hold" ? codeOf(waits) : EXIT.done, did: [], waits };
  }
  const did = deed.raise ? [deed.raise] : deed.falls;
  const code = await followFlags(did, acting);
  if (code !== EXIT.done) return { code, did };
  return { code: failed.length > 0 ? EXIT.drift : did.some(isTakenBack) ? EXIT.rolledBack : code, did };
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

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { FlagEdit } from "../../model/flags/action";
import { withRelease } from "../../model/flags/fall";
import { fallingWith, knownOf } from "../../model/known";
import { cachesLeft } from "../../model/providers/caches";
import { COLOURS, type Colour } from "../../model/release";
import type { Action, Change, Edit, Lowering } from "../../model/rollout/action";
import { withProgram } from "../../model/delivery/program";
import { messageOf } from "../../model/message";
import { eventOf } from "../../model/rolloutEvent";
import { valueOf } from "../../model/rollout/seen";
import type { Settings } from "../../model/settings";
import type { State } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { reasonOf } from "../failure";
import { lowerFlags } from "../flags/lower";
import { programHere } from "../delivery/program";
import { lockOf } from "../lock/lock";
import { packs } from "../packs";
import { type Converged, updateState, writeConfiguration } from "../rollback/converge";
import { Hold } from "../rollback/hold";
import type { Journal } from "../rollback/journal";
import { moveTraffic, putFence } from "../rollback/traffic";
import { codeOf } from "./code";
import type { Observed } from "./observe";
import { isRecordable, isWhole } from "./whole";

/** What an action is done with. */
export interface Acting {
  readonly observed: Observed;
  readonly journal: Journal;
  /** Whether the update is left to whoever applies configuration. */
  readonly writeOnly: boolean;
  /** Looked at between effects. */
  readonly stop: AbortSignal;
  /** Called once a retreat has moved traffic: the state may follow much later. */
  readonly moved?: () => void;
  /** What configuration is to say of flags that fall in SSM meanwhile, by name. Default: what it says. */
  readonly flags?: Promise<FlagEdits>;
  /** Finds why no update may be of the whole stack, each a sentence. Default: it may. */
  readonly waits?: () => Promise<readonly string[]>;
}

type FlagEdits = Readonly<Record<string, FlagEdit>>;

/** The same, once flags have fallen. */
type Writing = Omit<Acting, "flags"> & { readonly flags?: FlagEdits | undefined };

/**
 * Does what was decided, one effect after another. Whoever is killed between two of them is followed by the next tick:
 * traffic falls before configuration says so, and rises after it.
 *
 * @throws Interrupted between two effects
 */
export async function act(action: Action, acting: Acting): Promise<ExitCode> {
  switch (action.kind) {
    case "hold":
      return codeOf(action);
    case "done":
      return EXIT.done;
    case "prepare":
    case "shift":
    case "promote":
      return change(action, acting);
    default:
      return lower(action, acting);
  }
}

async function change(action: Change, acting: Acting): Promise<ExitCode> {
  const writing = { ...acting, flags: await acting.flags };
  if (!write(action.edit, writing)) return EXIT.drift;
  return ended(await follow(action, writing), EXIT.done);
}

async function lower(action: Lowering, acting: Acting): Promise<ExitCode> {
  const { kind, fence, moves, edit, refused, reasons } = action;
  const { observed, journal, stop } = acting;
  if (kind !== "retreat") {
    // What somebody's update has just begun to move is not levelled under it.
    const lock = await lockOf(observed.engine);
    if ("unseen" in lock || lock.value) {
      journal.tell("unseen" in lock ? `NOT done: the lock: ${lock.unseen}` : "NOT done: an update has begun");
      return "unseen" in lock ? EXIT.unobserved : EXIT.locked;
    }
  }
  stop.throwIfAborted();
  const [first] = reasons;
  const reason = first?.text ?? kind;
  const isBack = kind === "retreat" && moves.length > 0;
  const [fencing, flagging] = await Promise.all([
    fence === undefined
      ? undefined
      : putFence(observed.stack, { version: fence, reason, by: observed.by }, journal),
    lowerFlags(observed.stack, isBack ? fallingIn(action, observed) : {}, journal, { after: acting.flags }),
  ]);
  // A fence without the move would leave users where they are: the two are one deed.
  const failed = await moveTraffic(observed.stack, moves, journal);
  if (kind === "retreat" && moves.length > Object.keys(failed).length) acting.moved?.();
  const hold = isBack ? holdOf(action, acting) : undefined;
  const fell = await flagging.ended;
  const flags = { ...withRelease(fell, reason, observed.settings.flags), ...(await acting.flags) };
  const converged = await lowered(action, { ...acting, flags }, hold);
  if (converged !== "updated") await hold?.settle();
  const isFenced = (await fencing?.ended) !== false;
  if (Object.keys(failed).length > 0 || !isFenced) return EXIT.drift;
  const caches = isBack ? cachesLeftBy(action, observed.settings) : undefined;
  if (caches !== undefined) journal.tell(caches);
  for (const { id, message } of refused) journal.tell(`the update is refused by ${id}: ${message}`);
  if (refused.length > 0 && Object.keys(edit).length > 0 && !isBack) return EXIT.drift;
  const isKept = !isBack && converged === "left" && (await waitsOf(acting)).length > 0;
  return ended(converged, isBack ? EXIT.rolledBack : isKept ? EXIT.held : EXIT.done);
}

/** Configuration and state follow traffic. */
async function lowered(action: Lowering, acting: Writing, hold: Hold | undefined): Promise<Converged> {
  const { edit, refused } = action;
  if (Object.keys(edit).length === 0 && Object.keys(acting.flags ?? {}).length === 0) return "left";
  acting.stop.throwIfAborted();
  if (!write(edit, acting)) return "failed";
  return refused.length > 0 ? "left" : follow(action, acting, hold);
}

/** The colour that a retreat takes traffic from. */
const leftBy = ({ moves }: Lowering): Colour | undefined =>
  COLOURS.find((colour) => moves.some(({ rule, shares }) => shares[colour] < rule.shares[colour]));

function cachesLeftBy(action: Lowering, settings: Settings): string | undefined {
  const left = leftBy(action);
  const isEmptied = left && action.moves.every(({ shares }) => shares[left] === 0);
  return isEmptied ? cachesLeft(settings, left) : undefined;
}

/** Flags that rose together with the version that a retreat takes traffic from. */
function fallingIn(action: Lowering, { situation }: Observed): Readonly<Record<string, number>> {
  const recorded = valueOf(situation.recorded);
  const left = leftBy(action);
  return recorded && left ? fallingWith(knownOf(recorded), recorded.release[left].version) : {};
}

/** Keeps traffic where a retreat has moved it. */
function holdOf({ edit, moves }: Lowering, { observed, journal }: Acting): Hold {
  const rises = (colour: Colour) => moves.some(({ rule, shares }) => shares[colour] > rule.shares[colour]);
  const { live, traffic } = { ...observed.settings.release, ...edit };
  const to = COLOURS.find(rises) ?? live;
  return new Hold(observed.stack, { to, share: traffic[to] }, journal);
}

/** @returns whether configuration asks for it now */
function write(edit: Edit, { observed, journal, flags = {} }: Writing): boolean {
  const { path, text } = observed.stack.stack;
  try {
    // What was decided about is no longer there.
    if (readFileSync(path, "utf8") !== text) {
      journal.tell(`NOT written: ${basename(path)} was changed meanwhile; run this again`);
      return false;
    }
    if (Object.keys({ ...edit, ...flags }).length > 0)
      writeConfiguration(observed.stack.stack, edit, journal, flags);
    return true;
  } catch (error) {
    journal.tell(`NOT written: ${basename(path)}: ${reasonOf(error)}`);
    return false;
  }
}

/** The update after an edit: of rules and transition alone where nothing else is to be changed. */
async function follow(action: Change | Lowering, writing: Writing, hold?: Hold): Promise<Converged> {
  const { observed, journal, writeOnly, stop } = writing;
  if (writeOnly) return "left";
  stop.throwIfAborted();
  // To ask what was deployed takes time in which an update that runs may give users back what they were taken from.
  const [waits] = await Promise.all([waitsOf(writing), writing.waits && hold?.settle()]);
  stop.throwIfAborted();
  const { engine, settings, stack, by, situation } = observed;
  const state = stateOf(observed);
  const message = messageOf(
    eventOf(action, settings, state.recorded, {
      ...{ stack: stack.stack.name, app: stack.app, environment: stack.environment },
      ...{ by, at: situation.now },
    }),
  );
  const isKept = isWhole(action, observed) && waits.length > 0;
  if (isKept) for (const why of waits) journal.tell(`the rest of the stack stays as it is: ${why}`);
  if (isKept && !isRecordable(action, observed)) return "left";
  // What takes traffic back does not wait for a policy.
  const judges = action.kind === "retreat" ? [] : packs(stack);
  const update = async () =>
    isWhole(action, observed) && !isKept
      ? engine.updateAll(withProgram(message, await programHere(stack)), judges)
      : engine.update(state.shifted, message);
  return updateState({ update, journal, waitSeconds: 0, ...(hold && { hold }) });
}

const waitsOf = ({ waits }: Pick<Acting, "waits">): Promise<readonly string[]> =>
  waits?.() ?? Promise.resolve([]);

/** Nothing is decided without it. */
const stateOf = ({ state }: Observed): State => ("value" in state ? state.value : { shifted: [] });

const ended = (converged: Converged, code: ExitCode): ExitCode =>
  converged === "failed" ? EXIT.drift : converged === "locked" ? EXIT.locked : code;

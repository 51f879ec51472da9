import type { FlagAction } from "../../model/flags/action";
import type { Action } from "../../model/rollout/action";
import { decide } from "../../model/rollout/decide";
import { valueOf } from "../../model/rollout/seen";
import { eventOf } from "../../model/rolloutEvent";
import { EXIT, type ExitCode } from "../exit";
import { notify } from "../notify/notify";
import type { Journal } from "../rollback/journal";
import { stackSubject } from "../subject";
import { act } from "./act";
import { ask } from "./ask";
import { begun } from "./begun";
import { actWithFlags, announceFlags, decideFlags } from "./flags";
import { type Observed, type Wanted, observe } from "./observe";

/** What is to be reconciled, and how far. */
export interface Ticking extends Wanted {
  /** The folder that it is called from. */
  readonly folder: string;
  readonly stack: string;
  readonly journal: Journal;
  /** Looked at between effects. */
  readonly stop: AbortSignal;
  /** What may be done; anything else is told and left. Default: everything. */
  readonly only?: readonly Action["kind"][];
  /** Whether the update is left to whoever applies configuration. Default: no. */
  readonly writeOnly?: boolean;
  /** Whether flags go their plans' ways too. Default: they are looked at alone. */
  readonly flags?: boolean;
  /** Whether it only goes on with what was deployed, and deploys nothing new. Default: no. */
  readonly begun?: boolean;
  /** Told of what was seen and decided, before anything is done. */
  readonly decided?: (
    observed: Observed,
    action: Action,
    isLeft: boolean,
    flags: readonly FlagAction[],
  ) => void;
}

/** What a tick found and did. */
export interface Ticked {
  readonly observed: Observed;
  readonly action: Action;
  /** Whether it may not be done by what was called. */
  readonly isLeft: boolean;
  readonly code: ExitCode;
  /** What was decided about flags. Default: there are none. */
  readonly flags?: readonly FlagAction[];
  /** Flags that were changed. Default: none. */
  readonly did?: readonly FlagAction[];
  /** What is waited for where nothing was done. Default: the action. */
  readonly waits?: Action;
}

/**
 * Observes, decides and acts once. It keeps nothing: whoever is killed in it is followed by the next one, which sees
 * what is there.
 *
 * @throws UsageError where the stack's settings are at fault; Interrupted between two effects
 */
export async function tick(ticking: Ticking): Promise<Ticked> {
  const {
    folder,
    stack: name,
    journal,
    stop,
    only,
    writeOnly = false,
    decided,
    flags: mayAct = false,
  } = ticking;
  const first = await observe(stackSubject(folder, name), ticking);
  stop.throwIfAborted();
  const { observed, action: asked } = await answered(first);
  const isBegun = ticking.begun === true;
  const found = await decideFlags(observed, asked, { mayAct, isBegun });
  const { actions: flags, release } = found;
  const { action, waits } = isBegun ? await begun(release, observed, found.waits) : { action: release };
  const isLeft = only !== undefined && !isPassive(action) && !isAmong(only, action);
  decided?.(observed, action, isLeft, flags);
  stop.throwIfAborted();
  if (isLeft) return { observed, action, isLeft, code: codeLeft(action), flags };
  let telling: Promise<void> | undefined;
  const moved = (): void => {
    telling = announce(observed, action, undefined, journal);
  };
  const acting = { observed, journal, writeOnly, stop, moved, ...(waits && { waits }) };
  const done = mayAct
    ? await actWithFlags({ ...found, release: action }, acting)
    : { code: await act(action, acting), did: [] };
  const { code, did } = done;
  const isTold = telling !== undefined && code === EXIT.rolledBack;
  const isWritten = writeOnly && "edit" in action;
  await telling;
  if (!isTold && !isWritten && did.length === 0) await announce(observed, action, code, journal);
  if (mayAct) await announceFlags(flags, done, observed, (remark) => journal.tell(remark));
  return { observed, action, isLeft, flags, ...done };
}

/** A retreat that only configuration asks for is nobody's hurry. */
const isAmong = (kinds: readonly Action["kind"][], action: Action): boolean =>
  kinds.includes(action.kind) && (action.kind !== "retreat" || action.moves.length > 0);

/** Whether nothing is to be done about it. */
export const isPassive = ({ kind }: Pick<Action | FlagAction, "kind">): boolean =>
  kind === "hold" || kind === "done";

/** A decision that waits for an answer alone is made again with it, once. */
async function answered(observed: Observed): Promise<{ observed: Observed; action: Action }> {
  const action = decide(observed.situation);
  const recorded = valueOf(observed.situation.recorded);
  if (action.kind !== "hold" || action.asks.length === 0 || !recorded) return { observed, action };
  const situation = await ask(observed, recorded, action);
  return { observed: { ...observed, situation }, action: decide(situation) };
}

const codeLeft = ({ kind }: Action): ExitCode =>
  kind === "level" || kind === "adopt" ? EXIT.drift : EXIT.held;

/** Tells everybody. Nothing waits for that to succeed. @param exit undefined: it goes on */
async function announce(
  observed: Observed,
  action: Action,
  exit: ExitCode | undefined,
  journal: Journal,
): Promise<void> {
  const { settings, situation, stack, by } = observed;
  const event = eventOf(action, settings, valueOf(situation.recorded), {
    ...{ stack: stack.stack.name, app: stack.app, environment: stack.environment },
    ...{ by, at: situation.now },
    ...(exit !== undefined && { exit }),
  });
  for (const remark of await notify(event, settings.notifications, stack)) journal.tell(remark);
}

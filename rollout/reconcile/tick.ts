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
  /** Told of what was seen and decided, before anything is done. */
  readonly decided?: (observed: Observed, action: Action, isLeft: boolean) => void;
}

/** What a tick found and did. */
export interface Ticked {
  readonly observed: Observed;
  readonly action: Action;
  /** Whether it may not be done by what was called. */
  readonly isLeft: boolean;
  readonly code: ExitCode;
}

/**
 * Observes, decides and acts once. It keeps nothing: whoever is killed in it is followed by the next one, which sees
 * what is there.
 *
 * @throws UsageError where the stack's settings are at fault; Interrupted between two effects
 */
export async function tick(ticking: Ticking): Promise<Ticked> {
  const { folder, stack: name, journal, stop, only, writeOnly = false, decided } = ticking;
  const first = await observe(stackSubject(folder, name), ticking);
  stop.throwIfAborted();
  const { observed, action } = await answered(first);
  const isLeft = only !== undefined && !isPassive(action) && !isAmong(only, action);
  decided?.(observed, action, isLeft);
  stop.throwIfAborted();
  if (isLeft) return { observed, action, isLeft, code: codeLeft(action) };
  let telling: Promise<void> | undefined;
  const moved = (): void => {
    telling = announce(observed, action, undefined, journal);
  };
  const code = await act(action, { observed, journal, writeOnly, stop, moved });
  const isTold = telling !== undefined && code === EXIT.rolledBack;
  const isWritten = writeOnly && "edit" in action;
  await telling;
  if (!isTold && !isWritten) await announce(observed, action, code, journal);
  return { observed, action, isLeft, code };
}

/** A retreat that only configuration asks for is nobody's hurry. */
const isAmong = (kinds: readonly Action["kind"][], action: Action): boolean =>
  kinds.includes(action.kind) && (action.kind !== "retreat" || action.moves.length > 0);

/** Whether nothing is to be done about it. */
export const isPassive = ({ kind }: Action): boolean => kind === "hold" || kind === "done";

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

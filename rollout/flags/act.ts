import type { FlagAction, FlagEdit, FlagFall, FlagRaise } from "../../model/flags/action";
import { flagEvent } from "../../model/flags/event";
import { messageOf } from "../../model/message";
import { type ConfigurationEdit, editConfiguration } from "../configuration";
import { EXIT, type ExitCode } from "../exit";
import { reasonOf } from "../failure";
import type { Observed } from "../reconcile/observe";
import { replaceFile } from "../rollback/converge";
import type { Journal } from "../rollback/journal";
import { valueOf } from "../../model/rollout/seen";
import { readFileSync } from "node:fs";
import { editText, flagsEdit } from "./edit";
import type { Subject } from "../subject";
import { follow } from "./follow";
import { type Lowering, startLowering } from "./lower";
import { codeOf } from "./outcome";

/** What flags are changed with. */
export interface FlagActing {
  readonly observed: Observed;
  readonly journal: Journal;
  /** Whether the update is left to whoever applies configuration. */
  readonly writeOnly: boolean;
  /** Looked at between effects. */
  readonly stop: AbortSignal;
}

/** A flag that falls, and what it is to say then. */
type Putting = Pick<FlagFall, "flag" | "value" | "to">;

/** What SSM is to say of flags before anything else. It never throws. */
export function putFalls(falls: readonly Putting[], subject: Subject, journal: Journal): Lowering {
  const values = falls.flatMap(({ flag, value, to }) => (value ? [{ flag, value, to }] : []));
  const falling = values.map(({ flag, value, to }) => [flag, value.enabled ? to : "off"] as const);
  const otherwise = Object.fromEntries(values.map(({ flag, value }) => [flag, value]));
  return startLowering(subject, Object.fromEntries(falling), journal, { otherwise });
}

/** What configuration is to say of flags that fall or rise, by name. */
export const editsByFlag = (actions: readonly (FlagFall | FlagRaise)[]): Readonly<Record<string, FlagEdit>> =>
  Object.fromEntries(actions.map(({ flag, edit }) => [flag, edit]));

/** Configuration says it, then an update of flags follows. */
export async function followFlags(
  actions: readonly (FlagFall | FlagRaise)[],
  acting: FlagActing,
): Promise<ExitCode> {
  const { observed, journal, writeOnly, stop } = acting;
  const { stack, engine, state } = observed;
  const { path } = stack.stack;
  stop.throwIfAborted();
  const text = write(flagsEdit(stack.stack.text, editsByFlag(actions)), acting);
  if (text === undefined) return EXIT.drift;
  if (writeOnly) return EXIT.done;
  stop.throwIfAborted();
  const message = actions.map((action) => messageOf(eventFor(action, observed))).join("\n\n");
  const whole = valueOf(state);
  const converged = await follow({
    ...{ engine, path, text, journal, message, waitSeconds: 0 },
    ...(whole && { state: whole }),
  });
  return codeOf(converged);
}

/** @returns the file's text; undefined where it could not be written */
function write(edit: ConfigurationEdit, { observed, journal }: FlagActing): string | undefined {
  const { path, text } = observed.stack.stack;
  try {
    // What was decided about is no longer there.
    if (readFileSync(path, "utf8") !== text) {
      journal.tell("NOT written: the stack file was changed meanwhile; run this again");
      return undefined;
    }
    const edited = editConfiguration(text, edit);
    if (edited === text) return text;
    replaceFile(path, edited);
    journal.did("write", `${path}: ${editText(edit)}`);
    return edited;
  } catch (error) {
    journal.tell(`NOT written: ${reasonOf(error)}`);
    return undefined;
  }
}

/** A flag's decision as history and notifications have it. */
export const eventFor = (action: FlagAction, { stack, situation, by, settings }: Observed) =>
  flagEvent(action, settings.release.live, {
    ...{ stack: stack.stack.name, app: stack.app, environment: stack.environment },
    ...{ by, at: situation.now },
  });

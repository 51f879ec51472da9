import { Parameters } from "../../cloud/parameters";
import { type Fence, parseFence } from "../../model/guard";
import { type Update, historyOf } from "../../model/history";
import { fenceParameter } from "../../model/names";
import type { Seen } from "../../model/rollout/seen";
import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError, reasonOf } from "../failure";
import { historyText } from "../historyText";
import { wholeNumber } from "../rollback/options";
import { type Subject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { stateOf } from "../stateOf";

export interface HistoryOptions {
  readonly stack: string;
  readonly json?: boolean;
  /** Updates to be shown at most. Default: 20, and with `json` all. */
  readonly limit?: string;
}

const SHOWN = 20;

/** Updates that are read beyond those shown: the oldest one's shares were set by one before it, and some failed. */
const BEFORE = 10;

/**
 * Prints what happened to a stack: who, what, when, why.
 *
 * @returns 6 where a part could not be observed; the rest is shown all the same
 * @throws UsageError where there is no such stack; UnobservedError where the history itself cannot be seen
 */
export async function history(options: HistoryOptions, terminal: Terminal): Promise<ExitCode> {
  const subject = stackSubject(terminal.folder, options.stack);
  const { project, stack, app, environment, region } = subject;
  const asked = options.limit === undefined ? undefined : wholeNumber("--limit", options.limit, 100_000, 1);
  const limit = asked ?? (options.json ? undefined : SHOWN);
  const engine = new Engine(project.folder, stack.name);
  const [updates, state, fence] = await Promise.all([
    updatesOf(engine, limit === undefined ? 0 : limit + BEFORE),
    stateOf(engine),
    fenceOf(subject),
  ]);
  const whole = historyOf(updates, state.recorded);
  const shown = { ...whole, entries: whole.entries.slice(0, limit) };
  const unseen = [...state.unseen, ...("unseen" in fence ? [fence.unseen] : [])];
  const now = "value" in fence ? (fence.value ?? null) : undefined;
  const place = { stack: stack.name, app, environment, region };
  terminal.print(
    options.json
      ? JSON.stringify({ schema: 1, ...place, fence: now ?? null, ...shown, unseen }, null, 2)
      : historyText(place, {
          history: shown,
          left: whole.entries.length - shown.entries.length,
          fence: now,
          unseen,
        }),
  );
  return unseen.length > 0 ? EXIT.unobserved : EXIT.done;
}

async function updatesOf(engine: Engine, most: number): Promise<readonly Update[]> {
  try {
    return await engine.history(most);
  } catch (error) {
    throw new UnobservedError(`the history could not be observed: ${reasonOf(error)}`);
  }
}

async function fenceOf({ app, environment, region }: Subject): Promise<Seen<Fence | undefined>> {
  try {
    const text = await new Parameters(region).get(fenceParameter(app, environment));
    return { value: text === undefined ? undefined : parseFence(text) };
  } catch (error) {
    return { unseen: `the fence could not be observed: ${reasonOf(error)}` };
  }
}

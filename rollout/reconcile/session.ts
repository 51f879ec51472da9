import type { FlagAction } from "../../model/flags/action";
import type { Action } from "../../model/rollout/action";
import { valueOf } from "../../model/rollout/seen";
import { EXIT, type ExitCode } from "../exit";
import { type Effect, Journal } from "../rollback/journal";
import { duration } from "../times";
import type { Terminal } from "../terminal";
import { WIDTH, beside } from "../wrapped";
import { Interrupted, interruptible } from "./interrupt";
import { type Ticked, type Ticking, isPassive, tick } from "./tick";
import { flagTold, told } from "./told";

/** What every command takes that reconciles. */
export interface ReconcileOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly writeOnly?: boolean;
}

/** How a command goes about it. */
export interface Calling extends Pick<Ticking, "only" | "wish" | "flags" | "begun"> {
  /** What it tells where a decision is not its to carry out. */
  readonly leave?: string;
  /** Told of each effect when it has happened. */
  readonly observe?: (effect: Effect) => void;
}

/** One tick after the other, each telling what is new in it. */
export interface Session {
  tick(): Promise<Ticked>;
  /** Tells something beside what ticks tell. */
  tell(what: string): void;
  readonly stop: AbortSignal;
}

/**
 * Ticks as `work` wants, and tells a person what was seen, decided and done, or a machine the same: a line of JSON for
 * each tick that found or did something new.
 *
 * @throws UsageError where the stack's settings are at fault
 */
export async function session(
  { stack, json = false, writeOnly = false }: ReconcileOptions,
  terminal: Terminal,
  { leave, observe, ...limits }: Calling,
  work: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const tell = (what: string): void => {
    if (!json) for (const line of beside("", what)) terminal.print(line);
  };
  const last = { news: "", isNew: false };
  let began = terminal.began;
  const decided: Ticking["decided"] = (observed, action, isLeft, flags) => {
    const news = [action, ...flags].map(newsOf).join("\n");
    last.isNew = news !== last.news || ![action, ...flags].every(isPassive);
    last.news = news;
    const lines = () => [...told(observed, action), ...flags.flatMap((one) => flagTold(one, observed))];
    if (last.isNew && !json) for (const line of lines()) terminal.print(line);
    if (isLeft) tell(`NOT done: ${leave ?? ""}`);
  };
  const once = async (stop: AbortSignal): Promise<Ticked> => {
    const narrow = { ...terminal, print: (text: string) => terminal.print(fitted(text)) };
    const journal = new Journal({ ...narrow, ...(began !== undefined && { began }) }, json, observe);
    const ticked = await tick({
      ...limits,
      ...{ folder: terminal.folder, stack, journal, stop, writeOnly, decided },
    });
    const { action, code, isLeft } = ticked;
    if (json && last.isNew) terminal.print(JSON.stringify(recordOf(ticked, journal)));
    const how = code === EXIT.drift ? "broken off" : code === EXIT.locked ? "waits for the lock" : "done";
    if (!isLeft && (ticked.did?.length || !isPassive(action)))
      tell(`${how}, after ${duration(journal.elapsed() / 1000)}`);
    began = performance.now();
    return ticked;
  };
  return interruptible(tell, async (stop) => {
    try {
      return await work({ tick: () => once(stop), tell, stop });
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      tell(`${error.message}; call it again: it goes on with what is there`);
      return EXIT.held;
    }
  });
}

/** Characters before what a journal tells. */
const MARGIN = 26;

/** What a journal tells, on lines of a terminal. */
const fitted = (text: string): string =>
  text
    .split("\n")
    .flatMap((line) =>
      line.length <= WIDTH ? line : beside(line.slice(0, MARGIN), line.slice(MARGIN), MARGIN),
    )
    .join("\n");

/** What makes a decision another one for people: not that a figure in it has moved on. */
const newsOf = ({ kind, reasons }: Pick<Action | FlagAction, "kind" | "reasons">): string =>
  JSON.stringify([kind, reasons.map(({ code, rule, text }) => [code, rule, text.replaceAll(/\d+/g, "")])]);

function recordOf(
  { observed, action, isLeft, code, flags = [], did = [] }: Ticked,
  { entries }: Journal,
): object {
  const { stack, situation, by } = observed;
  const { app, environment, region } = stack;
  const { kind, reasons, ...rest } = action;
  const state = valueOf(situation.recorded);
  const rules = valueOf(situation.rules);
  return {
    schema: 1,
    ...{ stack: stack.stack.name, app, environment, region, at: situation.now, by, code },
    decision: {
      ...{ kind, reasons, left: isLeft },
      ...("asks" in rest && {
        asks: rest.asks.map((one) => (one === "validation" ? one : `gate ${one.name}`)),
      }),
      ...("edit" in rest && { edit: rest.edit }),
      ...("moves" in rest && {
        fence: rest.fence ?? null,
        moves: rest.moves.map(({ rule, shares }) => ({
          service: rule.service,
          from: rule.shares,
          to: shares,
        })),
        refused: rest.refused.map(({ id, message }) => ({ rule: id, message })),
      }),
    },
    ...(flags.length > 0 && {
      flags: flags.map((one) => ({
        ...{ flag: one.flag, kind: one.kind, from: one.from, to: "to" in one ? one.to : one.from },
        ...{ reasons: one.reasons, did: did.includes(one) },
      })),
    }),
    release: state ? { ...state.release, since: state.since } : null,
    rules: rules ? Object.fromEntries(rules.map(({ service, shares }) => [service, shares])) : null,
    journal: entries,
  };
}

import { CLOCK, machineTime, paced, parsePace } from "../cloud/clock";
import { SETTLING_SECONDS } from "../model/analysis/minutes";
import type { Colour } from "../model/release";
import type { Decision } from "./call";
import type { Struck } from "./faults/strike";

/** How the program reacted to a fault by itself; in seconds of the machine's time, from the fault on. */
export interface Reaction {
  /** What was broken. */
  readonly fault: string;
  readonly colour: Colour;
  /** Whether pods give the broken answers themselves, so that every failure names its colour. */
  readonly isAnswered: boolean;
  /** When the signal was there: metrics of the first whole minute with the fault, by the clock, or the fault itself. */
  readonly signal: number;
  /** Until the program had decided to take traffic back; absent where it did not. */
  readonly decided?: number;
  /** Until no rule gave the colour any new user; absent where they still do. */
  readonly moved?: number;
  /** Until all that it does about it was done: configuration and state had followed, too. */
  readonly complete: number;
}

const MINUTE = 60_000;

/** What takes traffic from a version, as `tick` and `run` call it, and `watch`. */
const BACK: readonly string[] = ["retreat", "lowered"];

/**
 * How the program reacted to the first fault that a colour's users met.
 *
 * @param moved when no rule gave the colour any user, by `performance.now()`; undefined where one still did
 * @param ended when the last call had ended, likewise
 * @returns undefined where there was no such fault
 */
export function reactionTo(
  struck: readonly Struck[],
  decisions: readonly Decision[],
  times: { readonly moved: number | undefined; readonly ended: number },
  env: Readonly<Record<string, string>>,
): Reaction | undefined {
  const first = struck.find(({ colour }) => colour !== undefined);
  if (!first?.colour) return undefined;
  const since = (at: number) => Math.round(at - first.at) / 1_000;
  const decision = decisions.find(({ kind, at }) => BACK.includes(kind) && at >= first.at);
  return {
    ...{ fault: first.text, colour: first.colour, isAnswered: first.fault.kind === "error-rate" },
    signal: first.isMeasured
      ? signalSeconds(machineTime().getTime() - (performance.now() - first.at), env)
      : 0,
    ...(decision && { decided: since(decision.at) }),
    ...(times.moved !== undefined && { moved: since(times.moved) }),
    complete: since(times.ended),
  };
}

/**
 * Seconds of the machine's time from a moment until CloudWatch tells of the first whole minute after it.
 *
 * @param machine milliseconds since 1970
 */
export function signalSeconds(machine: number, env: Readonly<Record<string, string>>): number {
  const pace = env[CLOCK] ? parsePace(env[CLOCK]) : { speed: 1, beginning: 0 };
  const at = paced(pace, machine);
  const known = Math.ceil(at / MINUTE) * MINUTE + MINUTE + 1_000 * SETTLING_SECONDS;
  return Math.round((known - at) / pace.speed) / 1_000;
}

import { setTimeout as pause } from "node:timers/promises";

/**
 * Environment in which a rehearsal says how fast time passes: `SPEED@BEGINNING`, for example
 * `60@2026-03-01T18:00:00.000Z`. All processes of one rehearsal have the same, so that their clocks agree.
 */
export const CLOCK = "SLUICE_CLOCK";

/** How much faster than the machine's own time a release's may pass: at the most an hour in a minute. */
export const MOST_SPEED = 60;

/** How time passes. */
export interface Pace {
  /** Seconds of release time in a second of the machine's, 1 to {@link MOST_SPEED}. */
  readonly speed: number;
  /** Until then both were the same; milliseconds since 1970. */
  readonly beginning: number;
}

/** An environment asks for a pace that there is not, or may not be where it is. */
export class ClockError extends Error {
  override readonly name = "ClockError";
}

const EVEN: Pace = { speed: 1, beginning: 0 };

/** The pace that begins now. @throws RangeError for a speed that is none */
export function paceFromNow(speed: number): Pace {
  if (!(speed >= 1 && speed <= MOST_SPEED))
    throw new RangeError(`the speed is ${speed}; it must be from 1 to ${MOST_SPEED}`);
  return { speed, beginning: machineTime().getTime() };
}

/** A pace as the environment has it; nothing where time passes as it does anyway. */
export const paceText = ({ speed, beginning }: Pace): string | undefined =>
  speed === 1 ? undefined : `${speed}@${new Date(beginning).toISOString()}`;

/**
 * The pace that a text names. @throws ClockError where it names none
 *
 * @param text as {@link paceText} gives it
 */
export function parsePace(text: string): Pace {
  const [, figure = "", iso = ""] = /^(\d+(?:\.\d+)?)@(.+)$/.exec(text) ?? [];
  const [speed, beginning] = [Number(figure), Date.parse(iso)];
  if (speed >= 1 && speed <= MOST_SPEED && !Number.isNaN(beginning)) return { speed, beginning };
  throw new ClockError(
    `${CLOCK}: found "${text}"; allowed: SPEED@TIME with a speed from 1 to ${MOST_SPEED}, ` +
      `such as 60@2026-03-01T18:00:00.000Z; mend it: unset ${CLOCK}`,
  );
}

/**
 * The pace that an environment asks for. A release on AWS bakes in the time of its users, so any but the machine's own
 * is refused where AWS is not on this machine.
 *
 * @throws ClockError where it is not, or the text names no pace
 */
export function paceIn(environment: Readonly<Record<string, string | undefined>>): Pace {
  const text = environment[CLOCK];
  if (text === undefined || text === "") return EVEN;
  const pace = parsePace(text);
  const endpoints = Object.entries(environment).filter(
    ([name, value]) => name.startsWith("AWS_ENDPOINT_URL") && value !== undefined && value !== "",
  );
  const away = endpoints.filter(([, url]) => !isLoopback(url ?? ""));
  const ignored = /^true$/i.test(environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] ?? "");
  if (endpoints.some(([name]) => name === "AWS_ENDPOINT_URL") && away.length === 0 && !ignored) return pace;
  const found = ignored
    ? "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"
    : away.map(([name, url]) => `${name}=${url ?? ""}`).join(", ") || "no AWS_ENDPOINT_URL";
  throw new ClockError(
    `${CLOCK}=${text}: found ${found}; time may pass faster only where AWS_ENDPOINT_URL is on this machine, ` +
      `as in a rehearsal; mend it: unset ${CLOCK}`,
  );
}

/** Whether a URL leads to this machine and nowhere else. */
function isLoopback(url: string): boolean {
  try {
    const { hostname } = new URL(url);
    return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
  } catch {
    return false;
  }
}

/** Release time by a pace, of a time of the machine's; both in milliseconds since 1970. */
export const paced = ({ speed, beginning }: Pace, machine: number): number =>
  speed === 1 ? machine : beginning + (machine - beginning) * speed;

let known: { readonly text: string | undefined; readonly pace: Pace } | undefined;
let given: Pace | undefined;

/** The environment cannot ask for another pace once a process has begun, except in a test. */
function current(): Pace {
  if (given) return given;
  const text = process.env[CLOCK];
  if (known?.text !== text || !known) known = { text, pace: paceIn(process.env) };
  return known.pace;
}

/** Makes time pass so in this process, whatever its environment says: for what stands in for AWS itself. */
export function usePace(pace: Pace | undefined): void {
  given = pace;
}

/** Release time: what bakes, is retained, frozen, fenced, planned and measured is so by this clock. */
export const now = (): Date => new Date(nowMilliseconds());

/** The same in milliseconds since 1970. */
export const nowMilliseconds = (): number => paced(current(), machineTime().getTime());

/** The same as ISO time. */
export const nowIso = (): string => now().toISOString();

/** Seconds of release time since some moment that stays the same; they go on evenly, whatever is done to the clock. */
export const seconds = (): number => (current().speed * performance.now()) / 1_000;

/** How long so many seconds of release time take on this machine, in seconds: for timers. */
export const onMachine = (seconds: number): number => seconds / current().speed;

/** How much release time passes in so many of the machine's seconds: for what takes its time in the real world. */
export const meanwhile = (seconds: number): number => seconds * current().speed;

/** This machine's own time: for what other clocks say that run as it does, AWS's and files' among them. */
export const machineTime = (): Date => new Date();

/** The release time of what somebody has dated by a clock like this machine's own, as the engine does; ISO times. */
export const releaseTimeOf = (machine: string): string =>
  current().speed === 1 ? machine : new Date(paced(current(), Date.parse(machine))).toISOString();

/** The other way round: what such a clock says at a release's time; ISO times. */
export function machineTimeOf(release: string): string {
  const { speed, beginning } = current();
  if (speed === 1) return release;
  return new Date(beginning + (Date.parse(release) - beginning) / speed).toISOString();
}

/** Waits so many seconds of release time. @throws the signal's reason, in an AbortError, once that aborts */
export async function sleep(
  seconds: number,
  { signal, ref = true }: { readonly signal?: AbortSignal; readonly ref?: boolean } = {},
): Promise<void> {
  await pause(1_000 * onMachine(seconds), undefined, { ref, ...(signal && { signal }) });
}

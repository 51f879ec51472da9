import { setTimeout as pause } from "node:timers/promises";
import { ATTEMPTS } from "../../cloud/client";
import { Parameters } from "../../cloud/parameters";
import { type FlagValue, exposureOf } from "../../model/flags/flag";
import { flagParameter } from "../../model/flags/parameter";
import { disabledText, formatFlag, loweredText, parseFlag } from "../../model/flags/value";
import { reasonOf } from "../failure";
import type { Journal } from "../rollback/journal";
import type { Subject } from "../subject";

/** How long traffic waits for flags that fall before it, in milliseconds. */
const PATIENCE = 500;

/** How far a flag falls: to a percentage of the sessions, or off until somebody enables it. */
export type Fall = number | "off";

/** By the flag's name. */
export type Falling = Readonly<Record<string, Fall>>;

/** What became of flags that were to fall, once that is known. */
export interface Lowering {
  /** Those that fell, and how many sessions have them now, in percent; one that had less already is not among them. */
  readonly ended: Promise<Readonly<Record<string, number>>>;
  /** Those that could not be taken down. */
  readonly failed: Promise<readonly string[]>;
}

/** How flags are lowered. */
export interface How {
  /** What is to have ended before: two that write one flag would each undo the other. Default: nothing. */
  readonly after?: Promise<unknown> | undefined;
  /**
   * What a flag says afterwards where SSM has no value of it, or one that applications cannot read, by its name.
   * Default: it is turned off.
   */
  readonly otherwise?: Readonly<Record<string, FlagValue>>;
}

/** Takes flags down in SSM, all at once. It never throws: a flag that could not be taken down is told. */
export function startLowering(
  subject: Subject,
  falling: Falling,
  journal: Journal,
  { after, otherwise = {} }: How = {},
): Lowering {
  const names = Object.entries(falling);
  if (names.length === 0) return { ended: Promise.resolve({}), failed: Promise.resolve([]) };
  const parameters = new Parameters(subject.region, ATTEMPTS.insisting);
  const tried = Promise.resolve(after).then(() =>
    Promise.all(
      names.map(async ([name, to]) => ({
        name,
        became: await lowerFlag(parameters, subject, { name, to, otherwise: otherwise[name] }, journal),
      })),
    ),
  );
  return {
    ended: tried.then((all) =>
      Object.fromEntries(
        all.flatMap(({ name, became }) => (typeof became === "number" ? [[name, became]] : [])),
      ),
    ),
    failed: tried.then((all) => all.flatMap(({ name, became }) => (became === "failed" ? [name] : []))),
  };
}

/**
 * Takes flags down in SSM before traffic leaves a version that they rose together with: at the version that users come
 * back to nothing but that one is new. It takes half a second at most and never throws, for traffic is what matters: a
 * flag that could not be taken down is told, and is the next tick's.
 *
 * @param falling how far each falls
 */
export async function lowerFlags(
  subject: Subject,
  falling: Falling,
  journal: Journal,
  how: How = {},
): Promise<Lowering> {
  const lowering = startLowering(subject, falling, journal, how);
  await beforeTraffic(lowering, Object.keys(falling), journal);
  return lowering;
}

/** Waits for flags that fall, as long as traffic may wait for them. */
export async function beforeTraffic(
  { ended }: Lowering,
  flags: readonly string[],
  journal: Journal,
): Promise<void> {
  const stop = new AbortController();
  const late = pause(PATIENCE, true, { signal: stop.signal, ref: false });
  const isLate = await Promise.race([ended.then(() => false), late]).finally(() => stop.abort());
  if (isLate) journal.tell(`${flags.join(", ")}: SSM takes long; traffic does not wait for it`);
}

/** Milliseconds for which a flag's end waits to be told what is there, as the kill switch does. */
const LOOK = 1_000;

interface Lowered {
  readonly name: string;
  readonly to: Fall;
  readonly otherwise: FlagValue | undefined;
}

/**
 * It is looked in the same moment: whoever has turned a flag off since it was decided about would find it on again.
 *
 * @returns how many sessions have it now, in percent; `left`: no more had it already
 */
async function lowerFlag(
  parameters: Parameters,
  { app, environment }: Subject,
  { name, to, otherwise }: Lowered,
  journal: Journal,
): Promise<number | "left" | "failed"> {
  const parameter = flagParameter(app, environment, name);
  try {
    // What is turned off gives nobody more, whatever was there.
    const isSure = to === "off" && otherwise !== undefined;
    const soon = isSure ? AbortSignal.timeout(LOOK) : undefined;
    const text = await parameters.get(parameter, soon).catch((error: unknown) => {
      if (isSure) return undefined;
      throw error;
    });
    const lowered = textAt(text ?? "", to, otherwise);
    if (lowered === undefined) return "left";
    await parameters.put(parameter, lowered);
    const became = parseFlag(lowered);
    const what = became.enabled ? `${became.percentage} % of the sessions` : "disabled";
    journal.did("flag", `${parameter}: ${what}; applications hear of it within 65 s`);
    return exposureOf(became);
  } catch (error) {
    const what = to === "off" ? "disabled" : `lowered to ${to} %`;
    journal.tell(`${parameter}: NOT ${what}: ${reasonOf(error)}`);
    return "failed";
  }
}

/**
 * What to write; undefined where no more sessions have it already. Applications that cannot read a value, or whose
 * parameter is gone, keep what it said last.
 */
function textAt(text: string, to: Fall, otherwise: FlagValue | undefined): string | undefined {
  let value: FlagValue;
  try {
    value = parseFlag(text);
  } catch {
    return otherwise ? formatFlag(otherwise) : disabledText(text);
  }
  if (to === "off") return value.enabled ? disabledText(text) : undefined;
  return exposureOf(value) <= to ? undefined : loweredText(text, to);
}

import { setTimeout as pause } from "node:timers/promises";
import { ATTEMPTS } from "../../cloud/client";
import { Parameters } from "../../cloud/parameters";
import { exposureOf } from "../../model/flags/flag";
import { flagParameter } from "../../model/flags/parameter";
import { disabledText, loweredText, parseFlag } from "../../model/flags/value";
import { reasonOf } from "../failure";
import type { Journal } from "../rollback/journal";
import type { Subject } from "../subject";

/** How long traffic waits for flags that fall before it, in milliseconds. */
const PATIENCE = 500;

/** What became of flags that were to fall, once that is known. */
export interface Lowering {
  /** Those that fell, with the percentage to which; one that had less already is not among them. */
  readonly ended: Promise<Readonly<Record<string, number>>>;
}

/**
 * Takes flags down in SSM before traffic leaves a version that they rose together with: at the version that users come
 * back to nothing but that one is new. It takes half a second at most and never throws, for traffic is what matters: a
 * flag that could not be taken down is told, and is the next tick's.
 *
 * @param falling the percentage to which each falls, by its name
 */
export async function lowerFlags(
  subject: Subject,
  falling: Readonly<Record<string, number>>,
  journal: Journal,
): Promise<Lowering> {
  const names = Object.entries(falling);
  if (names.length === 0) return { ended: Promise.resolve({}) };
  const parameters = new Parameters(subject.region, ATTEMPTS.insisting);
  const ended = Promise.all(
    names.map(async ([name, to]) =>
      (await lowerFlag(parameters, subject, name, to, journal)) ? [[name, to]] : [],
    ),
  ).then((fell) => Object.fromEntries(fell.flat() as [string, number][]));
  const stop = new AbortController();
  const late = pause(PATIENCE, true, { signal: stop.signal, ref: false });
  const isLate = await Promise.race([ended.then(() => false), late]).finally(() => stop.abort());
  if (isLate)
    journal.tell(`${names.map(([name]) => name).join(", ")}: SSM takes long; traffic does not wait for it`);
  return { ended };
}

/** @returns whether it has fallen by this */
async function lowerFlag(
  parameters: Parameters,
  { app, environment }: Subject,
  name: string,
  to: number,
  journal: Journal,
): Promise<boolean> {
  const parameter = flagParameter(app, environment, name);
  try {
    const text = await parameters.get(parameter);
    const lowered = text === undefined ? undefined : textAt(text, to);
    if (lowered === undefined) return false;
    await parameters.put(parameter, lowered);
    journal.did("flag", `${parameter}: ${to} %; applications hear of it within 65 s`);
    return true;
  } catch (error) {
    journal.tell(`${parameter}: NOT lowered to ${to} %: ${reasonOf(error)}`);
    return false;
  }
}

/** What to write; undefined where no more sessions have it already. What applications cannot read is turned off. */
function textAt(text: string, to: number): string | undefined {
  try {
    return exposureOf(parseFlag(text)) <= to ? undefined : loweredText(text, to);
  } catch {
    return disabledText(text) ?? JSON.stringify({ enabled: false, rollout_percentage: 0 });
  }
}

import { setTimeout as pause } from "node:timers/promises";
import { ATTEMPTS } from "../../cloud/client";
import { Parameters } from "../../cloud/parameters";
import { type FlagValue, exposureOf } from "../../model/flags/flag";
import { flagParameter } from "../../model/flags/parameter";
import { disabledText, loweredText, parseFlag } from "../../model/flags/value";
import { reasonOf } from "../failure";
import type { Journal } from "../rollback/journal";
import type { Subject } from "../subject";

/** How long traffic waits for flags that fall before it, in milliseconds. */
const PATIENCE = 500;

/** How far a flag falls: to a percentage of the sessions, or off until somebody enables it. */
export type Fall = number | "off";

/** What became of flags that were to fall, once that is known. */
export interface Lowering<To extends Fall> {
  /** Those that fell, and how far; one that had less already is not among them. */
  readonly ended: Promise<Readonly<Record<string, To>>>;
  /** Those that could not be taken down. */
  readonly failed: Promise<readonly string[]>;
}

/**
 * Takes flags down in SSM before traffic leaves a version that they rose together with: at the version that users come
 * back to nothing but that one is new. It takes half a second at most and never throws, for traffic is what matters: a
 * flag that could not be taken down is told, and is the next tick's.
 *
 * @param falling how far each falls, by its name
 */
export async function lowerFlags<To extends Fall>(
  subject: Subject,
  falling: Readonly<Record<string, To>>,
  journal: Journal,
): Promise<Lowering<To>> {
  const names = Object.entries(falling);
  if (names.length === 0) return { ended: Promise.resolve({}), failed: Promise.resolve([]) };
  const parameters = new Parameters(subject.region, ATTEMPTS.insisting);
  const tried = Promise.all(
    names.map(async ([name, to]) => ({
      name,
      to,
      became: await lowerFlag(parameters, subject, name, to, journal),
    })),
  );
  const ended = tried.then((all) =>
    Object.fromEntries(all.flatMap(({ name, to, became }) => (became === "fell" ? [[name, to]] : []))),
  ) as Lowering<To>["ended"];
  const failed = tried.then((all) => all.flatMap(({ name, became }) => (became === "failed" ? [name] : [])));
  const stop = new AbortController();
  const late = pause(PATIENCE, true, { signal: stop.signal, ref: false });
  const isLate = await Promise.race([ended.then(() => false), late]).finally(() => stop.abort());
  if (isLate)
    journal.tell(`${names.map(([name]) => name).join(", ")}: SSM takes long; traffic does not wait for it`);
  return { ended, failed };
}

async function lowerFlag(
  parameters: Parameters,
  { app, environment }: Subject,
  name: string,
  to: Fall,
  journal: Journal,
): Promise<"fell" | "left" | "failed"> {
  const parameter = flagParameter(app, environment, name);
  try {
    const text = await parameters.get(parameter);
    // Applications that have read one that is gone keep what it said.
    const lowered = text === undefined ? disabledText("") : textAt(text, to);
    if (lowered === undefined) return "left";
    await parameters.put(parameter, lowered);
    journal.did("flag", `${parameter}: ${fallText(to)}; applications hear of it within 65 s`);
    return "fell";
  } catch (error) {
    journal.tell(
      `${parameter}: NOT ${to === "off" ? "disabled" : `lowered to ${fallText(to)}`}: ${reasonOf(error)}`,
    );
    return "failed";
  }
}

const fallText = (to: Fall): string => (to === "off" ? "disabled" : `${to} %`);

/** What to write; undefined where no more sessions have it already. What applications cannot read is turned off. */
function textAt(text: string, to: Fall): string | undefined {
  let value: FlagValue;
  try {
    value = parseFlag(text);
  } catch {
    return disabledText(text);
  }
  if (to === "off") return value.enabled ? disabledText(text) : undefined;
  return exposureOf(value) <= to ? undefined : loweredText(text, to);
}

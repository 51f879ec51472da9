import { isRecord, show } from "../schema/faults";
import { FLAG_SETTINGS, FLAG_SETTING_NAMES, type FlagSetting, type FlagValue } from "./flag";

/** For the parameter; the inverse of {@link parseFlag}. */
export const formatFlag = ({ enabled, percentage, settings }: FlagValue): string =>
  JSON.stringify({ enabled, rollout_percentage: percentage, ...settings });

/**
 * What a parameter's text says. Keys that are not ours do not matter.
 *
 * @throws Error where applications would not take it: what cannot be read must not count as off
 */
export function parseFlag(text: string): FlagValue {
  const raw = objectIn(text);
  if (!raw) throw new Error(`the flag's value is no JSON object: found ${show(text)}`);
  const { enabled, rollout_percentage: percentage } = raw;
  if (typeof enabled !== "boolean") throw wrong("enabled", enabled, "true or false");
  if (typeof percentage !== "number" || !Number.isInteger(percentage) || percentage < 0 || percentage > 100) {
    throw wrong("rollout_percentage", percentage, "a whole number from 0 to 100");
  }
  const settings = FLAG_SETTING_NAMES.flatMap((name): [FlagSetting, number][] => {
    const { least, most } = FLAG_SETTINGS[name];
    const value = raw[name];
    if (value === undefined) return [];
    if (typeof value === "number" && value >= least && value <= most) return [[name, value]];
    throw wrong(name, value, `a number from ${least} to ${most}`);
  });
  return { enabled, percentage, settings: Object.fromEntries(settings) };
}

/**
 * The text that disables a flag and leaves all else as it is, keys of others' too; undefined where there is nothing to
 * leave because the text is no JSON object.
 */
export function disabledText(text: string): string | undefined {
  const raw = objectIn(text);
  return raw && JSON.stringify({ ...raw, enabled: false });
}

/**
 * The text that gives a flag to so many percent of the sessions and leaves all else as it is, keys of others' too;
 * undefined where the text is no JSON object.
 */
export function loweredText(text: string, percentage: number): string | undefined {
  const raw = objectIn(text);
  return raw && JSON.stringify({ ...raw, rollout_percentage: percentage });
}

/** What differs between two values, a line each: `rollout_percentage 50 → 10`. */
export function flagChanges(before: FlagValue, after: FlagValue): string[] {
  const one = plain(before);
  const other = plain(after);
  return Object.keys({ ...one, ...other })
    .filter((name) => one[name] !== other[name])
    .map((name) => `${name} ${show(one[name])} → ${show(other[name])}`);
}

const plain = (value: FlagValue) => JSON.parse(formatFlag(value)) as Readonly<Record<string, unknown>>;

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const raw: unknown = JSON.parse(text);
    return isRecord(raw) ? raw : undefined;
  } catch {
    return undefined;
  }
}

const wrong = (name: string, found: unknown, allowed: string): Error =>
  new Error(`the flag's ${name}: found ${show(found)}; allowed is ${allowed}`);

import { isRecord, show } from "../schema/faults";
import { FLAG_SETTINGS, FLAG_SETTING_NAMES, type FlagSetting, type FlagValue } from "./flag";

/** For the parameter; the inverse of {@link parseFlag}. */
export const formatFlag = ({ enabled, percentage, settings }: FlagValue): string =>
  JSON.stringify({ enabled, rollout_percentage: percentage, ...settings });

/**
 * What a parameter's text says. Keys that are not ours do not matter. What says that the flag is disabled is heard
 * whatever else is wrong with it, as applications hear it: the rest is as if nobody had named it.
 *
 * @throws Error where applications would not take it: what cannot be read must not count as off
 */
export function parseFlag(text: string): FlagValue {
  const raw = objectIn(text);
  if (!raw) throw new Error(`the flag's value is no JSON object: found ${text.length} characters`);
  const { enabled, rollout_percentage: percentage } = raw;
  if (typeof enabled !== "boolean") throw wrong("enabled", enabled, "true or false");
  if (enabled && !isShare(percentage))
    throw wrong("rollout_percentage", percentage, "a whole number from 0 to 100");
  const settings = FLAG_SETTING_NAMES.flatMap((name): [FlagSetting, number][] => {
    const { least, most } = FLAG_SETTINGS[name];
    const value = raw[name];
    if (isSetting(name, value)) return [[name, value]];
    if (value === undefined || !enabled) return [];
    throw wrong(name, value, `a number from ${least} to ${most}`);
  });
  return {
    enabled,
    percentage: isShare(percentage) ? percentage : 0,
    settings: Object.fromEntries(settings),
  };
}

const isShare = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100;

const isSetting = (name: FlagSetting, value: unknown): value is number =>
  typeof value === "number" && value >= FLAG_SETTINGS[name].least && value <= FLAG_SETTINGS[name].most;

/**
 * The text that disables a flag. It leaves all else as it is, keys of others' too, unless applications would not take
 * that: they keep their last good value then, and the flag would stay on. So it is always one that they take.
 *
 * @param otherwise what is written where they would not. Default: what they take of the text
 */
export function disabledText(text: string, otherwise: () => string | undefined = () => undefined): string {
  const raw = objectIn(text) ?? {};
  const off = JSON.stringify({ ...raw, enabled: false });
  return isTaken(off) ? off : (otherwise() ?? JSON.stringify({ ...takenOf(raw), enabled: false }));
}

/** Whether a text disables a flag for everybody: clients of other languages may take no half of a value. */
export const isOff = (text: string): boolean => objectIn(text)?.["enabled"] === false && isTaken(text);

/** Whether all that it says would be taken, enabled or not. */
function isTaken(text: string): boolean {
  try {
    parseFlag(JSON.stringify({ ...objectIn(text), enabled: true }));
    return true;
  } catch {
    return false;
  }
}

/** Without what applications refuse; the keys of others stay. */
function takenOf({ rollout_percentage: percentage, ...others }: Readonly<Record<string, unknown>>): object {
  const refused = FLAG_SETTING_NAMES.filter((name) => !isSetting(name, others[name]));
  const kept = Object.entries(others).filter(([key]) => !refused.some((name) => name === key));
  return { ...Object.fromEntries(kept), rollout_percentage: isShare(percentage) ? percentage : 0 };
}

/**
 * The text that gives a flag to so many percent of the sessions and leaves all else as it is, keys of others' too.
 *
 * @param text one that {@link parseFlag} reads
 */
export const loweredText = (text: string, percentage: number): string =>
  JSON.stringify({ ...objectIn(text), rollout_percentage: percentage });

/** Whether a text is meant for a flag, readable or not. */
export const isFlagText = (text: string): boolean => objectIn(text)?.["rollout_percentage"] !== undefined;

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
  new Error(`the flag's ${name}: found ${shown(found)}; allowed is ${allowed}`);

/** What a parameter holds may be anything, secrets among it. */
const shown = (found: unknown): string => {
  if (typeof found === "string") return `a text of ${found.length} characters`;
  return typeof found === "object" && found !== null ? "something with parts" : show(found);
};

/** A number that a flag carries for the application: its range, both ends inclusive, and what it is without SSM. */
export interface Setting {
  readonly least: number;
  readonly most: number;
  /** Where the parameter does not name it, or nothing has been loaded. */
  readonly usual: number;
}

/** The settings of a flag by their names in the parameter. */
export type SettingsOf<Names extends string> = Readonly<Record<Names, Setting>>;

/** What a flag says. */
export interface FlagValue<Names extends string = never> {
  /** Whether anybody has it at all: the kill switch. */
  readonly enabled: boolean;
  /** Of the sessions that have it, in percent, 0–100. */
  readonly percentage: number;
  readonly settings: Readonly<Record<Names, number>>;
}

/** The settings that partial results have, with the ranges and defaults of their guide. */
export const PARTIAL_RESULTS = {
  /** Minimum stability score of a partial result that is forwarded. */
  min_stability_threshold: { least: 0.7, most: 0.95, usual: 0.85 },
  /** Maximum time that results are buffered before they are forwarded, in seconds. */
  max_buffer_timeout: { least: 2, most: 10, usual: 5 },
} as const satisfies SettingsOf<string>;

/** Nobody has it, and its settings are the usual ones. */
export const off = <Names extends string>(settings: SettingsOf<Names>): FlagValue<Names> => ({
  enabled: false,
  percentage: 0,
  settings: mapped(settings, ({ usual }) => usual),
});

/**
 * What a parameter's text says. Keys that nobody declared are somebody else's and do not matter. What says that the
 * flag is disabled is heard whatever else is wrong with it: the rest is as if nobody had named it.
 *
 * @throws Error that names what was found and what is allowed, where any part of it is not as it should be: half of a
 * value is none
 */
export function parseValue<Names extends string>(
  text: string,
  settings: SettingsOf<Names>,
): FlagValue<Names> {
  const raw = objectIn(text);
  const { enabled, rollout_percentage: percentage } = raw;
  if (typeof enabled !== "boolean") throw wrong("enabled", enabled, "true or false");
  const isShare = typeof percentage === "number" && Number.isInteger(percentage) && isIn(percentage, 0, 100);
  if (enabled && !isShare) throw wrong("rollout_percentage", percentage, "a whole number from 0 to 100");
  return {
    enabled,
    percentage: isShare ? percentage : 0,
    settings: mapped(settings, ({ least, most, usual }, name) => {
      const value = raw[name];
      if (typeof value === "number" && isIn(value, least, most)) return value;
      if (value === undefined || !enabled) return usual;
      throw wrong(name, value, `a number from ${least} to ${most}`);
    }),
  };
}

const isIn = (value: number, least: number, most: number): boolean => value >= least && value <= most;

/** As a log may have it: what a parameter holds beside that is somebody else's, and may be secret. */
export const formatValue = ({ enabled, percentage, settings }: FlagValue<string>): string =>
  JSON.stringify({ enabled, rollout_percentage: percentage, ...settings });

function objectIn(text: string): Readonly<Record<string, unknown>> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    // Its message quotes the text.
    const [, position] = /in JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(String(error)) ?? [];
    const where = position === undefined ? "" : ` up to position ${position}`;
    throw new Error(`found ${text.length} characters that are no JSON${where}; allowed is a JSON object`);
  }
  if (typeof raw === "object" && raw !== null && !Array.isArray(raw)) return raw as Record<string, unknown>;
  throw new Error(`found ${shown(raw)}; allowed is a JSON object`);
}

const wrong = (name: string, found: unknown, allowed: string): Error =>
  new Error(`${name}: found ${shown(found)}; allowed is ${allowed}`);

/** A log is not the place for a text that may be anything, secrets among it. */
function shown(found: unknown): string {
  if (found === undefined) return "nothing";
  if (typeof found === "string") return `a text of ${found.length} characters`;
  if (Array.isArray(found)) return "a list";
  return typeof found === "object" && found !== null ? "an object" : JSON.stringify(found);
}

const mapped = <Names extends string>(
  settings: SettingsOf<Names>,
  value: (setting: Setting, name: Names) => number,
): Record<Names, number> =>
  Object.fromEntries(
    (Object.keys(settings) as Names[]).map((name) => [name, value(settings[name], name)]),
  ) as Record<Names, number>;

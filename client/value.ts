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
 * What a parameter's text says. Keys that nobody declared are somebody else's and do not matter.
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
  if (typeof percentage !== "number" || !Number.isInteger(percentage) || percentage < 0 || percentage > 100) {
    throw wrong("rollout_percentage", percentage, "a whole number from 0 to 100");
  }
  return {
    enabled,
    percentage,
    settings: mapped(settings, ({ least, most, usual }, name) => {
      const value = raw[name];
      if (value === undefined) return usual;
      if (typeof value === "number" && value >= least && value <= most) return value;
      throw wrong(name, value, `a number from ${least} to ${most}`);
    }),
  };
}

/** As a log may have it: what a parameter holds beside that is somebody else's, and may be secret. */
export const formatValue = ({ enabled, percentage, settings }: FlagValue<string>): string =>
  JSON.stringify({ enabled, rollout_percentage: percentage, ...settings });

function objectIn(text: string): Readonly<Record<string, unknown>> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new Error(`found ${shown(text)}; allowed is a JSON object`);
  }
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw new Error(`found ${shown(text)}; allowed is a JSON object`);
  }
  return raw as Record<string, unknown>;
}

const wrong = (name: string, found: unknown, allowed: string): Error =>
  new Error(
    `${name}: found ${found === undefined ? "nothing" : shown(JSON.stringify(found))}; allowed is ${allowed}`,
  );

/** A log line is not the place for a whole document. */
const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const mapped = <Names extends string>(
  settings: SettingsOf<Names>,
  value: (setting: Setting, name: Names) => number,
): Record<Names, number> =>
  Object.fromEntries(
    (Object.keys(settings) as Names[]).map((name) => [name, value(settings[name], name)]),
  ) as Record<Names, number>;

import { type ZodType, z } from "zod";
import { ENVIRONMENTS, type Environment } from "../environments";
import { type FlagRetreat, RETREATS, ownAlarms } from "../flags/alarms";
import {
  AUDIO_PROCESSOR,
  FLAG_SETTINGS,
  FLAG_SETTING_NAMES,
  type Flag,
  type FlagSetting,
} from "../flags/flag";
import { formatPublished, publishedFlags } from "../flags/published";
import type { Flags } from "../flags";
import type { Plan } from "../rollout/plan";
import { namedPlan } from "../rollout/plans";
import { type Fault, type Path, format, isRecord, remove, set } from "./faults";
import {
  type Field,
  type Fields,
  flag,
  oneOf,
  readField,
  readFields,
  readRecord,
  text,
  whole,
} from "./fields";
import { label } from "./forms";
import { readList } from "./lists";
import { readPlan } from "./plan";

/** Longest name of a flag, in characters. */
const LONGEST = 63;

/** SSM keeps names for itself that begin so. */
const RESERVED = /^(aws|ssm)/;

/** The plan of a flag that names none: 10, 50 and 100 % by weeks. dev has no users, so a flag goes anywhere there. */
const defaultFlagPlan = (environment: Environment): Plan =>
  environment === "dev"
    ? { name: "at once", steps: [{ share: 100, bakeSeconds: 0, gates: [] }] }
    : namedPlan("weekly");

interface Plain extends Record<FlagSetting, number> {
  enabled: boolean;
  rollout_percentage: number;
  settled: boolean;
  /** How far the alarms that are named take it back. */
  retreat: FlagRetreat;
  lambda: string;
}

/** SSM: bytes of the parameter that says what flags are watched by. */
const MOST_WATCHED = 8_192;

/** A name of an alarm, in CloudWatch's form, whoever has made it. */
const ALARM = text(
  /^[^\s\u0000-\u001f\u007f][^\u0000-\u001f\u007f]*$/,
  "the name of an alarm in CloudWatch",
  255,
);
const ALARMS = "a list of names of alarms in CloudWatch; an empty one asks none";

/** On a path Pulumi writes a number with a point as text. */
const ranged = (name: FlagSetting): ZodType<number> => {
  const { least, most } = FLAG_SETTINGS[name];
  const error = `a number from ${least} to ${most}`;
  return z.preprocess(
    (raw) => (typeof raw === "string" && /^\d{1,3}(\.\d{1,6})?$/.test(raw) ? Number(raw) : raw),
    z.number({ error }).min(least, { error }).max(most, { error }),
  );
};

const FIELDS: Fields<Plain> = {
  enabled: { schema: flag, example: "true" },
  rollout_percentage: { schema: whole(0, 100), example: 0 },
  settled: { schema: flag, example: "false" },
  retreat: { schema: oneOf(RETREATS), words: RETREATS, example: "step" },
  lambda: { schema: text(/^[A-Za-z0-9_-]{1,64}$/, "a function's name in Lambda"), example: AUDIO_PROCESSOR },
  ...(Object.fromEntries(
    FLAG_SETTING_NAMES.map((name) => [name, { schema: ranged(name), example: FLAG_SETTINGS[name].usual }]),
  ) as Record<FlagSetting, Field<number>>),
};

interface Stack {
  readonly app: string;
  readonly environment: Environment;
}

/** Reads `sluice:flags`: by name, each enabled and at 0 % where it does not say. Without it there are none. */
export function readFlags(
  raw: unknown,
  { app, environment }: Stack,
  faults: Fault[],
): Readonly<Record<string, Flag>> {
  if (raw === undefined) return {};
  const record = readRecord(raw, ["flags"], "flags by name", faults) ?? {};
  if (RESERVED.test(app)) {
    faults.push({
      path: format(["flags"]),
      found: Object.keys(record),
      allowed: `none, because the parameters' names would begin with ${app}, and SSM keeps aws and ssm for itself`,
      remedy: remove(["flags"]),
    });
  }
  const flags = Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      checkName(name, value, faults);
      return [name, readFlag(value, name, { app, environment }, faults)];
    }),
  );
  const total = watchedBytes(flags);
  const [longest] = Object.keys(flags).sort((one, other) => bytesOf(flags, other) - bytesOf(flags, one));
  if (longest !== undefined && total > MOST_WATCHED) {
    const path: Path = ["flags", longest, "alarms"];
    faults.push({
      path: format(path),
      found: `${total} bytes for the stops and alarms of ${Object.keys(flags).length} flags`,
      allowed: `${MOST_WATCHED} bytes for those of all flags that are not settled: fewer alarms, or fewer flags`,
      remedy: remove(path),
    });
  }
  return flags;
}

/** What a watcher reads of flags once they are recorded. */
function watchedBytes(flags: Readonly<Record<string, Flag>>): number {
  const since = new Date(0).toISOString();
  const recorded = Object.keys(flags).map((name) => [name, { percentage: 100, settled: false, since }]);
  const published = publishedFlags(flags, Object.fromEntries(recorded) as Flags);
  return Buffer.byteLength(formatPublished(published));
}

const bytesOf = (flags: Readonly<Record<string, Flag>>, name: string): number =>
  watchedBytes(Object.fromEntries(Object.entries(flags).filter(([one]) => one === name)));

/** In prod the environment is left out of a parameter's name, so a flag must not have that of another one. */
function checkName(name: string, value: unknown, faults: Fault[]): void {
  const result = label(LONGEST).safeParse(name);
  const isTaken = (ENVIRONMENTS as readonly string[]).includes(name);
  if (result.success && !isTaken) return;
  faults.push({
    path: format(["flags", name]),
    found: value,
    allowed: isTaken
      ? "as a flag's name one that is no environment's"
      : `as a flag's name ${result.error?.issues[0]?.message ?? "a label"}`,
    remedy: remove(["flags", name]),
  });
}

function readFlag(raw: unknown, name: string, { app, environment }: Stack, faults: Fault[]): Flag {
  const path: Path = ["flags", name];
  const read = readFields<Plain>(raw, path, FIELDS, faults, ["plan", "alarms"]);
  const { enabled = true, rollout_percentage: percentage = 0, settled = false, ...others } = read;
  const { retreat, lambda, ...settings } = others;
  const rawPlan = isRecord(raw) ? raw["plan"] : undefined;
  const plan = readPlan(rawPlan, defaultFlagPlan(environment), faults, [...path, "plan"]);
  if (settled && !(enabled && percentage === 100)) {
    faults.push({
      path: format([...path, "settled"]),
      found: true,
      allowed: "true only for a flag that is enabled and that all sessions have",
      remedy: set([...path, "settled"], false),
    });
  }
  const named = readAlarms(isRecord(raw) ? raw["alarms"] : undefined, [...path, "alarms"], faults);
  const alarms = named
    ? named.map((alarm) => ({ name: alarm, retreat: retreat ?? RETREATS[0] }))
    : ownAlarms(app, environment, name).map((alarm) => ({ ...alarm, ...(retreat && { retreat }) }));
  const isUnwatched = !named && alarms.length === 0 && environment !== "dev";
  return {
    ...{ enabled, percentage, settings, settled, plan, alarms },
    ...(lambda !== undefined && { lambda }),
    ...(isUnwatched && { isUnwatched }),
  };
}

/** Undefined where nobody names any: then the flag has its own. */
function readAlarms(raw: unknown, path: Path, faults: Fault[]): string[] | undefined {
  if (raw === undefined) return undefined;
  const field = { schema: ALARM, example: "partial-results-latency" };
  const names = readList(raw, path, ALARMS, (one, at) => readField(one, at, field, faults), faults);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    faults.push({
      path: format(path),
      found: twice,
      allowed: "each name once",
      remedy: remove(path),
    });
  }
  return names;
}

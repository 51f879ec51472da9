import { type FlagRetreat, flagAlarms } from "../../model/flags/alarms";
import { flagAlarmPrefix } from "../../model/names";
import { EXIT } from "../../rollout/exit";
import type { Call } from "../call";
import { type Cast, type Scenario, type ScriptStep, begin, calling } from "../script";
import { FAST, INTERVAL } from "./acts";

const FLAG = "partial-results";

/** Guide 004's alarms, with what each of them does. Whose function they are about is of no interest here. */
const ALARMS = flagAlarms("");

/** Their whole names in CloudWatch. */
const named = ({ settings }: Cast, name: string): string =>
  flagAlarmPrefix(settings.app, settings.environment, FLAG) + name;

/** Guide 004's phases, their weeks as minutes; the first longer than an update and a look take on a busy machine. */
const PHASES = {
  steps: [
    { share: 10, bake: "10m" },
    { share: 50, bake: "2m" },
    { share: 100, bake: "0s" },
  ],
};

/** Before phase 1 there is nobody to be careful of. */
const AT_ONCE = { steps: [{ share: 100, bake: "0s" }] };

/** Longer than the first phase, in seconds of the release's time. */
const PHASE = 610;

/** The flag has these alarms by itself, but in dev: there they are told, those of one deed at a time. */
const watchedBy = (cast: Cast, retreat: FlagRetreat): object =>
  cast.settings.environment === "dev"
    ? {
        retreat,
        alarms: ALARMS.filter((one) => one.retreat === retreat).map(({ name }) => named(cast, name)),
      }
    : {};

const declared = (cast: Cast, plan: object) => ({
  "sluice:flags": {
    [FLAG]: { rollout_percentage: 0, max_buffer_timeout: 5, plan, ...watchedBy(cast, "step") },
  },
});

/** Other keys of the flag. */
const inPlace = (keys: object) =>
  Object.fromEntries(Object.entries(keys).map(([key, value]) => [`sluice:flags.${FLAG}.${key}`, value]));

/** Calls, and the sessions that have the flag then, in percent. */
const asking = (
  name: string,
  call: Call | readonly Call[],
  percentage: number,
  more: Partial<ScriptStep> = {},
): ScriptStep => ({
  ...calling("hold", name, call),
  asks: { flag: FLAG, percentage },
  ...more,
});

const set = (percentage: number, ...more: readonly string[]): Call => ({
  command: ["flags", "set", FLAG, "--percentage", `${percentage}`, ...more],
  ends: EXIT.done,
});

/** One of its alarms goes off, and is quiet again. */
const ringing = (cast: Cast, alarm: string) => ({ alarms: { [named(cast, alarm)]: "ALARM" as const } });
const quiet = (cast: Cast, alarm: string) => ({ alarms: { [named(cast, alarm)]: "OK" as const } });

/** Guide 004 in its order: tests before phase 1, its phases, an alarm of each deed, and the way on after a fix. */
export const percentageFlag: Scenario = {
  summary: "a flag to 10, 50 and 100 % of sessions, alarms on the way",
  about:
    `Applications ask for the flag ${FLAG} by the client in client/. At first its plan has no stops, as before phase ` +
    "1 in dev; then it has 10, 50 and 100 %, whatever the stack file says. Guide 004's alarms take it back: one to the " +
    "stop before, and errors of its function off at once. Traffic stays where it is.",
  speed: FAST,
  steps: (cast) => [
    {
      ...begin(cast, {}, declared(cast, AT_ONCE)),
      name: `deploy ${cast.version} with the flag at 0 %: nobody has it`,
      alarms: Object.fromEntries(ALARMS.map(({ name }) => [named(cast, name), "OK"] as const)),
      asks: { flag: FLAG, percentage: 0 },
    },
    asking("100 %, to try it: every session has it", set(100), 100),
    asking(
      "the kill switch: nobody has it",
      { command: ["flags", "disable", FLAG, "--reason", "tried"], ends: EXIT.done },
      0,
    ),
    {
      ...{ name: "its phases are planned: 10, 50 and 100 %", kind: "hold", planned: true, edit: {} },
      configuration: declared(cast, PHASES),
      asks: { flag: FLAG, percentage: 0 },
    },
    asking("phase 1: 10 % of the sessions", set(10), 10),
    asking("nothing rises within phase 1", { command: ["tick"], ends: EXIT.held }, 10),
    asking("phase 2: 50 %, by a tick", { command: ["tick"], ends: EXIT.done }, 50, { waits: PHASE }),
    asking("partial results come late: back to 10 %", { command: ["tick"], ends: EXIT.rolledBack }, 10, {
      ...ringing(cast, "latency-high"),
    }),
    asking("quiet again, and held until somebody has looked", { command: ["tick"], ends: EXIT.held }, 10, {
      ...{ waits: PHASE, ...quiet(cast, "latency-high") },
    }),
    asking("its function fails: off at once", { command: ["tick"], ends: EXIT.rolledBack }, 0, {
      ...ringing(cast, "lambda-errors"),
      configuration: inPlace(watchedBy(cast, "off")),
    }),
    asking(
      "enabled after the fix: run the plan to 100 %",
      [set(10, "--enable"), { command: ["run", "--interval", INTERVAL], ends: EXIT.done }],
      100,
      { ...quiet(cast, "lambda-errors"), configuration: inPlace({ plan: PHASES }) },
    ),
  ],
};

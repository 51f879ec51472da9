import { EXIT } from "../../rollout/exit";
import type { Call } from "../call";
import { type Scenario, type ScriptStep, begin, calling } from "../script";
import { FAST, INTERVAL } from "./acts";

const FLAG = "partial-results";

/** The alarm that takes it back. */
const SLOW = "partial-results-latency";

/** Guide 004's phases, their weeks as minutes. */
const PHASES = {
  steps: [
    { share: 10, bake: "2m" },
    { share: 50, bake: "2m" },
    { share: 100, bake: "0s" },
  ],
};

/** Before phase 1 there is nobody to be careful of. */
const AT_ONCE = { steps: [{ share: 100, bake: "0s" }] };

/** Longer than a phase, in seconds of the release's time. */
const PHASE = 150;

const declared = (plan: object) => ({
  "sluice:flags": { [FLAG]: { rollout_percentage: 0, max_buffer_timeout: 5, plan, alarms: [SLOW] } },
});

/** A call, and the sessions that have the flag then, in percent. */
const asking = (
  name: string,
  call: Call,
  percentage: number,
  more: Partial<ScriptStep> = {},
): ScriptStep => ({
  ...calling("hold", name, call),
  asks: { flag: FLAG, percentage },
  ...more,
});

const set = (percentage: number): Call => ({
  command: ["flags", "set", FLAG, "--percentage", `${percentage}`],
  ends: EXIT.done,
});

/** Guide 004 in its order: tests before phase 1, then its phases, an alarm on the way, and the way on after a fix. */
export const percentageFlag: Scenario = {
  summary: "a flag to 10, 50 and 100 % of sessions, an alarm on the way",
  about:
    `Applications ask for the flag ${FLAG} by the client in client/. At first its plan has no stops, as before phase ` +
    "1 in dev; then it has 10, 50 and 100 %, whatever the stack file says. Traffic stays where it is.",
  speed: FAST,
  steps: (cast) => [
    {
      ...begin(cast, {}, declared(AT_ONCE)),
      name: `deploy ${cast.version} with the flag at 0 %: nobody has it`,
      alarms: { [SLOW]: "OK" },
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
      configuration: declared(PHASES),
      asks: { flag: FLAG, percentage: 0 },
    },
    asking("phase 1: 10 % of the sessions", set(10), 10),
    asking("nothing rises within phase 1", { command: ["tick"], ends: EXIT.held }, 10),
    asking("phase 2: 50 %, by a tick", { command: ["tick"], ends: EXIT.done }, 50, { waits: PHASE }),
    asking("its alarm goes off: back to 10 %", { command: ["tick"], ends: EXIT.rolledBack }, 10, {
      alarms: { [SLOW]: "ALARM" },
    }),
    asking("quiet again, and held until somebody has looked", { command: ["tick"], ends: EXIT.held }, 10, {
      ...{ waits: PHASE, alarms: { [SLOW]: "OK" } },
    }),
    asking(
      "resumed after the fix: run the plan to 100 %",
      { command: ["run", "--interval", INTERVAL], ends: EXIT.done },
      100,
      { configuration: { [`sluice:flags.${FLAG}.plan`]: PHASES } },
    ),
  ],
};

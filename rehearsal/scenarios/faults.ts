import { EXIT } from "../../rollout/exit";
import { type Cast, type Scenario, type ScriptStep, calling } from "../script";
import { FAST, INTERVAL, type Stop, deployed, planned, sharesWith } from "./acts";

const STOPS: readonly Stop[] = [
  [25, "0s"],
  [50, "0s"],
  [100, "0s"],
];

/** Seconds of the release's time for which it is waited for users at the most. */
const NOBODY = "300";

/** Shares that somebody gives the candidate at one rule by hand, in percent: too much, and too little. */
const [RAISED, LOWERED] = [80, 5];

const killed = ({ candidate, next }: Cast): ScriptStep =>
  calling(
    "promote",
    `25 % to ${next}, by a tick after one that was killed`,
    {
      command: ["tick"],
      ends: EXIT.done,
      leaves: { traffic: sharesWith(candidate, 25) },
    },
    [{ kind: "killed-process", amount: 1 }],
  );

const blind: readonly ScriptStep[] = [
  calling("hold", "nothing rises without metrics", { command: ["tick"], ends: EXIT.unobserved }, [
    { kind: "metrics-outage" },
  ]),
  calling("hold", "nothing rises without credentials", { command: ["tick"], ends: EXIT.unobserved }, [
    { kind: "lost-credentials" },
  ]),
];

const others: readonly ScriptStep[] = [
  calling(
    "hold",
    "nothing is touched while another's update runs",
    { command: ["tick"], ends: EXIT.locked },
    [{ kind: "second-operator" }],
  ),
  calling("hold", `nobody's ${RAISED} % by hand are built upon`, { command: ["tick"], ends: EXIT.drift }, [
    { kind: "edited-rule", amount: RAISED },
  ]),
];

const empty = ({ candidate }: Cast): ScriptStep =>
  calling(
    "hold",
    "nothing rises for want of users",
    {
      command: ["run", "--interval", INTERVAL, "--timeout", NOBODY],
      // Too few at the end of the time, or none at all: whichever it is when patience is over.
      ends: [EXIT.unobserved, EXIT.held],
      leaves: { traffic: sharesWith(candidate, 50) },
    },
    [{ kind: "no-traffic", atShare: 50 }],
  );

const adopted = ({ candidate }: Cast): ScriptStep =>
  calling(
    "rollback",
    `${LOWERED} % by hand are followed`,
    {
      command: ["tick"],
      ends: EXIT.done,
      decides: "adopt",
      leaves: { traffic: sharesWith(candidate, LOWERED) },
    },
    [{ kind: "edited-rule", amount: LOWERED }],
  );

/** Everything around a release goes wrong, one after another, and nobody is harmed. */
export const faults: Scenario = {
  summary: "outages and other people in the way of sluice tick and run",
  about:
    "A tick is killed outright, metrics and credentials fail, an update and a hand at the load balancer interfere, " +
    "users stay away. Each time the program has to end as it says that it does, and no request may fail.",
  speed: FAST,
  steps: (cast) => [
    planned(cast, STOPS),
    deployed(cast, cast.next),
    killed(cast),
    ...blind,
    ...others,
    empty(cast),
    adopted(cast),
  ],
};

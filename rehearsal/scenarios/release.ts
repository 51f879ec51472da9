import { type Strategy, allTo } from "../../model/release";
import { stepsOf } from "../../model/limits";
import { EXIT } from "../../rollout/exit";
import { type Cast, type Scenario, type ScriptStep, begin, calling, nextVersion, unsafe } from "../script";
import { FAST, INTERVAL, deployed, replaced, shifted, takenBack } from "./acts";

type Act = (cast: Cast) => ScriptStep[];

/** How many of the bad version's answers are errors, in percent. */
const FAILING = 50;

/** Requests in planned steps: where none of so many failed, fewer than 1 in 30,000 do, with 95 % confidence. */
const MANY = 100_000;

const canary: Act = (cast) => {
  const { live, candidate, next, settings } = cast;
  const { limits } = settings;
  const [first = 100] = stepsOf("canary", limits);
  return [
    deployed(cast, next),
    ...(limits.step < 100
      ? [unsafe(`all traffic to ${next} at once`, ["T1"], { traffic: allTo(candidate) })]
      : []),
    { ...shifted(cast, first), leastRequests: MANY },
    calling(
      "fault",
      `${next} turns bad`,
      [
        { command: ["watch", "--interval", INTERVAL], ends: EXIT.rolledBack, decides: "lowered" },
        {
          ...{ command: ["tick"], ends: EXIT.done, decides: "adopt" },
          leaves: { traffic: allTo(live) },
        },
      ],
      [{ kind: "error-rate", amount: FAILING }],
    ),
  ];
};

const blueGreen: Act = (cast) => {
  const { live, candidate, next } = cast;
  const edit = { live: candidate, traffic: allTo(candidate) };
  if (cast.settings.limits.bakeSeconds > 0) {
    return [deployed(cast, next), unsafe(`flip to ${next} before it has stood`, ["T5"], edit)];
  }
  return [
    deployed(cast, next),
    { name: `flip to ${next}`, kind: "flip", planned: true, edit },
    unsafe("another version under full traffic", ["T4"], { [candidate]: { version: nextVersion(next) } }),
    takenBack(cast, { live, traffic: allTo(live) }),
  ];
};

const SCRIPTS: Readonly<Record<Strategy, Act>> = { canary, "blue-green": blueGreen, rolling: replaced };

/** In two minutes: a version goes out, a mistake that nobody gets to make, and what if the version turns bad. */
export const release: Scenario = {
  summary: "the next version by the stack's strategy; a canary turns bad",
  speed: FAST,
  steps: (cast) => [begin(cast), ...SCRIPTS[cast.settings.release.strategy](cast)],
};

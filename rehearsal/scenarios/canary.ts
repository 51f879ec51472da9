import { EXIT } from "../../rollout/exit";
import { allTo } from "../../model/release";
import { type Scenario, calling } from "../script";
import { FAST, INTERVAL, type Stop, deployed, planned } from "./acts";

const STOPS: readonly Stop[] = [
  [10, "3m"],
  [25, "3m"],
  [75, "3m"],
  [100, "0s"],
];

/** Seconds. */
const BAKE = 180;

/** A release as it should go, by the program alone. */
export const canary: Scenario = {
  summary: "sluice run takes a good version the whole way",
  about:
    "The plan has 10, 25, 75 and 100 %, with 3 min at each step, whatever the stack file says. Each rise waits " +
    "for what CloudWatch and the candidate's own answers tell.",
  speed: FAST,
  steps: (cast) => [
    planned(cast, STOPS, { bakeSeconds: BAKE }),
    deployed(cast, cast.next),
    calling("promote", `run the plan until ${cast.next} is live`, {
      command: ["run", "--interval", INTERVAL],
      ends: EXIT.done,
      decides: "promote",
      leaves: { live: cast.candidate, traffic: allTo(cast.candidate) },
    }),
  ],
};

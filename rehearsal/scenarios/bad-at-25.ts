import { allTo } from "../../model/release";
import { EXIT } from "../../rollout/exit";
import { type Scenario, calling } from "../script";
import { FAST, INTERVAL, type Stop, deployed, planned } from "./acts";

const STOPS: readonly Stop[] = [
  [10, "2m"],
  [25, "1h"],
  [50, "1h"],
  [100, "0s"],
];

/** When it turns bad, in percent of the traffic, and how many of its answers are errors then, in percent. */
const [BAD, FAILING] = [25, 50];

/** A version that is good with few users and bad with more. */
export const badAt25: Scenario = {
  summary: `a canary turns bad at ${BAD} %, and sluice run takes it back`,
  about:
    `From ${BAD} % on ${FAILING} % of the candidate's answers are errors. Metrics come as much sooner than AWS's as ` +
    "time passes faster here, so at AWS more requests fail: each report says when metrics were due.",
  speed: FAST,
  steps: (cast) => [
    planned(cast, STOPS, { isAsked: false }),
    deployed(cast, cast.next),
    calling(
      "fault",
      `${cast.next} turns bad at ${BAD} %`,
      {
        command: ["run", "--interval", INTERVAL],
        ends: EXIT.rolledBack,
        decides: "retreat",
        leaves: { traffic: allTo(cast.live) },
      },
      [{ kind: "error-rate", amount: FAILING, atShare: BAD }],
    ),
  ],
};

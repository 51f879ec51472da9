import { greenAt } from "../../model/release";
import type { ReleaseEdit } from "../../rollout/configuration";
import { type Cast, type Scenario, begin } from "../script";

/** Shares of the version that is taken back, in percent: when somebody notices, and what an update is giving it. */
const [SOME, MORE] = [10, 20];

const at = ({ candidate }: Cast, share: number): ReleaseEdit => ({
  traffic: greenAt(candidate === "green" ? share : 100 - share),
});

/** The worst moment to go back in: an update is raising the share, holds the lock, and goes on. */
export const emergencyRollback: Scenario = {
  summary: "back by sluice rollback while an update raises the share",
  about:
    "The first call is made from a folder that has credentials and nothing else, the second in the project, " +
    "so that configuration and state follow.",
  steps: (cast) => [
    begin(cast, { strategy: "canary" }, { "sluice:limits.bakeSeconds": 0, "sluice:limits.samples": 0 }),
    {
      name: `deploy ${cast.next} in ${cast.candidate}`,
      kind: "deploy",
      planned: true,
      edit: { [cast.candidate]: { version: cast.next } },
    },
    { name: `${SOME} % to ${cast.next}`, kind: "shift", planned: true, edit: at(cast, SOME) },
    {
      name: `back during the update to ${MORE} %`,
      kind: "rollback",
      planned: true,
      edit: at(cast, MORE),
      emergency: { from: cast.candidate, reason: `${cast.next} loses calls` },
    },
  ],
};

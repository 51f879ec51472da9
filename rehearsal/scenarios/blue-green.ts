import { allTo } from "../../model/release";
import { type Scenario, begin, nextVersion, unsafe } from "../script";
import { deployed } from "./acts";

/** All users at once to a version that stands beside the old one, and back. */
export const blueGreen: Scenario = {
  summary: "a blue-green flip to the next version, and back",
  about: "The new version may take over as soon as it stands, whatever the stack file says.",
  steps: (cast) => {
    const { live, candidate, version, next } = cast;
    return [
      begin(cast, { strategy: "blue-green" }, { "sluice:limits.bakeSeconds": 0 }),
      deployed(cast, next),
      {
        name: `flip to ${next}`,
        kind: "flip",
        planned: true,
        edit: { live: candidate, traffic: allTo(candidate) },
      },
      unsafe("another version under all traffic", ["T4"], { [candidate]: { version: nextVersion(next) } }),
      {
        name: `flip back to ${version}`,
        kind: "rollback",
        planned: true,
        edit: { live, traffic: allTo(live) },
      },
    ];
  },
};

import { COLOURS } from "../release";
import type { Rule, Violation } from "../rule";
import { areShares } from "../shares";
import { giveTraffic } from "./wording";

/** Weights that mean what they say. */
export const s6: Rule = {
  id: "S6",
  title: "Weights that do not name exactly the two colours, or do not sum to 100",
  severity: "critical",
  protects: "traffic from going by weights that nobody chose",
  wayOut: "Write whole numbers from 0 to 100 that sum to 100.",
  absolute: true,
  // No retreat needs weights that are none.
  judgesRetreat: true,
  judge: ({ to }): Violation[] => {
    if (areShares(to.traffic)) return [];
    const found = JSON.stringify(to.traffic);
    const limit = `${COLOURS.join(" and ")}, whole numbers from 0 to 100 that sum to 100`;
    const remedy = giveTraffic(to.live, 100);
    return [
      {
        id: "S6",
        severity: s6.severity,
        where: "sluice:release.traffic",
        found,
        limit,
        remedy,
        message: `The shares of traffic are ${found}. The limit: ${limit}. For example: ${remedy}.`,
      },
    ];
  },
};

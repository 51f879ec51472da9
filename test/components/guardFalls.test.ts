import assert from "node:assert/strict";
import fc from "fast-check";
import { LISTENER_RULE, TARGET_GROUP } from "../../rehearsal/cloud/balancer/resources";
import { ARNS } from "../rehearsal/balancer-fixture";
import { type Guarding, RULE, clockOf, failEverything, guarding, previewing } from "./guardFixture";

/** What may have become of the world, each worse for who would rise. */
const WORLDS: Readonly<Record<string, (guard: Guarding) => unknown>> = {
  "is as it should be": () => undefined,
  "has no healthy target": ({ unhealthy }) => {
    unhealthy(3);
  },
  "was changed by hand": ({ byHand }) => byHand(77),
  "has lost the rule": ({ aws }) => {
    aws.world.remove(LISTENER_RULE, RULE);
  },
  "has lost a target group": ({ aws }) => {
    aws.world.remove(TARGET_GROUP, ARNS.green);
  },
  "has the candidate fenced": ({ fence }) =>
    fence(JSON.stringify({ version: "2.4.0", reason: "wrong totals", by: "on-call", at: "now" })),
  "has a fence that cannot be read": ({ fence }) => fence("2.4.0 is bad"),
  "has a candidate that answers nothing": ({ metrics }) => {
    metrics.happen("2026-11-21T11:57:00.000Z", "green", { failed: 200 });
  },
  "cannot be asked": failEverything,
};

describe("guard, of a fall", () => {
  for (const [what, become] of Object.entries(WORLDS)) {
    it(`permits it at once, without a look at the metrics, where the world ${what}`, async () => {
      const guard = await guarding();
      try {
        await become(guard);
        const clock = clockOf(() => assert.fail("it waited"));
        const share = fc.integer({ min: 0, max: 100 });
        const falls = fc.tuple(share, share).filter(([one, other]) => one !== other);
        await fc.assert(
          fc.asyncProperty(falls, fc.boolean(), fc.boolean(), async ([one, other], preview, replaced) => {
            await previewing(preview);
            const [from, to] = [Math.max(one, other), Math.min(one, other)];
            const recorded = { blue: 100 - from, green: from };
            const changes = { samples: 100, clock, guarded: { recorded } };
            await guard.asked(replaced ? undefined : from, to, changes);
          }),
          { numRuns: 25 },
        );
        assert.equal(guard.metrics.calls(), 0);
        assert.deepEqual(guard.heard, { told: [], warnings: [] });
      } finally {
        await guard.end();
      }
    });
  }
});

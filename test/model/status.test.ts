import assert from "node:assert/strict";
import type { LiveRule } from "../../model/live";
import { greenAt } from "../../model/release";
import { type Look, statusOf } from "../../model/status";
import { LIMITS, START, at, promoted, recorded, release } from "./fixtures";

const rule: LiveRule = {
  ...{ service: "api-gateway", arn: "arn", sticky: true, stickySeconds: 60, shares: greenAt(10) },
  targetGroups: { blue: "b", green: "g" },
};

const look = (changes: Partial<Look> = {}): Look => ({
  ...{ release: release(10), recorded: recorded(release(10)), limits: LIMITS, now: at(3_600), fence: null },
  rules: [rule],
  targets: { "api-gateway": { blue: { healthy: 3, registered: 3 } } },
  ...changes,
});

const FENCE = { version: "2.4.0", reason: "loses calls", by: "on-call", at: START };

describe("statusOf", () => {
  it("shows both colours with what they run, what they were asked to have, and what they have", () => {
    const { colours, since, baked } = statusOf(look({ release: release(25) }));
    assert.deepEqual(colours.blue, {
      ...{ role: "live", version: "2.3.1", configured: 75, recorded: 90, fenced: false },
      services: { "api-gateway": { share: 90, targets: { healthy: 3, registered: 3 } } },
    });
    assert.deepEqual(colours.green, {
      ...{ role: "candidate", version: "2.4.0", configured: 25, recorded: 10, fenced: false },
      services: { "api-gateway": { share: 10 } },
    });
    assert.deepEqual([since, baked], [START, { seconds: 3_600, needed: LIMITS.bakeSeconds }]);
  });

  it("says what comes next by the plan, and when", () => {
    assert.deepEqual(statusOf(look()).next, { what: "shift green to 25 %", inSeconds: 0 });
    const { next } = statusOf(look({ release: release(25) }));
    assert.equal(next?.what, "shift green to 25 %, as configuration asks");
    const whole = { release: release(100), recorded: recorded(release(100)) };
    assert.deepEqual(statusOf(look(whole)).next, {
      what: "promote green 2.4.0",
      inSeconds: LIMITS.bakeSeconds - 3_600,
    });
    const free = release(0, { green: {} });
    assert.match(
      statusOf(look({ release: free, recorded: recorded(free) })).next!.what,
      /free for the next version/,
    );
  });

  it("says that nothing follows a fenced version, and that a predecessor is kept", () => {
    const back = { release: release(0), recorded: recorded(release(0)), fence: FENCE };
    const fenced = statusOf(look(back));
    assert.match(fenced.next!.what, /nothing: green 2\.4\.0 is fenced/);
    assert.equal(fenced.colours.green.fenced, true);
    const done = promoted();
    const kept = statusOf(look({ release: done.release, recorded: done }));
    assert.equal(kept.colours.blue.role, "predecessor");
    assert.equal(kept.retention?.phase, "warm");
    assert.match(kept.next!.what, /blue is kept as a way back/);
  });

  it("says which freeze the next step waits for, and nothing of one that it need not wait for", () => {
    const limits = { ...LIMITS, freezes: [{ reason: "quarter's end", from: at(-60), until: at(60) }] };
    assert.deepEqual(statusOf({ ...look(), limits, now: at(0) }).next, {
      what: "shift green to 25 %, not in the freeze (quarter's end)",
      inSeconds: 60,
    });
    const back = { ...look(), release: release(0), limits, now: at(0) };
    assert.deepEqual(statusOf(back).next, {
      what: "all traffic back to blue, as configuration asks",
      inSeconds: 0,
    });
  });

  it("says how the next version may take the place of one that is kept cold", () => {
    const done = promoted();
    const cold = { ...look({ release: done.release, recorded: done }), now: at(LIMITS.warmSeconds) };
    assert.match(statusOf(cold).next!.what, /config set --path 'sluice:release\.supersedes' 2\.3\.1/);
  });

  it("leaves out what nobody could see, and invents nothing for it", () => {
    const blind = statusOf({ release: release(10), limits: LIMITS, now: at(0), targets: {} });
    assert.deepEqual(Object.keys(blind).sort(), ["colours", "strategy"]);
    assert.deepEqual(blind.colours.blue.services, {});
    assert.equal(blind.colours.blue.recorded, undefined);
  });
});

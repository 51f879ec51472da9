import assert from "node:assert/strict";
import fc from "fast-check";
import { type Config, merged } from "../../../model/delivery/merge";

const BASE = {
  "sluice:app": "voiceassist",
  "sluice:release": {
    ...{ strategy: "canary", live: "blue", traffic: { blue: 100, green: 0 } },
    ...{ blue: { version: "2.3.1" }, green: { version: "2.4.0" } },
  },
  "sluice:flags": { partial: { rollout_percentage: 10 }, other: { rollout_percentage: 0 } },
};
const released = (release: Record<string, unknown>): Config => ({
  ...BASE,
  "sluice:release": { ...BASE["sluice:release"], ...release },
});
const TEN = { blue: 90, green: 10 };

describe("what a release has written and what others have", () => {
  it("go together where they are about different keys", () => {
    const ours = released({ traffic: TEN });
    assert.deepEqual(merged(BASE, ours, BASE), { edit: { "sluice:release.traffic": TEN } });
    assert.deepEqual(merged(BASE, ours, released({ blue: { version: "2.5.0" } })), {
      edit: { "sluice:release.traffic": TEN },
    });
    const flags = { ...BASE["sluice:flags"], partial: { rollout_percentage: 50 } };
    const others = { ...BASE["sluice:flags"], other: { rollout_percentage: 5 } };
    assert.deepEqual(merged(BASE, { ...BASE, "sluice:flags": flags }, { ...BASE, "sluice:flags": others }), {
      edit: { "sluice:flags.partial": { rollout_percentage: 50 } },
    });
    assert.deepEqual(merged(BASE, { ...BASE, "sluice:plan": { hold: "look" } }, released({ green: {} })), {
      edit: { "sluice:plan": { hold: "look" } },
    });
  });

  it("do not where a person has said where traffic is to be, by whichever key", () => {
    const ours = released({ traffic: TEN });
    for (const theirs of [
      { traffic: { blue: 50, green: 50 } },
      { live: "green" },
      { capacity: { green: 150 } },
    ]) {
      const [key = ""] = Object.keys(theirs);
      assert.ok("conflicts" in merged(BASE, ours, released(theirs)), key);
      assert.ok("conflicts" in merged(BASE, released(theirs), ours), key);
    }
    const { "sluice:release": _, ...without } = BASE;
    assert.deepEqual(merged(BASE, ours, without), { conflicts: ["sluice:release.traffic"] });
  });

  it("do where both have come to the same", () => {
    const ours = released({ live: "green", traffic: { blue: 0, green: 100 } });
    assert.ok("edit" in merged(BASE, ours, released({ traffic: { green: 100, blue: 0 } })));
    assert.ok("edit" in merged(BASE, ours, ours));
  });

  it("do not where one has taken away what the other keeps", () => {
    const { "sluice:flags": _, ...without } = BASE;
    assert.deepEqual(merged(BASE, without, BASE), { conflicts: ["sluice:flags"] });
  });

  it("have nothing to write where the release has changed nothing", () => {
    const version = fc.record({ version: fc.constantFrom("2.3.1", "2.4.0", "2.5.0") });
    const some = fc.record({ live: fc.constantFrom("blue", "green"), green: version, blue: version });
    fc.assert(
      fc.property(some, (theirs) => assert.deepEqual(merged(BASE, BASE, released(theirs)), { edit: {} })),
    );
  });
});

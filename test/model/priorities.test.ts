import assert from "node:assert/strict";
import fc from "fast-check";
import { SLOTS, priorities, slotOf } from "../../model/priorities";

/** The greatest priority of a rule at an Application Load Balancer. */
const GREATEST = 50_000;

const slots = fc.nat(SLOTS - 1);

describe("priorities", () => {
  it("stay the same from release to release: another number would replace the rule", () => {
    assert.deepEqual(priorities("api-gateway"), { blue: 2595, green: 2596, weighted: 21_298 });
    assert.deepEqual(priorities("voice-service"), { blue: 10_865, green: 10_866, weighted: 25_433 });
    assert.deepEqual(priorities("admin-panel"), { blue: 8843, green: 8844, weighted: 24_422 });
  });

  it("are ones that a load balancer takes, from the first slot to the last", () => {
    for (const slot of [0, SLOTS - 1]) {
      for (const priority of Object.values(priorities("api", slot))) {
        assert.ok(Number.isInteger(priority) && priority >= 1 && priority <= GREATEST, String(priority));
      }
    }
  });

  it("ask every header rule before any weighted rule, also those of other services", () => {
    const headers = [0, SLOTS - 1].flatMap((slot) => {
      const { blue, green } = priorities("api", slot);
      return [blue, green];
    });
    const weighted = [0, SLOTS - 1].map((slot) => priorities("api", slot).weighted);
    assert.ok(Math.max(...headers) < Math.min(...weighted));
  });

  it("never meet between services of different slots, nor within one service", () => {
    fc.assert(
      fc.property(fc.uniqueArray(slots, { minLength: 1, maxLength: 50 }), (different) => {
        const all = different.flatMap((slot) => Object.values(priorities("api", slot)));
        assert.equal(new Set(all).size, all.length);
      }),
    );
  });

  it("come from the slot that is given, and from the name where none is", () => {
    assert.deepEqual(priorities("api", 7), priorities("other", 7));
    assert.deepEqual(priorities("api"), priorities("other", slotOf("api")));
    assert.notDeepEqual(priorities("api"), priorities("other"));
  });
});

describe("slots", () => {
  it("are whole numbers below their count for every name", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const slot = slotOf(name);
        assert.ok(Number.isInteger(slot) && slot >= 0 && slot < SLOTS, String(slot));
      }),
    );
  });

  it("spread services: of a hundred names hardly any two share one", () => {
    const used = new Set(Array.from({ length: 100 }, (_, index) => slotOf(`service-${index}`)));
    assert.ok(used.size >= 97, `${used.size} slots for 100 names`);
  });
});

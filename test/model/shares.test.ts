import assert from "node:assert/strict";
import fc from "fast-check";
import { greenAt } from "../../model/release";
import {
  areShares,
  areUneven,
  leastOf,
  mostOf,
  reached,
  sharesAt,
  sharesOfWeights,
} from "../../model/shares";
import { recorded, release } from "./fixtures";

describe("shares", () => {
  it("are whole numbers from 0 to 100 of both colours and nothing else, which sum to 100", () => {
    for (const green of [0, 1, 50, 99, 100]) assert.ok(areShares({ blue: 100 - green, green }));
    for (const wrong of [
      {},
      { blue: 100 },
      { blue: 50, green: 51 },
      { blue: 50, green: 49 },
      { blue: 101, green: -1 },
      { blue: -1, green: 101 },
      { blue: 99.5, green: 0.5 },
      { blue: "50", green: 50 },
      { blue: 50, green: 50, red: 0 },
      { blue: 100, red: 0 },
      { blue: Number.NaN, green: 100 },
    ]) {
      assert.ok(!areShares(wrong), JSON.stringify(wrong));
    }
  });

  it("are in proportion to a rule's weights, whatever these sum to", () => {
    assert.deepEqual(sharesOfWeights({ blue: 3, green: 1 }), { blue: 75, green: 25 });
    assert.deepEqual(sharesOfWeights({ blue: 0, green: 7 }), { blue: 0, green: 100 });
    assert.deepEqual(sharesOfWeights({ blue: 999, green: 0 }), { blue: 100, green: 0 });
    assert.deepEqual(sharesOfWeights({ blue: 0, green: 0 }), { blue: 0, green: 0 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (green) => {
        assert.deepEqual(sharesOfWeights(greenAt(green)), greenAt(green));
      }),
    );
  });

  it("are 1 % at least where a colour has any weight beside the other", () => {
    assert.deepEqual(sharesOfWeights({ blue: 999, green: 1 }), { blue: 99, green: 1 });
    assert.deepEqual(sharesOfWeights({ blue: 1, green: 999 }), { blue: 1, green: 99 });
  });
});

describe("the shares of a state", () => {
  const rules = { "api-gateway": greenAt(10), "voice-service": greenAt(40), "admin-panel": greenAt(25) };
  const state = recorded(release(25), { rules });

  it("are the most and the least of any rule and of what was asked for", () => {
    assert.deepEqual([leastOf(state, "green"), mostOf(state, "green")], [10, 40]);
    assert.deepEqual([leastOf(state, "blue"), mostOf(state, "blue")], [60, 90]);
    assert.deepEqual([mostOf(recorded(release(50), { rules }), "green")], [50]);
    assert.deepEqual([leastOf(recorded(release(5), { rules }), "green")], [5]);
  });

  it("are uneven where a rule has others than were asked for", () => {
    assert.ok(areUneven(state));
    assert.ok(!areUneven(recorded(release(25))));
    assert.ok(areUneven(recorded(release(25), { rules: { "api-gateway": { blue: 75, green: 20 } } })));
    assert.ok(areUneven(recorded(release(25), { rules: { "api-gateway": { blue: 70, green: 25 } } })));
  });

  it("are at a service those of its rule, or those that were asked for where it has none", () => {
    assert.deepEqual(sharesAt(state, "voice-service"), greenAt(40));
    assert.deepEqual(sharesAt(state, "new-service"), greenAt(25));
  });

  it("are reached as far as one rule has them, and no further than was asked for", () => {
    assert.equal(reached(state, "green"), 25);
    assert.equal(reached(recorded(release(50), { rules }), "green"), 40);
    assert.equal(reached(recorded(release(50), { rules: {} }), "green"), 0);
  });
});

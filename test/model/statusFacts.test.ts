import assert from "node:assert/strict";
import fc from "fast-check";
import type { Status } from "../../model/status";
import { changesOf, factsOf } from "../../model/statusFacts";

const status = (changes: Partial<Status> = {}): Status => ({
  strategy: "canary",
  colours: {
    blue: { role: "live", version: "2.3.1", configured: 90, recorded: 90, fenced: false, services: {} },
    green: { role: "candidate", version: "2.4.0", configured: 10, fenced: false, services: {} },
  },
  fence: null,
  lock: null,
  ...changes,
});

const changes = (before: Partial<Status>, after: Partial<Status>, unseen: readonly string[] = []) =>
  changesOf(factsOf(status(before), []), factsOf(status(after), unseen));

describe("what is news in a status", () => {
  it("is nothing where only times and figures go on", () => {
    const going = (seconds: number, errorPercent: number): Partial<Status> => ({
      baked: { seconds, needed: 60 },
      step: { plan: "own", shares: [10], share: 10, seconds, needed: 60 },
      next: { what: "shift green to 25 %", inSeconds: 60 - seconds },
      decision: { kind: "hold", reasons: [{ code: "bake", text: `it has baked ${seconds} s of 60 s` }] },
      colours: {
        ...status().colours,
        green: {
          ...status().colours.green,
          services: { api: { share: 10, figures: { requests: seconds, errorPercent } } },
        },
      },
    });
    assert.deepEqual(changes(going(1, 0), going(59, 2.5)), []);
  });

  it("is each fact that is another one, with what it was", () => {
    const fence = { version: "2.4.0", by: "ana", at: "2026-03-01T10:00:00.000Z", reason: "loses calls" };
    assert.deepEqual(changes({}, { fence, lock: { by: "bob" } }), [
      { what: "fence", from: "none", to: "2.4.0 by ana: loses calls" },
      { what: "lock", from: "none", to: "bob" },
    ]);
    const { colours } = status();
    const moved = { ...colours, green: { ...colours.green, configured: 25, recorded: 10 } };
    assert.deepEqual(changes({}, { colours: moved }), [
      { what: "green configured", from: "10 %", to: "25 %" },
      { what: "green in state", to: "10 %" },
    ]);
  });

  it("is also what is not known any more, and what cannot be seen", () => {
    const { fence: _, ...blind } = status();
    const after = factsOf(blind, ["the fence: denied"]);
    assert.deepEqual(changesOf(factsOf(status(), []), after), [
      { what: "not seen", to: "the fence: denied" },
      { what: "fence", from: "none" },
    ]);
  });

  it("is everything at first, and nothing the second time", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (facts) => {
        const all = new Map(Object.entries(facts));
        assert.equal(changesOf(new Map(), all).length, all.size);
        assert.deepEqual(changesOf(all, all), []);
      }),
    );
  });
});

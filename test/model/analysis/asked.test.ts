import assert from "node:assert/strict";
import fc from "fast-check";
import { LONGEST_DAYS, askedOf, spanOf } from "../../../model/analysis/asked";
import { greenAt } from "../../../model/release";
import { START, at, promoted, recorded, release } from "../fixtures";
import { liveRule, rulesOf } from "../rollout/situations";

const DAY = 86_400;

describe("what is asked of the metrics", () => {
  it("is about the candidate, since the step began, of every public service", () => {
    const state = recorded(release(10), { since: at(500) });
    const asked = askedOf(state, rulesOf(state), at(1_000))!;
    assert.deepEqual(
      [asked.colour, asked.version, asked.since, asked.began],
      ["green", "2.4.0", at(500), START],
    );
    assert.deepEqual(
      asked.rules.map(({ service }) => service),
      ["api-gateway", "voice-service", "admin-panel"],
    );
  });

  it("is of the pods of those internal services that a candidate runs: not of workers, which follow live", () => {
    const { services } = recorded(release(10));
    const analytics = { ...services["analytics"]!, kind: "worker" as const };
    const state = recorded(release(10), { services: { ...services, analytics } });
    assert.deepEqual(askedOf(state, rulesOf(state), START)?.others, ["storage", "notification"]);
  });

  it("leaves out services that the colour does not have", () => {
    const green = { version: "2.4.0", services: ["api-gateway", "storage"] };
    const state = recorded(release(10, { green }));
    const asked = askedOf(state, rulesOf(state), START)!;
    assert.deepEqual(
      [asked.rules.map(({ service }) => service), asked.others],
      [["api-gateway"], ["storage"]],
    );
  });

  it("is about the live colour for as long as its predecessor is warm, and then about the other", () => {
    const state = promoted();
    const { warmUntil } = state.retention!;
    const before = new Date(Date.parse(warmUntil) - 1).toISOString();
    assert.equal(askedOf(state, [], before)?.colour, "green");
    assert.equal(askedOf(state, [], warmUntil)?.colour, "blue");
  });

  it("is nothing where the colour runs nothing", () => {
    const state = recorded(release(0, { green: {} }));
    assert.equal(askedOf(state, [liveRule("api-gateway", greenAt(0))], START), undefined);
  });

  it("is of no time before a version that was taken back, a promote, or the end of a former share", () => {
    const began = (changes: Parameters<typeof recorded>[1]) =>
      askedOf(recorded(release(10), changes), [], at(DAY))?.began;
    assert.equal(began({ takenBack: [{ version: "2.3.9", at: at(700) }] }), at(700));
    assert.equal(began({ drainedAt: { green: at(800) } }), at(800));
    assert.equal(began({ trusted: { colour: "blue", version: "2.3.1", at: at(900) } }), at(900));
    assert.equal(began({ drainedAt: { blue: at(800) } }), START);
  });
});

describe("the time of which metrics are asked", () => {
  const span = (days: number) => spanOf({ began: START, since: START, now: at(DAY * days) });

  it("is the release's, for a week", () => {
    assert.deepEqual(span(0.5), { from: START, to: at(DAY / 2) });
    assert.equal(span(LONGEST_DAYS).from, START);
  });

  it("is a week at most and six days at least then, and its beginning moves once a day", () => {
    fc.assert(
      fc.property(fc.double({ min: 7, max: 100, noNaN: true }), (days) => {
        const { from, to } = span(days);
        const length = (Date.parse(to) - Date.parse(from)) / 1_000 / DAY;
        assert.ok(length <= LONGEST_DAYS && length > LONGEST_DAYS - 1.001, String(length));
        assert.equal(((Date.parse(from) - Date.parse(START)) / 1_000) % DAY, 0);
      }),
    );
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Colour } from "../../model/release";
import { chanceOf } from "../../rehearsal/chance";
import { blocksOf, withoutInterval } from "../../rehearsal/traffic/independence";
import { FAILING_RISK } from "../../rehearsal/traffic/interval";

/** As many as a step waits for. */
const ASSIGNED = 550;

/** Shares at which a rehearsal stops, and one between. */
const SHARES = [10, 25, 30, 50, 75, 90];

const services = (sequence: readonly Colour[], count = 3): Record<string, Colour[]> => {
  const dealt: Record<string, Colour[]> = {};
  sequence.forEach((colour, at) => (dealt[`service ${at % count}`] ??= []).push(colour));
  return dealt;
};

const isWithin = (sequences: Record<string, Colour[]>, share: number): boolean => {
  const blocks = blocksOf(sequences, share);
  if (!blocks) return true;
  const { fewest, most } = withoutInterval(blocks, share, FAILING_RISK);
  return blocks.without >= fewest && blocks.without <= most;
};

/** Each drawn for itself. */
const drawn = (share: number, seed: number, count = ASSIGNED): Colour[] => {
  const chance = chanceOf(seed);
  return Array.from({ length: count }, () => (100 * chance() < share ? "green" : "blue"));
};

/** One after the other in fixed turns, as smooth weighted round-robin does it. */
const inTurn = (share: number, count = ASSIGNED): Colour[] => {
  let credit = 0;
  return Array.from({ length: count }, () => {
    credit += share;
    if (credit < 100) return "blue";
    credit -= 100;
    return "green";
  });
};

describe("independence of first assignments", () => {
  it("is found where each is drawn for itself, whatever the share", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        (share, seed, many) => isWithin(services(drawn(share, seed), many), share),
      ),
    );
  });

  for (const share of SHARES) {
    it(`is not found in a round-robin at ${share} %`, () => {
      const one = { api: inTurn(share) };
      assert.ok(!isWithin(one, share));
      const each = { a: inTurn(share, 190), b: inTurn(share, 190), c: inTurn(share, 190) };
      assert.ok(!isWithin(each, share), "each service in its own turns");
    });

    it(`is not found where one choice holds for a row of sessions at ${share} %`, () => {
      const rows = drawn(share, 7, 60).flatMap((colour) => Array<Colour>(20).fill(colour));
      assert.ok(!isWithin({ api: rows }, share));
    });
  }

  it("is judged by the rarer colour, so that both are treated alike", () => {
    const other = (colours: Colour[]) => colours.map((colour) => (colour === "green" ? "blue" : "green"));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 49 }), fc.nat(), (share, seed) => {
        const colours = drawn(share, seed);
        assert.deepEqual(blocksOf({ api: colours }, share), blocksOf({ api: other(colours) }, 100 - share));
      }),
    );
  });

  it("counts no block that is not full, and none over two services", () => {
    const sequences = { a: drawn(10, 1, 19), b: drawn(10, 2, 19), c: drawn(10, 3, 9) };
    assert.deepEqual(blocksOf(sequences, 10)?.count, 2);
    assert.deepEqual(blocksOf({ api: ["blue", "blue", "green", "blue"] }, 50), {
      size: 2,
      count: 2,
      without: 1,
    });
  });

  it("says nothing where nothing can be told", () => {
    for (const share of [0, 100]) assert.equal(blocksOf({ api: drawn(share, 1) }, share), undefined);
    assert.equal(blocksOf({}, 10), undefined);
    assert.equal(blocksOf({ api: drawn(10, 1, 9) }, 10), undefined);
  });
});

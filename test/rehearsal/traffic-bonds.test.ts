import assert from "node:assert/strict";
import fc from "fast-check";
import { COLOURS, type Colour } from "../../model/release";
import { type Look, keptBy, strayed, watchBonds } from "../../rehearsal/traffic/bonds";
import type { WeightedRule } from "../../rehearsal/traffic/weights";

const rule = (blue: number, green: number, enabled = true): WeightedRule => ({
  arn: "rule",
  groups: [
    { arn: "b", weight: blue, colour: "blue" },
    { arn: "g", weight: green, colour: "green" },
  ],
  stickiness: { enabled, duration: 60 },
});

/** Looks a second apart, each of which takes a tenth of it. */
const looks = (...keeps: (readonly Colour[])[]): Look[] =>
  keeps.map((kept, at) => ({ asked: 1_000 * at, answered: 1_000 * at + 100, keeps: kept }));

describe("the rules", () => {
  it("keep the sessions of a colour that has a share in each of them, while cookies count in each", () => {
    assert.deepEqual(keptBy([rule(90, 10), rule(50, 50)]), ["blue", "green"]);
    assert.deepEqual(keptBy([rule(90, 10), rule(100, 0)]), ["blue"]);
    assert.deepEqual(keptBy([rule(90, 10), rule(90, 10, false)]), []);
    assert.deepEqual(keptBy([]), []);
  });

  it("are looked at until the end and once more, and keep nobody where they could not be had", async () => {
    let asked = 0;
    const ask = () =>
      (asked += 1) === 2 ? Promise.reject(new Error("busy")) : Promise.resolve([rule(90, 10)]);
    const end = watchBonds(ask, 10);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const found = await end();
    assert.ok(asked > 2 && found.length === asked, `${found.length} of ${asked}`);
    assert.deepEqual(
      found.map(({ keeps }) => keeps.length),
      found.map((_, at) => (at === 1 ? 0 : 2)),
    );
    assert.equal(await end(), found, "asking again gives the same");
  });
});

describe("a request that left its session's colour", () => {
  const both = looks(COLOURS, COLOURS, COLOURS);
  const at = (from: Colour, started: number, ended = started + 10) => ({ from, started, ended });

  it("strayed where the rules kept the colour before it, after it and all the while", () => {
    assert.equal(strayed([at("blue", 500), at("green", 100, 2_000)], both), 2);
  });

  it("is followed by nobody where the colour had lost its share, or got it on the way", () => {
    const lost = looks(COLOURS, ["blue"], ["blue"]);
    assert.equal(strayed([at("green", 500), at("green", 1_500)], lost), 0);
    assert.equal(strayed([at("green", 500), at("green", 1_500)], looks(["blue"], COLOURS, COLOURS)), 1);
  });

  it("is not judged where nobody looked: before the first look, or after the last", () => {
    assert.equal(strayed([at("blue", 50), at("blue", 1_995)], both), 0);
  });

  it("is no matter where no colour kept anybody from one look to the next: that is no 0, but nothing", () => {
    assert.equal(strayed([], looks(["blue"], ["green"], [])), undefined);
    assert.equal(strayed([], looks(["blue"])), undefined);
    assert.equal(strayed([], looks(["blue"], ["blue"])), 0);
  });

  it("never counts for more by looking less often", () => {
    const kept = fc.subarray([...COLOURS]);
    const stray = fc
      .tuple(fc.constantFrom(...COLOURS), fc.nat(9_000), fc.nat(1_500))
      .map(([from, started, lasted]) => at(from, started, started + lasted));
    fc.assert(
      fc.property(fc.array(kept, { minLength: 3, maxLength: 9 }), fc.array(stray), (keeps, strays) => {
        const all = looks(...keeps);
        // A look that was left out may have hidden that a colour was not kept, so only kept ones are.
        const fewer = all.filter((look, index) => index % 2 === 0 || look.keeps.length < COLOURS.length);
        assert.ok((strayed(strays, fewer) ?? 0) <= (strayed(strays, all) ?? 0));
      }),
    );
  });
});

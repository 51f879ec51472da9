import assert from "node:assert/strict";
import fc from "fast-check";
import type { Fence } from "../../model/guard";
import { type Known, knownOf } from "../../model/known";
import type { LiveRule, LiveTargets } from "../../model/live";
import { COLOURS, type Colour, greenAt, otherColour } from "../../model/release";
import { type Asked, NoTargetError, type Rollback, type Sight, rollback } from "../../model/rollback";
import { areShares } from "../../model/shares";
import { PUBLIC, START, at, promoted, recorded, release } from "./fixtures";

const rule = (service: string, green: number, sticky = false): LiveRule => ({
  service,
  arn: `arn:${service}`,
  shares: greenAt(green),
  sticky,
  stickySeconds: 60,
  targetGroups: { blue: `arn:${service}-blue`, green: `arn:${service}-green` },
});

const healthy = (blue: number, green = blue): LiveTargets =>
  Object.fromEntries(
    PUBLIC.map((service) => [
      service,
      { blue: { healthy: blue, registered: 3 }, green: { healthy: green, registered: 3 } },
    ]),
  );

const fence = (version: string): Fence => ({ version, reason: "loses calls", by: "on-call", at: START });

const canary: Known = knownOf(recorded(release(10)));

const sight = (changes: Partial<Sight> = {}): Sight => ({
  rules: PUBLIC.map((service) => rule(service, 10, true)),
  targets: healthy(3),
  known: canary,
  now: at(60),
  ...changes,
});

/** What the world is after somebody did all that was decided. */
const done = (seen: Sight, { moves, fence: version }: Rollback): Sight => ({
  ...seen,
  rules: seen.rules.map((one) => {
    const move = moves.find((other) => other.rule.arn === one.arn);
    return move ? { ...one, shares: move.shares, sticky: false } : one;
  }),
  fence: version === undefined ? seen.fence : fence(version),
});

const refused = (seen: Sight, asked: Asked = {}): NoTargetError => {
  try {
    rollback(seen, asked);
  } catch (error) {
    if (error instanceof NoTargetError) return error;
    throw error;
  }
  return assert.fail("it was not refused");
};

describe("rollback", () => {
  it("takes every rule to the live colour and fences the candidate", () => {
    const { to, fence, moves, held, remarks } = rollback(sight(), {});
    assert.deepEqual([to, fence, held, remarks], ["blue", "2.4.0", [], []]);
    assert.deepEqual(
      moves.map(({ rule, shares }) => [rule.service, shares]),
      PUBLIC.map((service) => [service, { blue: 100, green: 0 }]),
    );
  });

  it("takes the candidate back at any share, also where it has all of it", () => {
    for (const green of [1, 50, 75, 100]) {
      const seen = sight({ rules: PUBLIC.map((service) => rule(service, green)) });
      assert.equal(rollback(seen, {}).to, "blue", `${green} %`);
    }
  });

  it("of a promoted release stays where it is, and names its predecessor", () => {
    const known = knownOf(promoted());
    const rules = PUBLIC.map((service) => rule(service, 100));
    const { to, moves, fence, remarks } = rollback(sight({ known, rules }), {});
    assert.deepEqual([to, moves, fence], ["green", [], undefined]);
    assert.match(remarks.join(), /blue is its unchanged predecessor: --to blue/);
  });

  it("goes to the predecessor where that is said, inside retention, and fences the live version", () => {
    const known = knownOf(promoted());
    const rules = PUBLIC.map((service) => rule(service, 100));
    const there = rollback(sight({ known, rules }), { to: "blue" });
    assert.deepEqual([there.to, there.fence, there.moves.length], ["blue", "2.4.0", 3]);
    const again = rollback(done(sight({ known, rules }), there), {});
    assert.deepEqual(
      [again.to, again.moves, again.fence],
      ["blue", [], undefined],
      "the fence says where to",
    );
    const { until } = known.predecessor!;
    const late = refused(sight({ known, rules, now: until }), { to: "blue" });
    assert.match(late.message, /was kept until/);
    assert.deepEqual(late.to, ["green"]);
  });

  it("asks which colour is meant where both are trusted and both have traffic", () => {
    const known = knownOf(promoted());
    assert.deepEqual(refused(sight({ known })).to, ["green", "blue"]);
  });

  it("asks where nobody says which colour is live, whatever the weights are", () => {
    for (const green of [0, 10, 50, 90, 100]) {
      const seen = sight({ known: undefined, rules: [rule("api-gateway", green)] });
      assert.deepEqual(refused(seen).to, COLOURS);
      const { to, moves, remarks } = rollback(seen, { to: "blue" });
      assert.deepEqual([to, moves.length], ["blue", green === 0 ? 0 : 1]);
      assert.match(remarks.join("; "), /taken as told.*--version/);
      assert.equal(rollback(seen, { to: "blue", version: "2.4.0" }).fence, "2.4.0");
    }
  });

  it("never goes to a candidate, to an empty colour, to a fenced version, or to one that the schema left", () => {
    assert.match(refused(sight(), { to: "green" }).message, /is a candidate/);
    const empty = { ...canary, versions: { green: "2.4.0" } };
    assert.match(refused(sight({ known: empty })).message, /blue runs nothing/);
    assert.match(
      refused(sight({ fence: fence("2.3.1") })).message,
      /blue 2\.3\.1 is fenced since .* by on-call/,
    );
    const contracted: Known = { ...canary, unserved: ["blue"] };
    assert.match(refused(sight({ known: contracted })).message, /schema no longer serves blue 2\.3\.1/);
  });

  it("can be asked again where both colours run one version with other settings, which its own fence names", () => {
    const known = knownOf(recorded(release(10, { green: { version: "2.3.1", settings: { A: "1" } } })));
    const first = rollback(sight({ known }), {});
    assert.deepEqual([first.to, first.fence], ["blue", "2.3.1"]);
    const half = { ...first, moves: first.moves.slice(1) };
    for (const asked of [{}, { to: "blue" }] as const) {
      const rest = rollback(done(sight({ known }), half), asked);
      assert.deepEqual([rest.to, rest.moves.length, rest.fence], ["blue", 1, undefined]);
    }
    assert.match(refused(done(sight({ known }), first), { to: "green" }).message, /is a candidate/);
  });

  it("is held where the target has hardly a healthy target, fences all the same, and says what it carries", () => {
    const rules = PUBLIC.map((service) => rule(service, 100));
    const seen = sight({ rules, targets: healthy(1, 3) });
    const few = rollback(seen, {});
    assert.equal(few.fence, "2.4.0");
    assert.match(few.held.join("; "), /api-gateway blue has 1 healthy targets; 100 % needs 3/);
    assert.ok(few.carries! > 0 && few.carries! < 100, String(few.carries));
    assert.deepEqual(rollback(seen, { share: few.carries }).held, []);
    assert.notDeepEqual(rollback(seen, { share: few.carries! + 1 }).held, []);
    const none = rollback(sight({ rules, targets: healthy(0, 3) }), {});
    assert.deepEqual([none.held.length, none.carries], [3, 0]);
    const anyway = rollback(sight({ rules, targets: healthy(0, 3) }), { anyway: true });
    assert.deepEqual([anyway.held, anyway.moves.length], [[], 3]);
    assert.match(anyway.remarks.join("; "), /0 healthy targets/);
  });

  it("is held where the load has made many more pods than the target has", () => {
    const rules = PUBLIC.map((service) => rule(service, 100));
    const { held } = rollback(sight({ rules, targets: healthy(3, 9) }), {});
    assert.match(held.join("; "), /api-gateway blue has 3 healthy targets; 100 % needs 10/);
  });

  it("goes where a healthy target is missing, and says so: it is not held for a pod that restarts", () => {
    const canaries = rollback(sight({ targets: healthy(1, 3) }), {});
    assert.deepEqual([canaries.held, canaries.moves.length], [[], 3], "1 of 3 carries 90 % already");
    const full = sight({ rules: PUBLIC.map((service) => rule(service, 100)), targets: healthy(2, 3) });
    const { held, moves, remarks } = rollback(full, {});
    assert.deepEqual([held, moves.length], [[], 3]);
    assert.match(remarks.join("; "), /api-gateway blue has 2 healthy targets; 100 % needs 3/);
  });

  it("goes where targets cannot be observed, and says so: going back must be possible where nothing is seen", () => {
    const { held, moves, remarks } = rollback(sight({ targets: {} }), {});
    assert.deepEqual([held, moves.length], [[], 3]);
    assert.match(remarks.join("; "), /targets of blue could not be observed: api-gateway/);
  });

  it("says by what remark somebody finds on: a fence that ends, a version to name, a release in place", () => {
    const remarks = (changes: Partial<Sight>, asked: Asked = {}) => rollback(sight(changes), asked).remarks;
    const old = { fence: fence("2.2.0") };
    assert.deepEqual(remarks(old), ["the fence of 2.2.0 ends with this one"]);
    assert.deepEqual(remarks({ fence: fence("2.4.0") }), []);
    const unknown = { known: undefined, targets: healthy(3) };
    const taken = "nothing here says who is trusted: blue is taken as told";
    const unnamed = "no fence: the version of green is not known here; name it with --version";
    assert.deepEqual(remarks(unknown, { to: "blue" }), [taken, unnamed]);
    assert.deepEqual(remarks({ ...unknown, ...old }, { to: "blue" }), [taken]);
    assert.deepEqual(remarks(unknown, { to: "blue", version: "2.4.0" }), [taken]);
    const still = PUBLIC.map((service) => rule(service, 0));
    const inPlace = "a rolling release goes back in place: set the former version, then pulumi up";
    assert.deepEqual(remarks({ rules: still, known: { ...canary, strategy: "rolling" } }), [inPlace]);
    assert.deepEqual(remarks({ known: { ...canary, strategy: "rolling" } }), []);
    assert.deepEqual(remarks({ rules: still }), []);
  });

  it("turns stickiness off where the shares are right already", () => {
    const seen = sight({ rules: [rule("api-gateway", 0, true), rule("voice-service", 0)] });
    const { moves } = rollback(seen, {});
    assert.deepEqual(
      moves.map(({ rule }) => rule.service),
      ["api-gateway"],
    );
  });

  it("gives traffic to a rule that no colour has any weight of", () => {
    const none = { ...rule("api-gateway", 0), shares: { blue: 0, green: 0 } };
    assert.deepEqual(rollback(sight({ rules: [none] }), {}).moves[0]?.shares, { blue: 100, green: 0 });
  });

  describe("whatever is seen and asked", () => {
    const versions = fc.constantFrom(undefined, "1.0.0", "2.0.0");
    const colours = fc.constantFrom<Colour>(...COLOURS);
    const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
    const rules = fc
      .array(fc.tuple(fc.nat(100), fc.boolean()), { minLength: 1, maxLength: 3 })
      .map((all) => all.map(([green, sticky], index) => rule(PUBLIC[index]!, green, sticky)));
    const knowns: fc.Arbitrary<Known> = fc
      .record({
        ...{ live: colours, blue: versions, green: versions, unserved: fc.subarray([...COLOURS]) },
        predecessor: maybe(fc.record({ colour: colours, until: fc.constantFrom(at(0), at(120)) })),
      })
      .map(({ live, blue, green, unserved, predecessor }) => ({
        ...{
          live,
          strategy: "canary" as const,
          unserved,
          sizes: { "api-gateway": { replicas: 3, floors: { blue: 3, green: 3 } } },
        },
        versions: { ...(blue !== undefined && { blue }), ...(green !== undefined && { green }) },
        ...(predecessor && { predecessor }),
      }));
    const sights: fc.Arbitrary<Sight> = fc
      .record({
        ...{ rules, known: maybe(knowns), fence: maybe(fc.constantFrom("1.0.0", "2.0.0").map(fence)) },
        targets: fc.tuple(fc.nat(4), fc.nat(4)).map(([blue, green]) => healthy(blue, green)),
      })
      .map((seen) => ({ ...seen, now: at(60) }));
    const asks: fc.Arbitrary<Asked> = fc.record({
      ...{ to: maybe(colours), version: maybe(fc.constant("3.0.0")), anyway: fc.boolean() },
      share: maybe(fc.integer({ min: 1, max: 100 })),
    });
    const decided = (seen: Sight, asked: Asked): Rollback | undefined => {
      try {
        return rollback(seen, asked);
      } catch (error) {
        assert.ok(error instanceof NoTargetError, String(error));
        return undefined;
      }
    };

    it("shares stay legal, and no share of a colour that is left ever rises", () => {
      fc.assert(
        fc.property(sights, asks, (seen, asked) => {
          const decision = decided(seen, asked);
          for (const { rule, shares } of decision?.moves ?? []) {
            assert.ok(areShares(shares));
            const left = otherColour(decision!.to);
            assert.ok(shares[left] <= rule.shares[left]);
          }
        }),
      );
    });

    it("what was done once is not done again, and a part of it is only what is left", () => {
      fc.assert(
        fc.property(sights, asks, fc.nat(3), fc.boolean(), (seen, asked, moved, isFenced) => {
          const first = decided(seen, asked);
          if (!first || first.held.length > 0) return;
          const part = {
            ...first,
            moves: first.moves.slice(0, moved),
            ...(isFenced ? {} : { fence: undefined }),
          } as Rollback;
          const rest = decided(done(seen, part), { ...asked, to: first.to });
          assert.ok(rest, "a part of a rollback forbids its rest");
          assert.equal(rest.moves.length, Math.max(0, first.moves.length - moved));
          const again = decided(done(done(seen, part), rest), { ...asked, to: first.to });
          assert.deepEqual(again?.moves, []);
        }),
      );
    });

    it("the colour that it goes to is one that is trusted, served, and not fenced, where a version tells it", () => {
      fc.assert(
        fc.property(sights, asks, (seen, asked) => {
          const decision = decided(seen, asked);
          const { known } = seen;
          if (!decision || !known) return;
          const { to } = decision;
          assert.ok(to === known.live || known.predecessor?.colour === to);
          assert.ok(!known.unserved.includes(to));
          assert.notEqual(known.versions[to], undefined);
          if (known.versions.blue !== known.versions.green)
            assert.notEqual(known.versions[to], seen.fence?.version);
        }),
      );
    });
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { lt } from "semver";
import { sameManifest } from "../../model/manifest";
import {
  COLOURS,
  type Colour,
  type Manifest,
  type Recorded,
  type Release,
  allTo,
  otherColour,
} from "../../model/release";
import { areShares } from "../../model/shares";
import { classify, coldColour, isRetreat, judge, retentionPhase } from "../../model/transition";
import { LIMITS, PUBLIC, SERVICES, at, promoted, recorded, refusedBy, release, transition } from "./fixtures";
import { type Update, SMALL, attempts, play } from "./history";

const trueShare = (state: Recorded, colour: Colour) =>
  Math.max(...Object.values(state.rules).map((shares) => shares[colour]));

describe("any sequence of permitted transitions", function () {
  // Laws are tried on many cases, and other work may share the machine.
  this.timeout(60_000);

  const each = (law: (update: Update, earlier: readonly Update[]) => void, runs = 200) =>
    fc.assert(
      fc.property(attempts, (history) => {
        const { updates } = play(history);
        updates.forEach((update, index) => law(update, updates.slice(0, index)));
      }),
      { numRuns: runs },
    );

  it("keeps shares that are shares at every rule", () => {
    each(({ after }) => {
      assert.deepEqual(Object.keys(after.rules), PUBLIC);
      for (const shares of Object.values(after.rules)) assert.ok(areShares(shares));
    });
  });

  it("keeps a version on the live colour and on every colour with traffic", () => {
    each(({ transition: { to }, after }) => {
      assert.notEqual(to[to.live].version, undefined);
      for (const colour of COLOURS) {
        if (trueShare(after, colour) > 0) assert.notEqual(to[colour].version, undefined);
      }
    });
  });

  it("gives traffic only to what an earlier update deployed, in place under rolling aside", () => {
    each(({ transition: { from, to }, after }) => {
      for (const colour of COLOURS) {
        if (trueShare(after, colour) === 0 || sameManifest(from.release[colour], to[colour])) continue;
        assert.equal(from.release.strategy, "rolling");
        assert.equal(colour, from.release.live);
        assert.equal(trueShare(from, otherColour(colour)), 0);
      }
    });
  });

  it("lets two versions that were never trusted have no users at the same time", () => {
    each(({ after }, earlier) => {
      const trusted: Manifest[] = [{ version: "1.0.0" }];
      for (const {
        transition: { to },
      } of earlier)
        trusted.push(to[to.live]);
      const untried = COLOURS.filter((colour) => trueShare(after, colour) > 0)
        .map((colour) => after.release[colour])
        .filter((manifest) => !trusted.some((one) => sameManifest(one, manifest)));
      assert.ok(untried.length <= 1, JSON.stringify(untried));
    });
  });

  it("raises a version that is not trusted by the step at most, levelling and flips aside", () => {
    each(({ transition: { from, to }, after }) => {
      const back = from.trusted.predecessor;
      for (const [service, shares] of Object.entries(after.rules)) {
        for (const colour of COLOURS) {
          const rise = shares[colour] - from.rules[service]![colour];
          const levelled = shares[colour] <= trueShare(from, colour);
          const flipped = to.live !== from.release.live && from.release.strategy === "blue-green";
          const known = colour === from.release.live || colour === back?.colour;
          assert.ok(rise <= SMALL.step || levelled || flipped || known, `${service} ${colour} +${rise}`);
        }
      }
    });
  });

  it("makes live only what had all traffic or stood ready for its bake time, or was trusted before", () => {
    each(({ transition: { from, to, now } }) => {
      if (from.release.live === to.live) return;
      assert.equal(to.traffic[to.live], 100);
      if (from.trusted.predecessor?.colour === to.live) return;
      assert.ok(Date.parse(now) - Date.parse(from.since) >= SMALL.bakeSeconds * 1000);
      if (from.release.strategy === "blue-green") return;
      for (const shares of Object.values(from.rules)) assert.equal(shares[to.live], 100);
    });
  });

  it("takes nothing from clients that may still hold on to it", () => {
    const drain = (SMALL.stickinessSeconds + SMALL.deregistrationSeconds) * 1000;
    each(({ transition: { from, to, now } }, earlier) => {
      for (const colour of COLOURS) {
        if (sameManifest(from.release[colour], to[colour])) continue;
        if (from.release.strategy === "rolling" && colour === to.live) continue;
        const last = earlier.findLast(
          (update) => update.succeeded && trueShare(update.transition.from, colour) > 0,
        );
        if (last) assert.ok(Date.parse(now) - Date.parse(last.transition.now) >= drain);
      }
    });
  });

  it("gives traffic to no version before its migration, in place under rolling aside", () => {
    let seen = 0;
    each(({ transition: { from, to }, after }) => {
      for (const colour of COLOURS) {
        const { version, migration } = to[colour];
        if (!migration || trueShare(after, colour) <= trueShare(from, colour)) continue;
        seen++;
        assert.ok(from.schema && !lt(from.schema.version, version!), JSON.stringify(from.schema));
      }
    });
    assert.ok(seen > 0);
  });

  it("takes nothing from a version that has users, is live, or is kept as the way back", () => {
    let seen = 0;
    each(({ transition: asked, after }) => {
      const { from } = asked;
      if (!after.schema || after.schema.revision === from.schema?.revision) return;
      seen++;
      const phase = retentionPhase(from, asked.now);
      const kept =
        phase === "warm" || phase === "cold" ? from.trusted.predecessor?.manifest.version : undefined;
      const needed = COLOURS.filter(
        (colour) => trueShare(from, colour) > 0 || colour === from.release.live,
      ).map((colour) => from.release[colour].version);
      for (const version of [...needed, kept]) {
        assert.ok(version === undefined || !lt(version, after.schema.serves), JSON.stringify(after.schema));
      }
    });
    assert.ok(seen > 0);
  });

  it("runs nothing with users that the schema does not serve, whatever fails half-way", () => {
    each(({ after }) => {
      for (const colour of COLOURS) {
        const { version } = after.release[colour];
        if (trueShare(after, colour) === 0 || !after.schema || version === undefined) continue;
        assert.ok(!lt(version, after.schema.serves), `${version} on ${JSON.stringify(after.schema)}`);
      }
    });
  });

  it("comes to contractions too, so that these laws say something", () => {
    const revisions = new Set<string | undefined>();
    each(({ after }) => revisions.add(after.schema?.revision), 600);
    assert.deepEqual([...revisions].sort(), ["r3", "r4", undefined]);
  });

  it("leaves a permitted retreat to the live colour, at any time", () => {
    fc.assert(
      fc.property(attempts, fc.nat(2_000), (history, wait) => {
        const { state, now } = play(history);
        const later = new Date(Date.parse(now) + wait * 1000).toISOString();
        const to: Release = { ...state.release, traffic: allTo(state.release.live) };
        assert.deepEqual(judge(transition(state, to, { limits: SMALL, now: later })), []);
      }),
      { numRuns: 300 },
    );
  });

  it("leaves a permitted retreat to the predecessor while that is kept, warm or cold", () => {
    const seen = { warm: 0, cold: 0 };
    fc.assert(
      // Warm retention lasts 600 s and cold 500 s more, so one of the two looks is often into the cold.
      fc.property(attempts, fc.constantFrom(0, 601), (history, wait) => {
        const { state, now: end } = play(history);
        const now = new Date(Date.parse(end) + wait * 1000).toISOString();
        const back = state.trusted.predecessor?.colour;
        const phase = retentionPhase(state, now);
        if (back === undefined || phase === undefined || phase === "expired") return;
        seen[phase]++;
        for (const live of COLOURS) {
          const to: Release = { ...state.release, live, traffic: allTo(back) };
          if (live !== back && live !== state.release.live) continue;
          assert.deepEqual(judge(transition(state, to, { limits: SMALL, now })), []);
        }
      }),
      { numRuns: 300 },
    );
    assert.ok(seen.warm > 0 && seen.cold > 0, JSON.stringify(seen));
  });

  it("levels uneven rules by the same configuration, to the share that was asked for", () => {
    let seen = 0;
    each(({ transition: asked, after, succeeded }) => {
      if (succeeded) return;
      seen++;
      assert.deepEqual(judge({ ...asked, from: after }), []);
    });
    assert.ok(seen > 0, `only ${seen} updates failed half-way`);
  });

  it("comes to promotes, flips, rollbacks and cold colours, so that these laws say something", () => {
    const seen = new Map<string, number>();
    const count = (key: string) => seen.set(key, (seen.get(key) ?? 0) + 1);
    each(({ transition: asked }) => {
      count(classify(asked.from, asked.to));
      if (coldColour(asked)) count("cold");
    });
    for (const kind of ["deploy", "shift", "promote", "flip", "rollback", "hold", "cold"]) {
      assert.ok((seen.get(kind) ?? 0) > 0, `${kind}: ${seen.get(kind) ?? 0}`);
    }
  });
});

describe("judge", () => {
  it("reports every rule that a transition breaks", () => {
    const wild = release(50, { live: "green", blue: { version: "9.0.0" } });
    assert.deepEqual(refusedBy(transition(recorded(release(0)), wild)), ["T1", "T4", "T5"]);
  });

  it("says of each violation where it is, what was found, the limit and the way out", () => {
    const wild = release(50, { live: "green", blue: {}, green: { version: "3.0.0" } });
    const violations = judge(transition(recorded(release(10)), wild));
    assert.ok(violations.length >= 4);
    for (const { id, where, found, limit, remedy, message } of violations) {
      assert.match(id, /^[TS]\d+$/);
      assert.match(where, /^sluice:/);
      for (const part of [found, limit, remedy]) assert.ok(part.length > 0);
      assert.ok(message.includes(remedy), message);
      assert.ok(!message.includes("\n"));
    }
  });

  it("is not moved by the order of keys or by parts that say nothing", () => {
    const state = recorded(release(10, { green: { version: "2.4.0", settings: { A: "1", B: "2" } } }));
    const same = release(10, { green: { settings: { B: "2", A: "1" }, images: {}, version: "2.4.0" } });
    assert.deepEqual(judge(transition(state, same)), []);
    assert.equal(classify(state, same), "hold");
  });
});

describe("isRetreat", () => {
  const state = recorded(release(50));
  it("is traffic that moves to the live colour, wholly or in part", () => {
    assert.ok(isRetreat(transition(state, release(0))));
    assert.ok(isRetreat(transition(state, release(49))));
  });

  it("is no rise, no standstill, and no change of what runs", () => {
    assert.ok(!isRetreat(transition(state, release(51))));
    assert.ok(!isRetreat(transition(state, release(50))));
    assert.ok(!isRetreat(transition(state, release(0, { green: {} }))));
    assert.ok(!isRetreat(transition(undefined, release(0))));
    const services = { ...SERVICES, storage: { ...SERVICES["storage"]!, replicas: 1 } };
    assert.ok(!isRetreat(transition(state, release(0), { services })));
  });

  it("is a return to the predecessor until its retention ends, to the second", () => {
    const end = LIMITS.warmSeconds + LIMITS.coldSeconds;
    assert.ok(isRetreat(transition(promoted(), release(0), { now: at(LIMITS.warmSeconds) })));
    assert.ok(isRetreat(transition(promoted(), release(0), { now: at(end - 1) })));
    assert.ok(!isRetreat(transition(promoted(), release(0), { now: at(end) })));
  });
});

describe("classify", () => {
  it("names the kind of every change", () => {
    const kinds = [
      [undefined, release(0), "deploy"],
      [recorded(release(0)), release(0), "hold"],
      [recorded(release(0, { green: {} })), release(0), "deploy"],
      [recorded(release(0)), release(10), "shift"],
      [recorded(release(50)), release(25), "shift"],
      [recorded(release(50)), release(0), "rollback"],
      [recorded(release(100)), release(100, { live: "green" }), "promote"],
      [recorded(release(0)), release(100, { live: "green" }), "flip"],
      [promoted(), release(0), "rollback"],
      [promoted(), release(0, { live: "green" }), "rollback"],
    ] as const;
    for (const [from, to, kind] of kinds) assert.equal(classify(from, to), kind);
  });
});

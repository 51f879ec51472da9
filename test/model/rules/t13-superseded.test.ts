import assert from "node:assert/strict";
import { type Release, greenAt } from "../../../model/release";
import { judge } from "../../../model/transition";
import { LIMITS, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

const { warmSeconds, coldSeconds } = LIMITS;

describe("T13, another strategy under a release", () => {
  const flipping = { strategy: "blue-green" } as const;

  it("is refused while the candidate has one per cent, and permitted when it has none", () => {
    assert.deepEqual(refusedBy(transition(recorded(release(1)), release(1, flipping))), ["T13"]);
    assert.deepEqual(refusedBy(transition(recorded(release(0)), release(0, flipping))), []);
  });

  it("is refused while one rule alone gives it a share", () => {
    const rules = { "api-gateway": greenAt(1), "voice-service": greenAt(0), "admin-panel": greenAt(0) };
    assert.deepEqual(
      refusedBy(transition(recorded(release(0), { rules }), release(0, flipping))),
      [],
      "together with the fall it is a way back",
    );
    assert.deepEqual(refusedBy(transition(recorded(release(0), { rules }), release(1, flipping))), ["T13"]);
  });

  it("is refused in the edit that gives the first share, and permitted in the one before", () => {
    const asked = transition(recorded(release(0, flipping)), release(1));
    assert.deepEqual(refusedBy(asked), ["T13"]);
    const [violation] = judge(asked);
    assert.match(violation!.message, /green \(version 2\.4\.0\) gets 1 % of the traffic/);
    assert.match(violation!.remedy, /traffic\.green' 0 .*; pulumi up; then shift$/);
    assert.deepEqual(refusedBy({ ...asked, to: release(0) }), []);
  });

  it("may come with the next version's deployment, which has no share", () => {
    const from = recorded(release(0, { strategy: "rolling", green: {} }));
    assert.deepEqual(refusedBy(transition(from, release(0))), []);
  });

  it("is refused with a promote, after which it is permitted", () => {
    const now = at(LIMITS.bakeSeconds);
    const both = transition(recorded(release(100)), release(100, { live: "green", ...flipping }), { now });
    assert.deepEqual(refusedBy(both), ["T13"]);
    const after = transition(promoted(), release(100, { live: "green", ...flipping }), { now: at(1) });
    assert.deepEqual(refusedBy(after), []);
  });

  it("says both ways out, and how somebody answers for it", () => {
    const [violation] = judge(transition(recorded(release(25)), release(25, flipping)));
    assert.equal(violation?.where, "sluice:release.strategy");
    assert.equal(violation.found, "canary → blue-green, with 25 % on green");
    assert.match(violation.remedy, /^pulumi config set --path 'sluice:release\.strategy' canary, and finish/);
    assert.match(
      violation.remedy,
      /take it back \(pulumi config set --path 'sluice:release\.traffic\.green' 0 /,
    );
    assert.match(violation.message, /in your name \(sluice:overrides\)/);
  });
});

describe("T13, a way back given up in silence", () => {
  const next = (changes: Partial<Release>) =>
    release(100, { live: "green", blue: { version: "2.5.0" }, ...changes });
  const during = (seconds: number, changes: Partial<Release> = {}) =>
    transition(promoted(), next(changes), { now: at(seconds) });
  const over = { supersedes: "2.3.1" };

  it("is refused to the second in which its retention ends", () => {
    assert.deepEqual(refusedBy(during(warmSeconds)), ["T13"]);
    assert.deepEqual(refusedBy(during(warmSeconds + coldSeconds - 1)), ["T13"]);
    assert.deepEqual(refusedBy(during(warmSeconds + coldSeconds)), []);
  });

  it("is permitted while it is cold where the edit says so, and while warm T6 keeps it", () => {
    assert.deepEqual(refusedBy(during(warmSeconds, over)), []);
    assert.deepEqual(refusedBy(during(warmSeconds - 1, over)), ["T6"]);
    assert.deepEqual(refusedBy(during(warmSeconds - 1)), ["T6"]);
  });

  it("is refused for a removal and for another manifest of the same version too", () => {
    for (const blue of [{}, { version: "2.3.1", settings: { A: "1" } }]) {
      assert.deepEqual(refusedBy(during(warmSeconds, { blue })), ["T13"]);
      assert.deepEqual(refusedBy(during(warmSeconds, { blue, ...over })), []);
    }
  });

  it("says which version is kept, until when, and what the edit names instead", () => {
    const [silent] = judge(during(warmSeconds));
    assert.equal(silent?.where, "sluice:release.supersedes");
    assert.equal(silent.found, "nothing");
    assert.equal(silent.limit, "version 2.3.1, which is kept until 2026-03-09T10:00:00.000Z");
    assert.equal(silent.remedy, "pulumi config set --path 'sluice:release.supersedes' 2.3.1");
    assert.match(silent.message, /it would give way to version 2\.5\.0/);
    const [wrong] = judge(during(warmSeconds, { supersedes: "2.3.0" }));
    assert.equal(wrong?.found, "version 2.3.0");
    assert.match(judge(during(warmSeconds, { blue: {} }))[0]!.message, /it would be removed/);
    const blue = { version: "2.3.1", settings: { A: "1" } };
    assert.match(judge(during(warmSeconds, { blue }))[0]!.message, /another manifest of it/);
  });

  it("leaves an unchanged predecessor alone, whatever is said", () => {
    for (const changes of [{}, over, { supersedes: "2.0.0" }]) {
      const asked = transition(promoted(), release(100, { live: "green", ...changes }), {
        now: at(warmSeconds),
      });
      assert.deepEqual(refusedBy(asked), []);
    }
  });

  it("is refused, warm too, where the live colour is replaced in place and becomes the way back itself", () => {
    const strategy = "rolling";
    const { release: before, ...rest } = promoted();
    const from = { ...rest, release: { ...before, strategy } } as const;
    const to = release(100, { strategy, live: "green", green: { version: "2.5.0" } });
    for (const seconds of [1, warmSeconds, warmSeconds + coldSeconds - 1]) {
      assert.deepEqual(refusedBy(transition(from, to, { now: at(seconds) })), ["T13"]);
      assert.deepEqual(refusedBy(transition(from, { ...to, ...over }, { now: at(seconds) })), []);
    }
    assert.match(
      judge(transition(from, to))[0]!.message,
      /green would be replaced in place, .* is to 2\.4\.0/,
    );
    assert.deepEqual(refusedBy(transition(from, to, { now: at(warmSeconds + coldSeconds) })), []);
  });

  it("is not asked about a retreat to it", () => {
    assert.deepEqual(refusedBy(transition(promoted(), release(0), { now: at(warmSeconds) })), []);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { BACKENDS } from "../../model/backends";
import type { Platform } from "../../model/platform";
import { greenAt } from "../../model/release";
import { next } from "../../model/transition";
import {
  LIMITS,
  NEW,
  OLD,
  PUBLIC,
  SERVICES,
  apply,
  at,
  promoted,
  recorded,
  release,
  transition,
} from "./fixtures";
import { SMALL, attempts, play } from "./history";

describe("what an update records", () => {
  it("trusts the live colour of a new stack from its first deployment", () => {
    const state = apply(transition(undefined, release(0, { green: {} })));
    assert.deepEqual(state, {
      release: release(0, { green: {} }),
      rules: Object.fromEntries(PUBLIC.map((service) => [service, greenAt(0)])),
      since: at(0),
      trusted: { colour: "blue", version: "2.3.1", at: at(0) },
      baked: [{ version: "2.3.1", at: at(LIMITS.bakeSeconds) }],
      limits: LIMITS,
      services: SERVICES,
    });
  });

  it("restarts `since` where other pods start: those of another size, or with other probes", () => {
    const state = recorded(release(100));
    const since = (part: object) => {
      const services = { ...SERVICES, storage: { ...SERVICES["storage"]!, ...part } };
      return next(transition(state, release(100), { services, now: at(60) })).since;
    };
    assert.equal(since({}), at(0));
    assert.equal(since({ memory: "4Gi" }), at(60));
    assert.equal(since({ health: { liveness: "/health", readiness: "/ready" } }), at(60));
    const { storage: _, ...services } = SERVICES;
    assert.equal(next(transition(state, release(100), { services, now: at(60) })).since, at(60));
  });

  it("has platform, flags and schema as they will be, keeps a platform that nobody told, and has none of its own", () => {
    const platform: Platform = { kubernetes: "1.35", backends: BACKENDS.prod };
    const flags = { summary: { percentage: 50, settled: false } };
    const schema = {
      revision: "r4",
      phase: "expand",
      serves: "2.3.1",
      version: "2.4.0",
      at: at(-60),
    } as const;
    const state = recorded(release(10), { platform: { ...platform, kubernetes: "1.34" }, flags, schema });
    const told = next(transition(state, release(10), { platform, flags: {}, now: at(60) }));
    assert.deepEqual([told.platform, told.flags, told.schema], [platform, {}, schema]);
    const kept = next(transition(state, release(10), { flags, now: at(60) }));
    assert.deepEqual(kept.flags, { summary: { ...flags.summary, since: at(60) } }, "nobody knew since when");
    const still = next(transition(kept, release(10), { flags, now: at(120) }));
    assert.deepEqual(still.flags, kept.flags);
    const untold = next(transition(state, release(10), { now: at(60) }));
    assert.deepEqual([untold.platform, "flags" in untold], [state.platform, false]);
    const bare = next(transition(recorded(release(10)), release(10)));
    assert.ok(!["platform", "flags", "schema"].some((key) => key in bare));
  });

  it("has the limits that were asked for, and retains by the stricter of old and new", () => {
    const limits = { ...LIMITS, step: 100, warmSeconds: 0 };
    const full = recorded(release(100), { limits: LIMITS });
    const state = next(transition(full, release(100, { live: "green" }), { limits, now: at(86_400) }));
    assert.deepEqual(state.limits, limits);
    assert.equal(state.retention?.warmUntil, at(86_400 + LIMITS.warmSeconds));
  });

  it("changes `since` with the release and, of the release, with nothing else", () => {
    const state = recorded(release(10));
    assert.equal(next(transition(state, release(10), { now: at(60) })).since, at(0));
    assert.equal(next(transition(state, release(20), { now: at(60) })).since, at(60));
    const green = { ...NEW, settings: { A: "1" } };
    assert.equal(
      next(transition(recorded(release(0)), release(0, { green }), { now: at(60) })).since,
      at(60),
    );
  });

  it("keeps `since` where only the number of pods changes, and records what was asked for", () => {
    const to = release(10, { capacity: { green: 150 } });
    const state = next(transition(recorded(release(10)), to, { now: at(60) }));
    assert.equal(state.since, at(0));
    assert.deepEqual(state.release.capacity, { green: 150 });
  });

  it("restarts `since` where it levels uneven rules", () => {
    const uneven = recorded(release(10), {
      rules: { "api-gateway": greenAt(0), "voice-service": greenAt(10), "admin-panel": greenAt(10) },
    });
    const state = next(transition(uneven, release(10), { now: at(60) }));
    assert.equal(state.since, at(60));
    assert.deepEqual(state.rules["api-gateway"], greenAt(10));
  });

  it("keeps the one that a promoted version replaced, warm and then cold", () => {
    const state = promoted();
    assert.deepEqual(state.trusted, {
      colour: "green",
      version: "2.4.0",
      at: at(0),
      predecessor: { colour: "blue", manifest: OLD },
    });
    assert.deepEqual(state.retention, { warmUntil: at(86_400), coldUntil: at(86_400 + 604_800) });
  });

  it("keeps no way back to a version that was taken back", () => {
    const state = apply(transition(promoted(), release(0), { now: at(60) }));
    assert.deepEqual(state.trusted, { colour: "blue", version: "2.3.1", at: at(60) });
    assert.equal(state.retention, undefined);
    assert.equal(state.drainedAt?.green, at(60));
  });

  it("forgets the predecessor when its colour gets another manifest", () => {
    const taken = { live: "green", blue: { version: "2.5.0" }, supersedes: "2.3.1" } as const;
    const state = apply(transition(promoted(), release(100, taken), { now: at(86_400) }));
    assert.deepEqual(state.trusted, { colour: "green", version: "2.4.0", at: at(0) });
    assert.equal(state.retention, undefined);
  });

  it("remembers when a colour lost its traffic until it has some again", () => {
    const fallen = apply(transition(recorded(release(10)), release(0), { now: at(5) }));
    assert.deepEqual(fallen.drainedAt, { green: at(5) });
    assert.deepEqual(next(transition(fallen, release(0), { now: at(9) })).drainedAt, { green: at(5) });
    assert.equal(next(transition(fallen, release(10), { now: at(9) })).drainedAt, undefined);
  });

  it("has the former manifest for predecessor after a rolling update, and none after its return", () => {
    const rolling = (version: string) => release(0, { strategy: "rolling", green: {}, blue: { version } });
    const updated = apply(transition(recorded(rolling("2.3.1")), rolling("2.4.0"), { now: at(5) }));
    assert.deepEqual(updated.trusted.predecessor, { colour: "blue", manifest: { version: "2.3.1" } });
    const returned = apply(transition(updated, rolling("2.3.1"), { now: at(9) }));
    assert.deepEqual(returned.trusted, { colour: "blue", version: "2.3.1", at: at(9) });
  });

  it("is the same again where the same update runs again, whenever that is", () => {
    fc.assert(
      fc.property(attempts, fc.nat(2_000), (history, wait) => {
        const { state, now } = play(history);
        const once = next(transition(state, state.release, { limits: SMALL, now }));
        const later = new Date(Date.parse(now) + wait * 1000).toISOString();
        assert.deepEqual(next(transition(once, once.release, { limits: SMALL, now: later })), once);
      }),
    );
  });

  it("refuses to record a live colour without version", () => {
    const asked = transition(undefined, release(0, { blue: {} }));
    assert.throws(() => next(asked), /sluice:release\.blue\.version/);
  });
});

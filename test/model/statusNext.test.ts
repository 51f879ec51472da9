import assert from "node:assert/strict";
import { type Release, greenAt } from "../../model/release";
import { type Look, statusOf } from "../../model/status";
import { LIMITS, START, at, promoted, recorded, release } from "./fixtures";

const look = (state: Release, asked: Release = state, changes: Partial<Look> = {}): Look => ({
  ...{ release: asked, recorded: recorded(state), limits: LIMITS, now: at(3_600), fence: null, targets: {} },
  ...changes,
});

const next = (state: Release, asked?: Release, changes?: Partial<Look>) =>
  statusOf(look(state, asked, changes)).next;

const asked = (what: string, inSeconds = 0) => ({ what: `${what}, as configuration asks`, inSeconds });

describe("what comes next by a status", () => {
  it("is what configuration asks for and the state lacks, in a few words", () => {
    assert.deepEqual(next(release(0, { green: {} }), release(0)), asked("deploy green 2.4.0"));
    assert.deepEqual(next(release(0), release(0, { green: {} })), asked("deploy green empty"));
    assert.deepEqual(next(release(10), release(0)), asked("all traffic back to blue"));
    const set = { version: "2.4.0", settings: { A: "1" } };
    assert.deepEqual(next(release(0), release(0, { green: set })), asked("deploy"));
    assert.deepEqual(
      next(release(0), release(0, { strategy: "blue-green" })),
      asked("an update that moves no traffic"),
    );
  });

  it("is a promote or a flip of the candidate, once it has baked", () => {
    const wait = LIMITS.bakeSeconds - 3_600;
    assert.deepEqual(next(release(100)), { what: "promote green 2.4.0", inSeconds: wait });
    const flip = release(0, { strategy: "blue-green" });
    assert.deepEqual(next(flip), { what: "flip green 2.4.0", inSeconds: wait });
    const whole = release(100, { strategy: "blue-green", live: "green" });
    assert.deepEqual(next(flip, whole), asked("flip green 2.4.0", wait));
  });

  it("is nothing where a colour is free, and under rolling, which has one", () => {
    const free = { what: "nothing: green is free for the next version" };
    assert.deepEqual(next(release(0, { green: {} })), free);
    const rolling = release(0, { strategy: "rolling" });
    assert.deepEqual(next(rolling), { what: "nothing: a rolling release has one colour" });
  });

  it("is nothing after a fence, and again something for another version", () => {
    const fence = { version: "2.4.0", reason: "loses calls", by: "on-call", at: START };
    assert.deepEqual(next(release(0), undefined, { fence }), {
      what: "nothing: green 2.4.0 is fenced; release another version",
    });
    const other = next(release(0), undefined, { fence: { ...fence, version: "2.3.9" } });
    assert.match(other!.what, /^shift green to \d+ %$/);
  });

  it("is nothing that is permitted, with the reason on one line, where no way leads there", () => {
    const wild = release(0, { blue: { version: "9.0.0" } });
    const { what, inSeconds } = next(release(0), wild)!;
    assert.match(what, /^nothing is permitted: .+, as configuration asks$/);
    assert.ok(!what.includes("\n"));
    assert.equal(inSeconds, undefined);
  });
});

describe("the colours of a status", () => {
  it("have the role that the state gives them, not the one that configuration asks for", () => {
    const roles = (state: Release, wanted = state, changes: Partial<Look> = {}) => {
      const { blue, green } = statusOf(look(state, wanted, changes)).colours;
      return [blue.role, green.role];
    };
    assert.deepEqual(roles(release(0)), ["live", "candidate"]);
    assert.deepEqual(roles(release(0, { green: {} }), release(0)), ["live", "empty"]);
    assert.deepEqual(roles(release(100), release(100, { live: "green" })), ["live", "candidate"]);
    const after = promoted();
    assert.deepEqual(roles(after.release, after.release, { recorded: after }), ["predecessor", "live"]);
    assert.deepEqual(roles(release(0), release(0), { recorded: undefined }), ["live", "candidate"]);
  });

  it("run what the state has, and what is asked for where there is no state", () => {
    const version = (changes: Partial<Look>) =>
      statusOf(look(release(0, { green: {} }), release(0), changes)).colours.green.version;
    assert.equal(version({}), undefined);
    assert.equal(version({ recorded: undefined }), "2.4.0");
  });

  it("are fenced by their version alone, and never without one", () => {
    const fence = { version: "2.4.0", reason: "loses calls", by: "on-call", at: START };
    const fenced = (state: Release) => {
      const { blue, green } = statusOf(look(state, state, { fence })).colours;
      return [blue.fenced, green.fenced];
    };
    assert.deepEqual(fenced(release(0)), [false, true]);
    assert.deepEqual(fenced(release(0, { green: {} })), [false, false]);
    assert.equal(statusOf(look(release(0))).colours.green.fenced, false);
  });

  it("have baked no time at all before the state's own, and whole seconds after", () => {
    const seconds = (now: string) => statusOf(look(release(10), release(10), { now })).baked?.seconds;
    assert.equal(seconds(at(-5)), 0);
    assert.equal(seconds(at(0)), 0);
    assert.equal(seconds("2026-03-01T10:00:01.900Z"), 1);
  });

  it("show the retention's phase and both its ends", () => {
    const after = promoted();
    const retention = (now: string) =>
      statusOf(look(after.release, after.release, { recorded: after, now })).retention;
    const ends = {
      warmUntil: at(LIMITS.warmSeconds),
      coldUntil: at(LIMITS.warmSeconds + LIMITS.coldSeconds),
    };
    assert.deepEqual(retention(at(0)), { phase: "warm", ...ends });
    assert.deepEqual(retention(at(LIMITS.warmSeconds)), { phase: "cold", ...ends });
    assert.deepEqual(retention(at(LIMITS.warmSeconds + LIMITS.coldSeconds)), { phase: "expired", ...ends });
    assert.equal(statusOf(look(release(10))).retention, undefined);
  });

  it("have each service's share at the load balancer, with its targets where these were seen", () => {
    const rules = ["api-gateway", "voice-service"].map((service) => ({
      ...{ service, arn: service, sticky: true, stickySeconds: 60, shares: greenAt(30) },
      targetGroups: { blue: "b", green: "g" },
    }));
    const seen = { healthy: 1, registered: 2 };
    const { blue, green } = statusOf(
      look(release(10), release(10), { rules, targets: { "voice-service": { green: seen } } }),
    ).colours;
    assert.deepEqual(blue.services, { "api-gateway": { share: 70 }, "voice-service": { share: 70 } });
    assert.deepEqual(green.services, {
      "api-gateway": { share: 30 },
      "voice-service": { share: 30, targets: seen },
    });
  });
});

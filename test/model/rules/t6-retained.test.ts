import assert from "node:assert/strict";
import { judge } from "../../../model/transition";
import { LIMITS, OLD, SERVICES, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

const DRAIN = 180;

describe("T6, removing or shrinking a colour that is needed", () => {
  it("keeps a colour until its clients have let go, to the second", () => {
    const fallen = recorded(release(0), { drainedAt: { green: at(0) } });
    const gone = release(0, { green: {} });
    assert.deepEqual(refusedBy(transition(fallen, gone, { now: at(DRAIN - 1) })), ["T6"]);
    assert.deepEqual(refusedBy(transition(fallen, gone, { now: at(DRAIN) })), []);
  });

  it("takes no shorter drain from the edit that makes it, and takes it from the one after", () => {
    const fallen = recorded(release(0), { drainedAt: { green: at(0) }, limits: LIMITS });
    const gone = release(0, { green: {} });
    for (const part of [{ stickinessSeconds: 1 }, { deregistrationSeconds: 0 }]) {
      const limits = { ...LIMITS, ...part };
      assert.deepEqual(refusedBy(transition(fallen, gone, { limits, now: at(DRAIN - 1) })), ["T6"]);
      assert.deepEqual(refusedBy(transition(fallen, gone, { limits, now: at(DRAIN) })), []);
      assert.deepEqual(
        refusedBy(transition({ ...fallen, limits }, gone, { limits, now: at(DRAIN - 1) })),
        [],
      );
    }
  });

  it("keeps the predecessor until its warm retention ends, to the second", () => {
    const gone = release(100, { live: "green", blue: {}, supersedes: "2.3.1" });
    assert.deepEqual(refusedBy(transition(promoted(), gone, { now: at(86_399) })), ["T6"]);
    assert.deepEqual(refusedBy(transition(promoted(), gone, { now: at(86_400) })), []);
  });

  it("takes another version for the removal of the one that is kept", () => {
    const next = release(100, { live: "green", blue: { version: "2.5.0" } });
    const [violation] = judge(transition(promoted(), next, { now: at(60) }));
    assert.equal(violation?.id, "T6");
    assert.equal(violation.remedy, "pulumi config set --path 'sluice:release.blue.version' 2.3.1");
    assert.match(violation.message, /wait until 2026-03-02T10:00:00.000Z/);
  });

  it("refuses to remove the version of a colour that has traffic", () => {
    assert.ok(refusedBy(transition(recorded(release(1)), release(0, { green: {} }))).includes("T6"));
  });

  it("refuses one pod less or less of a pod, and permits more", () => {
    const still = [recorded(release(0)), release(0)] as const;
    const sized = (part: object) => ({
      services: { ...SERVICES, storage: { ...SERVICES["storage"]!, ...part } },
    });
    for (const part of [
      { replicas: 4 },
      { maxReplicas: 10 },
      { cpu: "2001m" },
      { memory: "2049Mi" },
      { cpu: "2", memory: "2048Mi" },
    ]) {
      assert.deepEqual(refusedBy(transition(...still, sized(part))), [], JSON.stringify(part));
    }
    for (const part of [{ replicas: 2 }, { maxReplicas: 8 }, { cpu: "1999m" }, { memory: "2047Mi" }]) {
      assert.deepEqual(refusedBy(transition(...still, sized(part))), ["T6"], JSON.stringify(part));
    }
  });

  it("lets a service shrink under the rolling strategy", () => {
    const rolling = release(0, { strategy: "rolling", green: {} });
    const services = { ...SERVICES, storage: { ...SERVICES["storage"]!, replicas: 2 } };
    assert.deepEqual(refusedBy(transition(recorded(rolling), rolling, { services })), []);
  });

  it("refuses to take a service from a colour that has traffic, from the stack or from the colour", () => {
    const { storage: _, ...services } = SERVICES;
    assert.deepEqual(refusedBy(transition(recorded(release(0)), release(0), { services })), ["T4", "T6"]);
    const blue = { ...OLD, services: Object.keys(services) };
    assert.ok(refusedBy(transition(recorded(release(0)), release(0, { blue }))).includes("T6"));
  });

  it("lets a service go that no colour has", () => {
    const { storage: _, ...services } = SERVICES;
    const kept = Object.keys(services);
    const both = { blue: { ...OLD, services: kept }, green: {} };
    assert.deepEqual(refusedBy(transition(recorded(release(0, both)), release(0, both), { services })), []);
  });

  describe("a colour's capacity", () => {
    const sized = (green: number | undefined, share = 10) =>
      release(share, { ...(green !== undefined && { capacity: { green } }) });

    it("may rise while the colour has traffic, and not fall by one per cent", () => {
      assert.deepEqual(refusedBy(transition(recorded(sized(150)), sized(151))), []);
      assert.deepEqual(refusedBy(transition(recorded(sized(150)), sized(149))), ["T6"]);
      assert.deepEqual(refusedBy(transition(recorded(sized(undefined)), sized(100))), []);
    });

    it("is put back by the exact command, also where it was full size by default", () => {
      const remedy = (before: number | undefined, after: number | undefined) =>
        judge(transition(recorded(sized(before)), sized(after)))[0]?.remedy;
      assert.equal(remedy(150, undefined), "pulumi config set --path 'sluice:release.capacity.green' 150");
      assert.equal(remedy(undefined, 99), "pulumi config rm --path 'sluice:release.capacity.green'");
    });

    it("stays while clients may hold on to it, and while it is kept warm, and may fall after", () => {
      const drained = recorded(sized(undefined, 0), { drainedAt: { green: at(0) } });
      assert.deepEqual(refusedBy(transition(drained, sized(50, 0), { now: at(DRAIN - 1) })), ["T6"]);
      assert.deepEqual(refusedBy(transition(drained, sized(50, 0), { now: at(DRAIN) })), []);
      const lowered = release(100, { live: "green", capacity: { blue: 10 } });
      assert.deepEqual(refusedBy(transition(promoted(), lowered, { now: at(86_399) })), ["T6"]);
      assert.deepEqual(refusedBy(transition(promoted(), lowered, { now: at(86_400) })), []);
    });

    it("is not lowered under cover of a retreat", () => {
      const lowered = release(0, { capacity: { blue: 50 } });
      assert.deepEqual(refusedBy(transition(recorded(release(50)), lowered)), ["T2", "T6"]);
    });

    it("of the live colour stays without traffic too, and may fall in place under rolling", () => {
      const full = recorded(release(100));
      assert.deepEqual(refusedBy(transition(full, release(100, { capacity: { blue: 99 } }))), ["T6"]);
      const rolling = release(0, { strategy: "rolling", green: {} });
      assert.deepEqual(refusedBy(transition(recorded(rolling), { ...rolling, capacity: { blue: 50 } })), []);
    });
  });
});

import assert from "node:assert/strict";
import { judge } from "../../../model/transition";
import { NEW, SERVICES, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

describe("T2, traffic to a colour that cannot serve it", () => {
  it("permits no share and refuses one per cent to a colour without version", () => {
    const empty = recorded(release(0, { green: {} }));
    assert.deepEqual(refusedBy(transition(empty, release(0, { green: {} }))), []);
    assert.deepEqual(refusedBy(transition(empty, release(1, { green: {} }))), ["T2"]);
  });

  it("refuses traffic in the update that deploys, and permits it in the one after", () => {
    const empty = recorded(release(0, { green: {} }));
    assert.ok(refusedBy(transition(empty, release(1))).includes("T2"));
    assert.deepEqual(refusedBy(transition(empty, release(0))), []);
    assert.deepEqual(refusedBy(transition(recorded(release(0)), release(1))), []);
  });

  it("has all traffic of a new stack on the live colour", () => {
    assert.deepEqual(refusedBy(transition(undefined, release(0))), []);
    assert.deepEqual(refusedBy(transition(undefined, release(1))), ["T2"]);
  });

  it("refuses a new stack whose live colour has no version", () => {
    assert.deepEqual(refusedBy(transition(undefined, release(0, { blue: {} }))), ["T2"]);
  });

  it("refuses a cold predecessor from the second at which warm retention ends", () => {
    const state = promoted();
    const one = release(99, { live: "green" });
    assert.deepEqual(refusedBy(transition(state, one, { now: at(86_399) })), []);
    assert.deepEqual(refusedBy(transition(state, one, { now: at(86_400) })), ["T2"]);
    const [violation] = judge(transition(state, one, { now: at(86_400) }));
    assert.match(violation!.message, /no replicas since 2026-03-02T10:00:00.000Z/);
    assert.match(violation!.remedy, /pulumi config rm --path 'sluice:release.blue.version'/);
  });

  it("gives a cold colour's commands that lead to a permitted release", () => {
    const woken = recorded(release(100, { live: "green", blue: {} }));
    const blue = { version: "2.3.1" };
    assert.deepEqual(refusedBy(transition(woken, release(100, { live: "green", blue }))), []);
  });

  it("does not call a predecessor cold that has traffic, or that still drains", () => {
    const state = promoted();
    const serving = recorded(release(50, { live: "green" }), {
      trusted: state.trusted,
      retention: state.retention,
    });
    assert.deepEqual(refusedBy(transition(serving, release(0, { live: "green" }), { now: at(90_000) })), []);
    const draining = { ...state, drainedAt: { blue: at(89_900) } };
    const one = release(99, { live: "green" });
    assert.deepEqual(refusedBy(transition(draining, one, { now: at(90_079) })), []);
    assert.deepEqual(refusedBy(transition(draining, one, { now: at(90_080) })), ["T2"]);
  });

  it("refuses a candidate that lacks a public service, and permits one that lacks an internal one", () => {
    const names = Object.keys(SERVICES);
    const without = (service: string) => ({ ...NEW, services: names.filter((name) => name !== service) });
    for (const [service, ids] of [
      ["storage", []],
      ["voice-service", ["T2"]],
    ] as const) {
      const green = without(service);
      assert.deepEqual(refusedBy(transition(recorded(release(0, { green })), release(10, { green }))), ids);
    }
  });

  it("refuses to give the world a service that a colour with traffic lacks", () => {
    const blue = { version: "2.3.1", services: PUBLISHED };
    const services = { ...SERVICES, storage: { ...SERVICES["storage"]!, public: true } };
    const state = recorded(release(0, { blue }));
    assert.deepEqual(refusedBy(transition(state, release(0, { blue }))), []);
    assert.deepEqual(refusedBy(transition(state, release(0, { blue }), { services })), ["T2"]);
  });
});

const PUBLISHED = ["api-gateway", "voice-service", "admin-panel"];

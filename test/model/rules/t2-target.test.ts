import assert from "node:assert/strict";
import { coldColour, judge } from "../../../model/transition";
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

  it("permits a cold predecessor, which has its pods back in the update that gives it traffic", () => {
    for (const green of [99, 0]) {
      const asked = transition(promoted(), release(green, { live: "green" }), { now: at(86_400) });
      assert.equal(coldColour({ ...asked, to: release(100, { live: "green" }) }), "blue");
      assert.equal(coldColour(asked), undefined);
      assert.deepEqual(refusedBy(asked), []);
    }
  });

  it("gives what the world reaches already no way out that T4 would refuse", () => {
    const green = { ...NEW, services: ["api-gateway", "admin-panel"] };
    const [violation] = judge(transition(recorded(release(0, { green })), release(10, { green })));
    assert.match(violation!.remedy, /then put it into sluice:release.green.services$/);
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

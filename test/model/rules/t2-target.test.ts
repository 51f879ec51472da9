import assert from "node:assert/strict";
import { greenAt } from "../../../model/release";
import { coldColour, judge, rises } from "../../../model/transition";
import { NEW, OLD, SERVICES, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

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

  it("refuses a candidate with a share what the live colour had to itself, and permits it without one", () => {
    const green = { ...NEW, services: ["api-gateway", "voice-service"] };
    const from = (share: number) => {
      const rules = { "api-gateway": greenAt(share), "voice-service": greenAt(share) };
      return recorded(release(share, { green }), { rules });
    };
    const given = transition(from(75), release(75));
    assert.deepEqual(rises(given), [{ service: "admin-panel", colour: "green", from: 0, to: 75 }]);
    assert.deepEqual(refusedBy(given), ["T2"]);
    assert.deepEqual(refusedBy(transition(recorded(release(0, { green })), release(0))), []);
    for (const share of [0, 75, 100])
      assert.deepEqual(refusedBy(transition(from(75), release(share, { green }))), [], String(share));
  });

  it("lets a candidate have fewer public services than the live colour, or more: those are not shared", () => {
    const names = Object.keys(SERVICES);
    for (const service of ["voice-service", "storage"]) {
      const green = { ...NEW, services: names.filter((name) => name !== service) };
      assert.deepEqual(refusedBy(transition(recorded(release(0, { green })), release(10, { green }))), []);
    }
    const services = { ...SERVICES, billing: { ...SERVICES["api-gateway"]!, address: "/billing" } };
    const blue = { ...OLD, services: names };
    const state = recorded(release(0, { blue }), { services });
    assert.deepEqual(refusedBy(transition(state, release(10, { blue }), { services })), []);
  });

  it("lets the world reach a service that the live colour lacks only through colours that have it", () => {
    const blue = { version: "2.3.1", services: PUBLISHED };
    const services = { ...SERVICES, storage: { ...SERVICES["storage"]!, public: true } };
    const state = recorded(release(0, { blue }));
    assert.deepEqual(refusedBy(transition(state, release(0, { blue }), { services })), []);
  });

  describe("without the capacity for it", () => {
    const at = (green: number, blue?: number) => ({
      capacity: { green, ...(blue !== undefined && { blue }) },
    });
    const shift = (before: object, share: number, after: object = before) =>
      transition(recorded(release(10, before)), release(share, after));

    it("permits the share that the floor carries, to the pod, and refuses one per cent more", () => {
      // Three pods at full size, two of the admin panel: at 34 % two of each but one of that.
      assert.deepEqual(refusedBy(shift(at(34), 34)), []);
      assert.deepEqual(refusedBy(shift(at(33), 33)), []);
      assert.deepEqual(refusedBy(shift(at(33), 34)), ["T2"]);
    });

    it("names the command that raises, enough for every service of the colour", () => {
      const [violation] = judge(shift(at(10), 35));
      assert.equal(violation?.remedy, "pulumi config set --path 'sluice:release.capacity.green' 35");
      assert.match(violation.message, /a capacity of 10 %, which is 1 of api-gateway's pods/);
    });

    it("wants it raised by an earlier update than the share", () => {
      const [violation, ...others] = judge(shift(at(10), 35, at(100)));
      assert.deepEqual(others, []);
      assert.equal(violation?.id, "T2");
      assert.match(violation.message, /1 of api-gateway's pods so far, at a capacity of 10 %/);
      assert.match(
        violation.remedy,
        /first raise without a shift \(.*traffic.green' 10 .*; pulumi up\), then shift$/,
      );
      assert.deepEqual(refusedBy(shift(at(10), 10, at(100))), []);
      assert.deepEqual(refusedBy(shift(at(100), 35)), []);
    });

    it("counts a service's size as it was recorded, too", () => {
      const services = { ...SERVICES, storage: { ...SERVICES["storage"]!, replicas: 30, maxReplicas: 90 } };
      const asked = transition(recorded(release(10)), release(35), { services });
      assert.deepEqual(refusedBy(asked), ["T2"]);
      assert.deepEqual(refusedBy(transition(recorded(release(10)), release(10), { services })), []);
    });

    it("asks of workers nothing, since they run in the live colour", () => {
      const services = {
        ...SERVICES,
        storage: { ...SERVICES["storage"]!, kind: "worker" as const, replicas: 30 },
      };
      const state = recorded(release(10, at(34)), { services });
      assert.deepEqual(refusedBy(transition(state, release(34, at(34)), { services })), []);
    });

    it("never bars a way back", () => {
      const small = recorded(release(50, at(100, 1)));
      assert.deepEqual(refusedBy(transition(small, release(0, at(100, 1)))), []);
    });

    it("lets both colours' capacities be raised at any time", () => {
      assert.deepEqual(refusedBy(shift(at(50, 100), 10, at(200, 300))), []);
    });
  });
});

const PUBLISHED = ["api-gateway", "voice-service", "admin-panel"];

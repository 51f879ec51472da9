import assert from "node:assert/strict";
import { judge } from "../../../model/transition";
import { NEW, OLD, SERVICES, apply, at, recorded, refusedBy, release, transition } from "../fixtures";

const BAKED = { now: at(86_400) };
const LESS = Object.keys(SERVICES).filter((name) => name !== "voice-service");
const green = { ...NEW, services: LESS };
const { address: _, ...internal } = SERVICES["voice-service"]!;
/** The stack once voice-service is public no more. */
const WITHDRAWN = { ...SERVICES, "voice-service": { ...internal, public: false } };

describe("T2, a public service that the colour which becomes live lacks", () => {
  const full = recorded(release(100, { green }));
  const promote = release(100, { live: "green", green });

  it("permits every share to a candidate without it, for the live colour keeps serving it", () => {
    for (const [before, after] of [
      [0, 10],
      [75, 100],
      [100, 0],
    ] as const) {
      const asked = transition(recorded(release(before, { green })), release(after, { green }));
      assert.deepEqual(refusedBy(asked), []);
    }
    assert.deepEqual(apply(transition(full, release(100, { green }))).rules, {
      "api-gateway": { blue: 0, green: 100 },
      "admin-panel": { blue: 0, green: 100 },
    });
  });

  it("refuses to promote it, and names the commands that give it the service and the key that withdraws it", () => {
    const [violation, ...others] = judge(transition(full, promote, BAKED));
    assert.deepEqual(others, []);
    assert.deepEqual([violation?.id, violation?.found], ["T2", "without voice-service"]);
    assert.equal(violation?.where, "sluice:release.green.services");
    assert.match(violation.remedy, /^pulumi config set --path 'sluice:release.live' blue && /);
    assert.match(violation.remedy, /services\[5\]' voice-service; pulumi up; then again$/);
    assert.match(violation.message, /write null as sluice:services\.voice-service\.public in Pulumi/);
  });

  it("refuses a flip to it in the same way", () => {
    const strategy = "blue-green" as const;
    const stands = recorded(release(0, { strategy, green }));
    assert.deepEqual(refusedBy(transition(stands, { ...promote, strategy }, BAKED)), ["T2"]);
  });

  it("permits the promote that says in the same edit that the service is public no more, and not one before", () => {
    const deliberate = { ...BAKED, services: WITHDRAWN };
    assert.deepEqual(refusedBy(transition(full, promote, deliberate)), []);
    assert.deepEqual(refusedBy(transition(full, release(100, { green }), deliberate)), ["T4"]);
  });

  it("permits the way back after that, with the service public as it was", () => {
    const after = apply(transition(full, promote, { ...BAKED, services: WITHDRAWN }));
    assert.deepEqual(refusedBy(transition(after, release(0, { green }), { now: at(86_460) })), []);
  });

  it("says nothing of a service that only the candidate has, however its traffic goes back", () => {
    const blue = { ...OLD, services: LESS };
    const shared = recorded(release(50, { blue }));
    assert.deepEqual(refusedBy(transition(shared, release(0, { blue }))), []);
    const state = apply(
      transition(recorded(release(100, { blue })), release(100, { blue, live: "green" }), BAKED),
    );
    const back = release(0, { blue, capacity: { blue: 150 } });
    assert.deepEqual(refusedBy(transition(state, back, { now: at(86_460) })), []);
  });

  describe("under the rolling strategy", () => {
    const rolling = (blue: object) => release(0, { strategy: "rolling", green: {}, blue });

    it("refuses a version without it, and permits one that says so, or lacks an internal service", () => {
      const state = recorded(rolling(OLD));
      assert.deepEqual(refusedBy(transition(state, rolling(green))), ["T2"]);
      assert.deepEqual(refusedBy(transition(state, rolling(green), { services: WITHDRAWN })), []);
      const services = Object.keys(SERVICES).filter((name) => name !== "storage");
      assert.deepEqual(refusedBy(transition(state, rolling({ ...NEW, services }))), []);
    });

    it("permits the way back to a version that never had it", () => {
      const before = recorded(rolling({ ...OLD, services: LESS }));
      const after = apply(transition(before, rolling(NEW)));
      const back = transition(after, rolling({ ...OLD, services: LESS }), { now: at(60) });
      assert.deepEqual(refusedBy(back), []);
    });
  });
});

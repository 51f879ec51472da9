import assert from "node:assert/strict";
import { type Approving, notApproved, unapproved } from "../../../model/delivery/approved";

const RELEASE = {
  ...{ strategy: "canary", live: "blue", traffic: { blue: 100, green: 0 } },
  ...{ blue: { version: "2.3.1" }, green: {} },
};
const config = (release: object = {}, more: Readonly<Record<string, string>> = {}) => ({
  "sluice:app": "voiceassist",
  "sluice:release": JSON.stringify({ ...RELEASE, ...release }),
  ...more,
});
const since = (approving: Partial<Approving>) =>
  unapproved({ approved: config(), asked: config(), secrets: [], ...approving });
const deployed = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }]));

describe("what an update would deploy that nobody has approved", () => {
  it("is nothing of what a release's own steps have written since", () => {
    const moved = config({ live: "green", traffic: { blue: 0, green: 100 }, capacity: { green: 150 } });
    assert.deepEqual(since({ asked: moved }), []);
  });

  it("is whatever else was merged since, or taken away, by its name", () => {
    const slo = { "sluice:slo": '{"availability":99.5}' };
    assert.deepEqual(since({ asked: config({ green: { version: "2.5.0" } }, slo) }), [
      "green 2.5.0",
      "sluice:slo",
    ]);
    assert.deepEqual(since({ approved: config({}, slo) }), ["sluice:slo"]);
    assert.deepEqual(since({ asked: config({ strategy: "blue-green" }) }), ["sluice:release.strategy"]);
  });

  it("is not the candidate that was packed, but what the live colour has", () => {
    const asked = config({ green: { version: "2.5.0" }, blue: { version: "2.3.1", settings: { A: "b" } } });
    assert.deepEqual(since({ asked, carried: "green" }), ["blue 2.3.1"]);
  });

  it("is not what a run that was approved earlier has deployed", () => {
    const asked = config({ green: { version: "2.4.0" } }, { "sluice:slo": '{"availability":99.5}' });
    assert.deepEqual(since({ asked, deployed: deployed(asked) }), []);
    const before = config({ green: { version: "2.4.0" } });
    assert.deepEqual(since({ asked, deployed: deployed(before) }), ["sluice:slo"]);
    // Of a key that was deployed with another value, and was not there when somebody was asked.
    const other = deployed({ ...asked, "sluice:slo": '{"availability":99.9}' });
    assert.deepEqual(since({ asked, deployed: other }), ["sluice:slo"]);
    assert.deepEqual(since({ approved: asked, deployed: deployed(config()) }), []);
  });

  it("is each secret that is another one, whose value nobody sees", () => {
    assert.deepEqual(since({ secrets: ["sluice:key"], deployed: deployed(config()) }), ["sluice:key"]);
    const approved = config({}, { "sluice:key": "withheld" });
    const held = { ...deployed(config()), "sluice:key": { secret: true } };
    assert.deepEqual(since({ approved, deployed: held }), ["sluice:key"]);
  });

  it("names a few, the commit, and how to go on", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    assert.equal(notApproved([], commit), undefined);
    assert.equal(
      notApproved(["a", "b", "c", "d", "e"], commit),
      "a, b, c and 2 more changed after 0123456789ab, which was approved: approve the newest run of deploy.yml " +
        "instead, or start one",
    );
  });
});

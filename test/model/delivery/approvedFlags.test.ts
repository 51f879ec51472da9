import assert from "node:assert/strict";
import { unapprovedFlags } from "../../../model/delivery/approvedFlags";

const FLAG = { rollout_percentage: 10, max_buffer_timeout: 5, plan: "weekly" };
const since = (now: object, has = 0) =>
  unapprovedFlags(JSON.stringify({ live: FLAG }), JSON.stringify({ live: { ...FLAG, ...now } }), {
    live: has,
  });
const IT = ["sluice:flags.live"];

describe("what a flag would get that nobody has approved", () => {
  it("is more of the sessions than it had in configuration then, or has in the state", () => {
    assert.deepEqual(since({ rollout_percentage: 50 }), IT);
    assert.deepEqual(since({ rollout_percentage: 50 }, 49), IT);
    // A tick has written that.
    assert.deepEqual(since({ rollout_percentage: 50 }, 50), []);
    assert.deepEqual(
      unapprovedFlags('{"live":{"enabled":false}}', '{"live":{"rollout_percentage":1}}', {}),
      IT,
    );
  });

  it("is another plan, other settings or other alarms", () => {
    for (const other of [{ plan: "gradual" }, { max_buffer_timeout: 6 }, { alarms: {} }, { settled: true }])
      assert.deepEqual(since(other), IT, JSON.stringify(other));
  });

  it("is nothing that takes a flag from sessions, or holds it", () => {
    for (const other of [
      { rollout_percentage: 0 },
      { enabled: false, rollout_percentage: 100 },
      { plan: { name: "weekly", hold: "it was slow" } },
    ])
      assert.deepEqual(since(other), [], JSON.stringify(other));
    assert.deepEqual(unapprovedFlags(undefined, undefined, {}), []);
  });
});

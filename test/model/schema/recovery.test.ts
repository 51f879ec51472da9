import assert from "node:assert/strict";
import fc from "fast-check";
import type { Fault } from "../../../model/settings";
import { readRecovery } from "../../../model/schema/recovery";

function read(raw: unknown) {
  const faults: Fault[] = [];
  const recovery = readRecovery(raw, faults);
  return { recovery, paths: faults.map(({ path }) => path) };
}

describe("a recovery in configuration", () => {
  it("is nothing unless it is asked for", () => {
    assert.deepEqual(read(undefined), { recovery: undefined, paths: [] });
    assert.deepEqual(read({}), { recovery: {}, paths: [] });
  });

  it("is a rollback, a restore, or both", () => {
    const downgrade = { colour: "green", to: "4e0b19" };
    const restore = { snapshot: "rds:voiceassist-prod-2026-03-01-06-10", revision: "5f1c2a" };
    for (const raw of [{ downgrade }, { restore }, { downgrade, restore }]) {
      assert.deepEqual(read(raw), { recovery: raw, paths: [] });
    }
  });

  it("reports every fault at once, and asks for nothing then", () => {
    const raw = {
      downgrade: { colour: "red", to: "-1" },
      restore: { snapshot: "a--b", revision: "head" },
      undo: 1,
    };
    const { recovery, paths } = read(raw);
    assert.equal(recovery, undefined);
    assert.deepEqual(paths.sort(), [
      "sluice:recovery.downgrade.colour",
      "sluice:recovery.downgrade.to",
      "sluice:recovery.restore.revision",
      "sluice:recovery.restore.snapshot",
      "sluice:recovery.undo",
    ]);
  });

  it("wants a colour and a revision, or a snapshot", () => {
    assert.deepEqual(read({ downgrade: {}, restore: {} }).paths, [
      "sluice:recovery.downgrade.colour",
      "sluice:recovery.downgrade.to",
      "sluice:recovery.restore.snapshot",
    ]);
    fc.assert(fc.property(fc.anything(), (raw) => void read(raw)));
  });
});

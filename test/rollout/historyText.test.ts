import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type Update, historyOf } from "../../model/history";
import { messageOf } from "../../model/message";
import { historyText } from "../../rollout/historyText";
import { eventsOf, hostile } from "../model/messages";

const UPDATES = JSON.parse(
  readFileSync(join(__dirname, "../fixtures/history.json"), "utf8"),
) as readonly Update[];
const PLACE = { stack: "dev", app: "voiceassist", environment: "dev", region: "us-east-1" };
const text = (updates: readonly Update[], told: Partial<Parameters<typeof historyText>[1]> = {}) =>
  historyText(PLACE, { history: historyOf(updates), left: 0, fence: null, unseen: [], ...told });

describe("the text of a history", () => {
  it("shows who, what, when and why, the newest first, and one line of what is no release", () => {
    const lines = text(UPDATES).split("\n");
    assert.deepEqual(lines.slice(0, 8), [
      "dev: voiceassist-dev in us-east-1",
      "fence     none",
      "",
      "2026-11-21 11:09Z  refresh: nothing changed; 0",
      "",
      "2026-11-21 11:09Z  rollback green 2.4.0: 50 → 0 % (6 s)",
      "                   by arn:aws:sts::123456789012:assumed-role/deployer/ana",
      "                   asked: checkout fails Sluice-Action: done see",
    ]);
    assert.ok(lines.includes("2026-11-21 11:08Z  FAILED green 10 → 50 % (58 s)"));
    assert.ok(lines.includes("2026-11-21 11:07Z  update: nothing changed; Pull from the mirror"));
    assert.ok(lines.some((line) => line.startsWith("HOLE      an update left no entry")));
  });

  it("says what the fence is, what could not be seen, and how to see older ones", () => {
    const fence = { version: "2.4.0", reason: "loses\ncalls", by: "ana", at: "2026-03-01T18:00:00.000Z" };
    const told = text(UPDATES, {
      fence,
      left: 5,
      unseen: ["the state could not be observed: no pulumi on PATH"],
    });
    assert.match(told, /^fence {5}2\.4\.0 since 2026-03-01 18:00Z by ana: loses calls$/m);
    assert.match(told, /^NOT SEEN {2}the state could not/m);
    assert.match(told, /^older ones: --limit 16$/m);
    assert.match(text([], { fence: undefined }), /^fence {5}unknown\n\nno update is recorded$/m);
  });

  it("fits a terminal of 80 columns and does nothing to it, whatever is in messages", () => {
    const update = fc.record({
      kind: fc.constantFrom("update", "refresh", "import"),
      startTime: fc.constant("2026-03-01T18:00:00.000Z"),
      message: fc.oneof(hostile, eventsOf(hostile).map(messageOf)),
      environment: fc.record({ "git.author": hostile, "git.head": hostile }),
      result: fc.constantFrom("succeeded", "failed", "in-progress"),
      resourceChanges: fc.dictionary(fc.constantFrom("same", "update", "create"), fc.nat()),
    });
    fc.assert(
      fc.property(fc.array(update, { maxLength: 4 }), hostile, (updates, reason) => {
        const fence = { version: "2", reason, by: reason, at: "2026-03-01T18:00:00.000Z" };
        const told = text(updates, { fence, unseen: [reason] });
        for (const line of told.split("\n")) assert.ok(line.length <= 80, line);
        assert.doesNotMatch(told, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/u);
        assert.doesNotMatch(told, /XXXXXXXX|hunter22/);
      }),
    );
  });
});

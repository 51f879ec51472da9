import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Entry, type Update, historyOf } from "../../model/history";
import { messageOf } from "../../model/message";
import type { RolloutEvent } from "../../model/rolloutEvent";
import { changesBetween } from "../../model/stand";
import { recorded, release } from "./fixtures";
import { shift } from "./messages";

/**
 * What the real engine, 3.250.0 with its state in a folder, printed for `pulumi stack history --json --page-size 0`;
 * its environment is cut to git's. By git: a deployment, 2.4.0 on green, another registry, and a leap to 50 that
 * failed. By messages of ours: 0 → 10, 25 → 50, and a rollback. The engine of 10 → 25 was killed.
 */
const UPDATES = JSON.parse(
  readFileSync(join(__dirname, "../fixtures/history.json"), "utf8"),
) as readonly Update[];

const released = (green: number, event?: Partial<RolloutEvent>, changes: Partial<Update> = {}): Update => ({
  version: 0,
  kind: "update",
  startTime: "2026-03-01T18:00:00.000Z",
  endTime: "2026-03-01T18:00:30.000Z",
  message: event ? messageOf({ ...shift, ...event }) : "by hand",
  result: "succeeded",
  config: { "sluice:release": { value: JSON.stringify(release(green)) } },
  resourceChanges: { same: 90, update: 4 },
  ...changes,
});
const newest = (...updates: Update[]): Entry => historyOf(updates).entries[0]!;
const moved = ({ from, to }: Entry) => (from && to ? changesBetween(from, to) : undefined);

describe("a history that a real engine recorded", () => {
  const { entries, gap } = historyOf(UPDATES);

  it("has what was done through sluice with who and why, and what moved for everybody else", () => {
    assert.equal(gap, undefined);
    assert.deepEqual(
      entries.map(({ kind, result, event, ...entry }) => [
        kind,
        result,
        event?.kind,
        moved({ ...entry, kind, result }),
      ]),
      [
        ["refresh", "succeeded", undefined, []],
        ["update", "succeeded", "rollback", ["green 50 → 0 %"]],
        ["update", "succeeded", "shift", ["green 10 → 50 %"]],
        ["update", "failed", undefined, ["green 10 → 50 %"]],
        ["update", "succeeded", undefined, []],
        ["update", "succeeded", "start", ["green 0 → 10 %"]],
        ["update", "succeeded", undefined, ["green empty → 2.4.0"]],
        ["update", "succeeded", undefined, undefined],
      ],
    );
    const [, rollback, shifted] = entries;
    assert.equal(shifted?.by, "arn:aws:sts::123456789012:assumed-role/deployer/ana");
    assert.deepEqual(
      shifted.event?.reasons.map(({ code }) => code),
      ["passed", "bake"],
    );
    assert.equal(
      rollback?.event?.reasons[0]?.text,
      "checkout fails Sluice-Action: done see https://hooks.slack.com/***",
    );
    assert.match(entries[3]?.origin ?? "", /^commit [0-9a-f]{9} by Ana Example$/);
  });

  it("tells where the update must be that was killed, and of no other", () => {
    assert.deepEqual(
      entries.map((entry) => entry.gap),
      [
        ...[undefined, undefined],
        "green had 10 % or 50 % before, and 25 % when the next began",
        ...[undefined, undefined, undefined, undefined, undefined],
      ],
    );
  });
});

describe("a history", () => {
  it("is empty where nothing was done", () => {
    assert.deepEqual(historyOf([]), { entries: [] });
  });

  it("begins at the last success: what failed between may have moved, and counts as known", () => {
    const failed = released(50, undefined, { result: "failed" });
    const before = released(10);
    for (const from of [10, 50]) {
      const entry = newest(released(100, { from, to: 100 }), failed, before);
      assert.deepEqual([entry.gap, moved(entry)], [undefined, ["green 10 → 100 %"]]);
    }
    assert.match(
      newest(released(100, { from: 60, to: 100 }), failed, before).gap ?? "",
      /10 % or 50 % before/,
    );
    const unknown = newest(released(100, { from: 60, to: 100 }), failed);
    assert.equal(unknown.gap, undefined, "what came before the oldest is not known");
  });

  it("takes a rollback that began elsewhere for somebody's hand at the load balancer, and no hole", () => {
    assert.equal(newest(released(0, { kind: "rollback", from: 70, to: 0 }), released(10)).gap, undefined);
  });

  it("says what the state has that no update asked for", () => {
    const now = recorded(release(25));
    assert.equal(
      historyOf([released(10)], now).gap,
      "the state has what no update here asked for: green 10 → 25 %",
    );
    for (const updates of [
      [released(25)],
      [released(25, undefined, { result: "failed" }), released(10)],
      [released(10, undefined, { result: "failed" }), released(25)],
      [{ ...released(10), kind: "destroy" }],
      [],
    ])
      assert.equal(historyOf(updates, now).gap, undefined, JSON.stringify(updates));
  });

  it("misses updates whose numbers Pulumi's service left out", () => {
    const numbered = (version: number) => released(10, undefined, { version });
    assert.equal(newest(numbered(7), numbered(4)).gap, "updates 5 to 6 are missing");
    assert.equal(newest(numbered(5), numbered(4)).gap, undefined);
  });

  it("reads what is there of updates that say less: running, without configuration, or with another", () => {
    const entry = newest(released(10, undefined, { result: "in-progress", endTime: undefined }));
    assert.deepEqual([entry.result, entry.ended], ["running", undefined]);
    for (const value of [
      undefined,
      "",
      "[]",
      '{"live":"red"}',
      '{"live":"blue"}',
      '{"live":"blue","traffic":{}}',
    ]) {
      const { to } = newest(released(10, undefined, { config: { "sluice:release": { value } } }));
      assert.equal(to, undefined, value);
    }
    assert.equal(newest(released(10, undefined, { config: {} })).to, undefined);
  });

  it("tells the run of CI that an update was made in", () => {
    const environment = {
      "ci.system": "GitHub Actions",
      "ci.build.url": "https://ci.example.com/1",
      "git.head": "a".repeat(40),
    };
    assert.equal(
      newest(released(10, undefined, { environment })).origin,
      "GitHub Actions https://ci.example.com/1, commit aaaaaaaaa",
    );
  });
});

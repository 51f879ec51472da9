import assert from "node:assert/strict";
import type { StepRecord } from "../../rehearsal/report/record";
import { stepLines } from "../../rehearsal/report/terminal";

const step: StepRecord = {
  name: "all traffic to 2.4.0 at once",
  kind: "refused",
  planned: true,
  live: "blue",
  traffic: { blue: 90, green: 10 },
  changes: { create: 0, update: 0, delete: 0, replace: 0, same: 0 },
  updated: [],
  seconds: 123.4,
  requests: { blue: 1_204_000, green: 300_000, unknown: 0 },
  failed: { blue: 0, green: 0, unknown: 0 },
  assigned: { blue: 54_000, green: 6_000, unknown: 0 },
  expectedShare: 10,
  observedShare: 10,
  rule: "T1",
  message: "T1 sluice:release.traffic.green: green would rise from 0 % to 100 %. ".repeat(5),
};

describe("a step's lines", () => {
  const lines = stepLines(step, 3, 12);

  it("fit a terminal of 80 columns", () => {
    assert.deepEqual(
      lines.filter((line) => line.length > 80),
      [],
    );
  });

  it("say what changed, what traffic saw, the shares set and seen, and why it was refused", () => {
    const text = lines.join("\n");
    for (const part of [
      "nothing changed",
      "1,504,000 requests, 0 failed",
      "10 % set, 10.0 % of 60,000",
      "refused T1",
    ]) {
      assert.ok(text.includes(part), `${part} is not in:\n${text}`);
    }
  });

  it("indent what continues a line under its label", () => {
    const refused = lines.slice(lines.findIndex((line) => line.startsWith("    refused")) + 1);
    assert.ok(refused.length > 2);
    assert.deepEqual(
      refused.filter((line) => !/^ {12}\S/.test(line)),
      [],
    );
  });
});

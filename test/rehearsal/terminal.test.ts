import assert from "node:assert/strict";
import { type StepRecord, recordOf } from "../../rehearsal/report/record";
import { listLines, openingLines, refusalLines, stepLines } from "../../rehearsal/report/terminal";
import { SCENARIOS } from "../../rehearsal/scenarios";

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

  it("fit a terminal of 80 columns, with all of ten million sessions on green too", () => {
    const most = {
      expectedShare: 100,
      observedShare: 100,
      assigned: { blue: 0, green: 9_999_999, unknown: 0 },
    };
    assert.deepEqual(
      [...lines, ...stepLines({ ...step, ...most }, 3, 12)].filter((line) => line.length > 80),
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

  it("say of a preview what it planned, and that none of it was done", () => {
    const changes = { create: 0, update: 5, delete: 0, replace: 0, same: 90 };
    const previewed = (of: StepRecord["changes"]) =>
      stepLines({ ...step, expected: ["T1"], changes: of }, 3, 12)[1]?.trim();
    assert.equal(previewed(changes), "preview 5 updated, had it been an update");
    assert.equal(previewed(step.changes), "preview nothing planned");
  });

  it("say each promise that was not kept, all of it, within the width", () => {
    const fault =
      "6 of 1,200 requests failed in a planned step, where none may fail at all, whatever was going on";
    const kept = stepLines({ ...step, broken: [fault, fault] }, 3, 12).slice(lines.length);
    assert.ok(kept.every((line) => line.length <= 80));
    const said = kept.map((line) => line.trim()).join(" ");
    assert.equal(said, `NOT KEPT ${fault} NOT KEPT ${fault}`);
  });

  it("say of a rollback whether another update held the lock, and where traffic never moved", () => {
    const said = (rescue: NonNullable<StepRecord["rescue"]>) =>
      stepLines({ ...step, rescue }, 3, 12).find((line) => line.includes(" back "));
    const back = (text: string) => `    back    ${text}; the rest followed in 20.0 s`;
    assert.equal(
      said({ moved: 0.8, held: true, converged: 20 }),
      back("traffic moved in 0.80 s, the lock held"),
    );
    assert.equal(
      said({ moved: 0.8, held: false, converged: 20 }),
      back("traffic moved in 0.80 s, no lock held"),
    );
    assert.equal(said({ converged: 20 }), back("traffic never moved"));
  });

  it("say how each call ended: with a code, killed, or not in time", () => {
    const said = (how: { readonly code: number | null; readonly late?: number }) =>
      stepLines({ ...step, calls: [{ command: "sluice tick", wrong: [], ...how }] }, 3, 12)[1]?.trim();
    assert.equal(said({ code: 4 }), "call    sluice tick ended with 4");
    assert.equal(said({ code: null }), "call    sluice tick was killed");
    assert.equal(said({ code: null, late: 900 }), "call    sluice tick did not end within 900 s");
  });

  it("say when metrics were due, and that this is by the clock", () => {
    const reaction = { fault: "green crashes", colour: "green", isAnswered: false, complete: 31 } as const;
    const said = (signal: number) =>
      stepLines({ ...step, reaction: { ...reaction, signal } }, 3, 12).join(" ");
    assert.match(
      said(9.9).replace(/\s+/g, " "),
      /metrics of a whole minute were due, by the clock, after 9\.9 s/,
    );
    assert.doesNotMatch(said(0), /metrics/);
  });

  it("break a word that no line can hold, and lose nothing of it", () => {
    const image = `registry.example.com/${"a".repeat(100)}:2.4.0`;
    const broken = stepLines({ ...step, message: `found ${image} there` }, 3, 12);
    assert.ok(broken.every((line) => line.length <= 80));
    assert.ok(
      broken
        .map((line) => line.trim())
        .join("")
        .includes(image.slice(-60)),
    );
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

describe("the table of unsafe edits", () => {
  const edit = (name: string, refusals: StepRecord["refusals"] = []): StepRecord => ({
    ...step,
    name,
    expected: ["T1"],
    refusals,
    rule: refusals.at(-1)?.rule,
  });
  const table = (...steps: StepRecord[]) =>
    refusalLines(recordOf("dev", "unsafe-edits", { version: "3.250.0", source: "path" }, steps, 20));
  const t1 = { layer: "program", rule: "T1", message: "T1 …" } as const;
  const t2 = { layer: "program", rule: "T2", message: "T2 …" } as const;

  it("says how many there were and how many were refused, and of each by what and where", () => {
    const byHand = { layer: "guard", message: "guard refuses …" } as const;
    const lines = table(edit("a leap", [t2, t1]), edit("raised by hand", [byHand]), edit("a mistake"));
    assert.deepEqual(
      lines.map((line) => line.trim().split(/ {2,}/)),
      [
        [""],
        ["3 unsafe edits, 2 refused in the preview"],
        ["edit", "refused by", "layer"],
        ["a leap", "T1, T2", "program"],
        ["raised by hand", "guard", "guard"],
        ["a mistake", "NOTHING"],
      ],
    );
  });

  it("is not there where no edit was unsafe", () => {
    const { expected: _, refusals: __, ...plain } = edit("a shift");
    assert.deepEqual(table(plain), []);
  });

  it("fits a terminal of 80 columns with every scenario's own names", () => {
    const names = ["a shift together with a larger database", "another strategy in the midst of a canary"];
    const lines = table(...names.map((name) => edit(name, [t1, t2, { ...t1, layer: "policy pack" }])));
    assert.ok(lines.every((line) => line.length <= 80));
  });
});

describe("the list of scenarios", () => {
  it("gives each a line that fits a terminal", () => {
    const lines = listLines(SCENARIOS);
    assert.equal(lines.length, Object.keys(SCENARIOS).length);
    assert.ok(lines.every((line) => line.length <= 80));
  });
});

describe("what a scenario says first", () => {
  it("fits a terminal, and says all of it", () => {
    for (const { summary, about = "" } of Object.values(SCENARIOS)) {
      const lines = openingLines({ summary, about, steps: () => [] });
      assert.ok(lines.every((line) => line.length <= 80 && !line.startsWith(" ")));
      assert.equal(lines.join(" ").trim(), `${summary} ${about}`.trim());
    }
  });
});

import assert from "node:assert/strict";
import { greenAt } from "../../model/release";
import { type Call, type Called, callRecord, decisionIn } from "../../rehearsal/call";

const TICK = JSON.stringify({
  schema: 1,
  decision: { kind: "retreat", reasons: [{ text: "green fails" }, { text: "much" }] },
  journal: [
    { milliseconds: 300, what: "looked" },
    { milliseconds: 1_200, what: "fenced", effect: "fence" },
    { milliseconds: 7_200, what: "updated", effect: "update" },
  ],
});

describe("a decision that the command line printed", () => {
  it("is a tick's, with its reasons and the time of its first effect", () => {
    assert.deepEqual(decisionIn(TICK, 100_000), {
      kind: "retreat",
      evidence: "green fails; much",
      at: 94_000,
    });
  });

  it("is a watcher's", () => {
    const line = JSON.stringify({ kind: "lowered", reasons: ["green fails"], moved: ["api"] });
    assert.deepEqual(decisionIn(line, 7), { kind: "lowered", evidence: "green fails", at: 7 });
  });

  it("is what a watcher could not see, and none where it found nothing to do", () => {
    const line = (kind: string) => JSON.stringify({ kind, reasons: [], unseen: ["the metrics: silent"] });
    assert.deepEqual(decisionIn(line("blind"), 7), { kind: "blind", evidence: "the metrics: silent", at: 7 });
    assert.equal(decisionIn(line("quiet"), 7), undefined);
  });

  it("is none of a line that tells something else", () => {
    for (const line of ["", "null", "{}", "waiting", '{"journal": []}', "[1]"])
      assert.equal(decisionIn(line, 0), undefined, line);
  });
});

describe("a call's record", () => {
  const call: Call = { command: ["run", "--interval", "5"], ends: 4, decides: "retreat" };
  const called: Called = {
    code: 4,
    last: "the last line",
    decisions: [
      { kind: "shift", evidence: "all is well", at: 0 },
      { kind: "retreat", evidence: "green fails; much", at: 1 },
    ],
  };
  const manifests = { strategy: "canary", blue: { version: "1.0.0" }, green: {} } as const;
  const left = (green: number) => ({ ...manifests, live: "blue" as const, traffic: greenAt(green) });
  const asked = { expected: left(0), found: left(0) };

  it("has what was called, how it ended and what it decided last", () => {
    assert.deepEqual(callRecord(call, called, asked), {
      command: "sluice run --interval 5",
      code: 4,
      wrong: [],
      decision: "retreat: green fails; much",
    });
  });

  it("has that it did not end, and what it had said until then", () => {
    const late = { ...called, code: null, late: 5 };
    const { wrong, ...record } = callRecord(call, late, asked);
    assert.deepEqual(wrong, [
      "sluice run --interval 5 did not end within 5 s; it should end with 4: the last line",
    ]);
    assert.deepEqual([record.code, record.late], [null, 5]);
    const [killed] = callRecord(call, { ...called, code: null }, asked).wrong;
    assert.equal(killed, "sluice run --interval 5 was killed; it should end with 4: the last line");
  });

  it("says where the exit code, the decision or the stack file is another than it should be", () => {
    const wrong = (more: Partial<Called>, found = left(0)) =>
      callRecord(call, { ...called, ...more }, { ...asked, found }).wrong;
    assert.deepEqual(wrong({ code: 3 }), [
      "sluice run --interval 5 ended with 3; it should end with 4: the last line",
    ]);
    const machines = JSON.stringify({ decision: { kind: "retreat", reasons: [] } });
    assert.deepEqual(wrong({ code: 3, last: machines }), [
      "sluice run --interval 5 ended with 3; it should end with 4: retreat: green fails; much",
    ]);
    assert.deepEqual(wrong({ decisions: called.decisions.slice(0, 1) }), [
      "sluice run --interval 5 decided shift; it should decide retreat",
    ]);
    assert.deepEqual(wrong({ decisions: [] }), [
      "sluice run --interval 5 decided nothing; it should decide retreat",
    ]);
    assert.deepEqual(wrong({}, left(25)), [
      "sluice run --interval 5 left blue live with 75 %; it should leave blue live with 100 %",
    ]);
  });
});

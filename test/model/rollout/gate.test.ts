import assert from "node:assert/strict";
import { type Gate, type GateAnswer, judgeGate } from "../../../model/rollout/gate";
import type { Seen } from "../../../model/rollout/seen";
import { at } from "../fixtures";

const COMMAND: Gate = {
  kind: "command",
  name: "accuracy",
  command: ["./accuracy", "95"],
  timeoutSeconds: 60,
};
const METRIC: Gate = { kind: "metric", name: "complaints", query: "sum(complaints)", atMost: 3 };
const MANUAL: Gate = { kind: "manual", name: "go", approver: "lead", expires: at(1_000) };

const TERMS = { since: at(0), now: at(500) };

const verdict = (gate: Gate, value: GateAnswer): string => judgeGate(gate, { value }, TERMS).verdict;

const exit = (code: number | "timeout", seconds = 500): GateAnswer => ({
  kind: "command",
  exit: code,
  at: at(seconds),
});
const figure = (value: number): GateAnswer => ({ kind: "metric", value, at: at(500) });
const word = (by: string, seconds = 100): GateAnswer => ({ kind: "manual", by, at: at(seconds) });

describe("a gate", () => {
  it("of a command repeats the last line that it printed", () => {
    const said: GateAnswer = { kind: "command", exit: 1, at: at(500), said: "93 % of 95 %" };
    const { evidence } = judgeGate(COMMAND, { value: said }, TERMS);
    assert.equal(evidence, "gate accuracy: ./accuracy 95 ended with 1: 93 % of 95 %");
  });

  it("of somebody's word opens by a session of the role that is named, and by no other", () => {
    const gate: Gate = { ...MANUAL, approver: "arn:aws:iam::123456789012:role/lead" };
    assert.equal(verdict(gate, word("arn:aws:sts::123456789012:assumed-role/lead/ana")), "open");
    assert.equal(verdict(gate, word("arn:aws:sts::123456789012:assumed-role/other/lead")), "shut");
  });

  it("of a command opens where it ends with 0 in time", () => {
    assert.equal(verdict(COMMAND, exit(0)), "open");
    assert.equal(verdict(COMMAND, exit(1)), "shut");
    assert.equal(verdict(COMMAND, exit("timeout")), "shut");
    assert.match(
      judgeGate(COMMAND, { value: exit("timeout") }, TERMS).evidence,
      /\.\/accuracy 95 .* after 60 s/,
    );
  });

  it("of a metric opens within its limits, and never by a figure that is no number", () => {
    assert.equal(verdict(METRIC, figure(3)), "open");
    assert.equal(verdict(METRIC, figure(3.01)), "shut");
    assert.equal(verdict(METRIC, figure(Number.NaN)), "unknown");
    const both: Gate = { ...METRIC, atLeast: 1 };
    assert.equal(verdict(both, figure(0)), "shut");
    assert.match(judgeGate(both, { value: figure(0) }, TERMS).evidence, /1 or more and 3 or less/);
  });

  it("of a metric compares with what the step before it showed, where that was seen", () => {
    const gate: Gate = { kind: "metric", name: "cost", query: "cost", atMostEarlier: 1.1, atMost: 5 };
    const than = (value: number, earlier?: number): GateAnswer => ({
      ...{ kind: "metric", value, at: at(500) },
      ...(earlier !== undefined && { earlier }),
    });
    assert.equal(verdict(gate, than(1.1, 1)), "open");
    assert.equal(verdict(gate, than(1.11, 1)), "shut");
    assert.equal(verdict(gate, than(5.1, 10)), "shut", "both limits count");
    assert.equal(verdict(gate, than(0, Number.NaN)), "unknown");
    assert.equal(verdict(gate, than(0)), "unknown", "nobody has asked");
    const hits: Gate = { kind: "metric", name: "hits", query: "hits", atLeastEarlier: 0.5 };
    assert.deepEqual([verdict(hits, than(5, 10)), verdict(hits, than(4.9, 10))], ["open", "shut"]);
    assert.match(
      judgeGate(gate, { value: than(2, 1) }, TERMS).evidence,
      /found 2, 1 when the step began; allowed is 5 or less and 1\.1 times that or less/,
    );
  });

  it("of a person opens by the word of whoever is named, until it expires", () => {
    assert.equal(verdict(MANUAL, word("lead")), "open");
    assert.equal(verdict(MANUAL, word("somebody")), "shut");
    assert.equal(verdict(MANUAL, word("lead", 501)), "unknown");
    const late = { since: at(0), now: at(1_000) };
    assert.equal(judgeGate(MANUAL, { value: word("lead") }, late).verdict, "shut");
    assert.equal(judgeGate(MANUAL, undefined, late).verdict, "shut");
  });

  it("is not open by what nobody asked or saw, by an earlier step's, or by another kind's answer", () => {
    const answers: (Seen<GateAnswer> | undefined)[] = [
      undefined,
      { unseen: "no shell" },
      { value: exit(0, -1) },
      { value: exit(0, 199) },
      { value: exit(0, 561) },
      { value: { kind: "command", exit: 0, at: "yesterday" } },
      { value: figure(0) },
    ];
    for (const answer of answers) {
      assert.equal(judgeGate(COMMAND, answer, TERMS).verdict, "unknown", JSON.stringify(answer));
    }
  });
});

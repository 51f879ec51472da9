import assert from "node:assert/strict";
import type { StepRecord } from "../../rehearsal/report/record";
import { unsafeEdits } from "../../rehearsal/scenarios/unsafe-edits";
import { sum } from "../../rehearsal/traffic/counts";
import { PATIENCE } from "../program/fixture";
import { type Rehearsed, linesOf, rehearsed } from "./rehearsed";

/** Rules whose violation this scenario is about; what S1 and S6 refuse does not get past the settings. */
const RULES = ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T10", "T11", "T12", "T13", "T14", "settings"];

describe("npm start -- --scenario unsafe-edits", function () {
  this.timeout(4 * PATIENCE);
  let run: Rehearsed;
  let refused: StepRecord[];

  before(async () => {
    run = await rehearsed("--scenario", "unsafe-edits");
    refused = run.record.steps.filter(({ kind }) => kind === "refused");
  });

  it("ends with 0, for every promise was kept", () => {
    assert.equal(run.ended, 0, run.printed);
    assert.equal(run.record.scenario, "unsafe-edits");
  });

  it("is refused by every rule that a stack of its own can come against", () => {
    assert.deepEqual([...new Set(refused.map(({ rule }) => rule))].sort(), [...RULES].sort());
  });

  it("is refused in each edit by the rules that the scenario names, with each one's message", () => {
    for (const { name, expected, refusals = [], rule, message = "" } of refused) {
      assert.deepEqual(
        [...new Set(refusals.map((refusal) => refusal.rule))].sort(),
        [...(expected ?? [])].sort(),
        name,
      );
      assert.equal(rule, expected?.[0], name);
      assert.ok(
        refusals.some((refusal) => refusal.message === message),
        name,
      );
      assert.match(message, /sluice:\S+: .{40}/, name);
      if (rule !== "settings") assert.ok(message.startsWith(`${rule} `), message);
    }
  });

  it("is refused by the settings or the program, before anything was planned", () => {
    for (const { name, changes, refusals = [] } of refused) {
      assert.deepEqual(
        refusals.filter(({ layer }) => layer !== "settings" && layer !== "program"),
        [],
      );
      assert.deepEqual([changes.create, changes.update, changes.delete, changes.replace], [0, 0, 0, 0], name);
    }
  });

  it("disturbs no user, and no weight: the shares stay what the edit before gave", () => {
    const { steps, totals } = run.record;
    assert.equal(totals.failed, 0);
    assert.ok(totals.requests > 10_000, `${totals.requests} requests`);
    for (const [index, step] of steps.entries()) {
      if (step.kind !== "refused") continue;
      assert.deepEqual(step.traffic, steps[index - 1]?.traffic, step.name);
      assert.ok(sum(step.requests) > 0, step.name);
    }
  });

  it("leaves a leap that somebody answers for, once", () => {
    const { steps } = run.record;
    const at = steps.findIndex(({ name }) => name.endsWith("by an override"));
    const [before, leap, again] = steps.slice(at - 1);
    assert.deepEqual([before?.rule, leap?.kind, leap?.rule, again?.rule], ["T1", "shift", undefined, "T1"]);
    assert.ok((leap?.traffic.green ?? 0) > (before?.traffic.green ?? 100));
  });

  it("ends with a table of all edits and what refused them, within 80 columns", () => {
    const lines = linesOf(run);
    const edits = refused.length;
    const table = lines.slice(lines.indexOf(`${edits} unsafe edits, ${edits} refused in the preview`) + 2);
    for (const [index, { name, rule = "" }] of refused.entries()) {
      assert.ok(table[index]?.includes(name) && table[index].includes(rule), table[index]);
    }
    assert.deepEqual(
      lines.filter((line) => line.length > 80),
      [],
    );
    for (const sentence of (unsafeEdits.about ?? "").split(". ")) {
      assert.ok(run.printed.replaceAll("\n", " ").includes(sentence), sentence);
    }
  });
});

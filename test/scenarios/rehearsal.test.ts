import assert from "node:assert/strict";
import { DECIDED_WITHIN } from "../../rehearsal/report/promises";
import type { StepRecord } from "../../rehearsal/report/record";
import { sum } from "../../rehearsal/traffic/counts";
import { FAILING_RISK, binomialInterval } from "../../rehearsal/traffic/interval";
import { shiftUrns } from "../../rehearsal/urns";
import { PATIENCE } from "../program/fixture";
import { type Rehearsed, linesOf, rehearsed } from "./rehearsed";

const SHIFT = shiftUrns("dev", "sluice", ["admin-panel", "api-gateway", "voice-service"]).sort();

describe("npm start -- --report", function () {
  this.timeout(3 * PATIENCE);
  let run: Rehearsed;

  before(async () => {
    run = await rehearsed();
    assert.equal(run.ended, 0, run.printed);
  });

  const each = (judge: (step: StepRecord) => void, kind?: StepRecord["kind"]) => {
    const steps = run.record.steps.filter((step) => kind === undefined || step.kind === kind);
    assert.ok(steps.length > 0);
    for (const step of steps) judge(step);
  };

  it("is refused a leap, and loses a version that turns bad at 10 %", () => {
    assert.deepEqual(
      run.record.steps.map(({ kind, live, traffic }) => `${kind} ${live} ${traffic.green}`),
      ["deploy blue 0", "deploy blue 0", "refused blue 0", "shift blue 10", "fault blue 0"],
    );
  });

  it("takes the bad version back by the program alone, and says what users had to bear until then", () => {
    const { exposure, events = [] } = run.record;
    const [fault] = run.record.steps.filter(({ kind }) => kind === "fault");
    assert.ok(fault?.reaction && exposure);
    const { decided = Infinity, moved = Infinity, signal } = fault.reaction;
    assert.ok(decided - signal < DECIDED_WITHIN && moved >= decided, JSON.stringify(fault.reaction));
    assert.deepEqual([exposure.colour, fault.failed.blue], ["green", 0]);
    assert.ok(exposure.failed > 0 && fault.failed.green > 0, JSON.stringify(fault.failed));
    const decision = events.find(({ kind, text }) => kind === "decision" && text.includes("lowered"));
    assert.match(decision?.text ?? "", /green: .* failed in the last .*; the limit is 5 %/);
  });

  it("loses no request in a planned step, of the many that it sent", () => {
    each((step) => {
      assert.ok(sum(step.requests) > 500, `${step.name}: ${sum(step.requests)} requests`);
      if (step.planned) assert.equal(sum(step.failed), 0, step.name);
    });
    const { steps, totals } = run.record;
    assert.equal(
      totals.requests,
      steps.reduce((total, step) => total + sum(step.requests), 0),
    );
    const planned = steps.filter((step) => step.planned);
    assert.equal(
      planned.reduce((total, step) => total + sum(step.failed), 0),
      0,
    );
    assert.ok(planned.reduce((total, step) => total + sum(step.requests), 0) >= 100_000);
  });

  it("sees new sessions shared as configured", () => {
    each(({ name, assigned: { blue, green }, expectedShare, observedShare }) => {
      const { fewest, most } = binomialInterval(blue + green, expectedShare, FAILING_RISK);
      assert.ok(green >= fewest && green <= most, `${name}: ${green} of ${blue + green}`);
      assert.equal(observedShare, (100 * green) / (blue + green));
    });
  });

  it("updates in a shift exactly the weighted rules of the public services and the transition", () => {
    each(({ updated, changes }) => {
      assert.deepEqual([...updated].sort(), SHIFT);
      assert.deepEqual([changes.create, changes.delete, changes.replace], [0, 0, 0]);
    }, "shift");
  });

  it("sees every session stick while it shifts", () => {
    each(({ strayed }) => assert.equal(strayed, 0), "shift");
  });

  it("changes nothing where it is refused, and says by which rule", () => {
    each(({ changes, rule, message }) => {
      assert.deepEqual([changes.create, changes.update, changes.delete, changes.replace], [0, 0, 0, 0]);
      assert.ok(rule !== undefined && message?.includes(rule), message);
    }, "refused");
  });

  it("prints what each step changed and what traffic saw, within 80 columns", () => {
    for (const { name } of run.record.steps) assert.ok(run.printed.includes(name), name);
    assert.deepEqual(
      linesOf(run).filter((line) => line.length > 80),
      [],
    );
  });
});

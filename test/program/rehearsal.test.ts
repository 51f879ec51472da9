import assert from "node:assert/strict";
import type { StepRecord } from "../../rehearsal/report/record";
import { sum } from "../../rehearsal/traffic/counts";
import { FAILING_RISK, binomialInterval } from "../../rehearsal/traffic/interval";
import { shiftUrns } from "../../rehearsal/urns";
import { PATIENCE } from "./fixture";
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

  it("deploys, shifts 10, 50 and 100 %, promotes, is refused and goes back", () => {
    assert.deepEqual(
      run.record.steps.map(({ kind, traffic }) => `${kind} ${traffic.green}`),
      [
        ["deploy 0", "deploy 0", "refused 0", "shift 10", "shift 50", "shift 100"],
        ["promote 100", "refused 100", "rollback 0"],
      ].flat(),
    );
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
    assert.equal(totals.failed, 0);
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

  it("promotes without touching a rule: it publishes who is trusted, and nothing else", () => {
    each(({ updated }) => {
      const names = updated.map((urn) => urn.split("::").slice(-2).join(" ")).sort();
      assert.deepEqual(names, ["aws:ssm/parameter:Parameter release", "sluice:release:Transition release"]);
    }, "promote");
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

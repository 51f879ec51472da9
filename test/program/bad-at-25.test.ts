import assert from "node:assert/strict";
import { greenAt } from "../../model/release";
import { DECIDED_WITHIN } from "../../rehearsal/report/promises";
import { PATIENCE } from "./fixture";
import { type Rehearsed, rehearsed } from "./rehearsed";

describe("npm start -- --scenario bad-at-25", function () {
  this.timeout(4 * PATIENCE);
  let run: Rehearsed;

  before(async () => {
    run = await rehearsed("--scenario", "bad-at-25");
  });

  it("ends with 0, for every promise was kept: the program noticed in time, and took all traffic back", () => {
    assert.equal(run.ended, 0, run.printed);
    const last = run.record.steps.at(-1);
    assert.deepEqual([last?.kind, last?.live, last?.traffic], ["fault", "blue", greenAt(0)]);
    const { decided = Infinity, signal } = last?.reaction ?? { signal: 0 };
    assert.ok(decided - signal < DECIDED_WITHIN, JSON.stringify(last?.reaction));
  });

  it("breaks the candidate at 25 % and not before, and nobody but it", () => {
    const { events = [], samples = [], steps } = run.record;
    const fault = events.find(({ kind }) => kind === "fault");
    assert.ok(fault);
    const then = samples.find(({ seconds }) => seconds > fault.seconds);
    assert.equal(then?.configured?.green, 25);
    const failedBefore = samples
      .filter(({ seconds }) => seconds <= fault.seconds)
      .reduce((total, { failed }) => total + failed.blue + failed.green + failed.unknown, 0);
    assert.equal(failedBefore, 0);
    assert.equal(steps.at(-1)?.failed.blue, 0);
  });

  it("tells what users had to bear, and on which evidence it was decided", () => {
    const { exposure, events = [] } = run.record;
    assert.ok(exposure && exposure.failed > 0 && (exposure.moved ?? 0) > 0, JSON.stringify(exposure));
    const kinds = events.flatMap(({ kind, text }) => (kind === "decision" ? [text.split(",")[0]] : []));
    for (const kind of ["shift", "retreat"]) assert.ok(kinds.includes(`sluice run: ${kind}`), kinds.join());
    const [retreat] = events.filter(({ text }) => text.startsWith("sluice run: retreat"));
    assert.match(retreat?.text ?? "", /green: .* failed in the last .*; the limit is 5 %/);
  });
});

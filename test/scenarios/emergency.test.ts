import assert from "node:assert/strict";
import { greenAt } from "../../model/release";
import { PATIENCE } from "../program/fixture";
import { type Rehearsed, linesOf, rehearsed } from "./rehearsed";

describe("npm start -- --scenario emergency-rollback", function () {
  this.timeout(4 * PATIENCE);
  let run: Rehearsed;

  before(async () => {
    run = await rehearsed("--scenario", "emergency-rollback");
  });

  it("ends with 0, for every promise was kept, and no request failed", () => {
    assert.equal(run.ended, 0, run.printed);
    assert.equal(run.record.totals.failed, 0);
  });

  it("takes all traffic back although an update is raising the share, and keeps it there", () => {
    const last = run.record.steps.at(-1);
    assert.deepEqual([last?.kind, last?.live, last?.traffic], ["rollback", "blue", greenAt(0)]);
    assert.ok(last && last.assigned.green === 0 && last.assigned.blue > 0, JSON.stringify(last));
  });

  it("tells of the rules what the rollback's own update changed, and not the raising one's alone", () => {
    const { resources = [], changes } = run.record.steps.at(-1) ?? {};
    for (const service of ["admin-panel", "api-gateway", "voice-service"]) {
      const weights = resources
        .filter(({ name }) => name === `${service}-weighted`)
        .flatMap(({ properties }) =>
          properties.filter(({ path }) => path.endsWith("targetGroups[1].weight")),
        );
      assert.equal(weights.at(-1)?.to, "0", JSON.stringify(resources));
    }
    assert.ok((changes?.update ?? 0) >= 4, JSON.stringify(changes));
  });

  it("says how long it took until traffic had moved, and until the rest had followed", () => {
    const { moved = 0, converged = 0 } = run.record.steps.at(-1)?.rescue ?? {};
    assert.ok(moved > 0 && moved < converged, JSON.stringify({ moved, converged }));
    const line = `back    traffic moved in ${moved.toFixed(2)} s, the lock held; the rest followed`;
    assert.ok(
      linesOf(run).some((printed) => printed.trim().startsWith(line)),
      run.printed,
    );
  });
});

import assert from "node:assert/strict";
import { PATIENCE } from "../program/fixture";
import { type Rehearsed, rehearsed } from "./rehearsed";

describe("npm start -- --scenario provider-migration", function () {
  this.timeout(4 * PATIENCE);
  let run: Rehearsed;

  before(async () => {
    run = await rehearsed("--scenario", "provider-migration");
  });

  it("ends with 0, for the new provider is live in the end and no request failed", () => {
    assert.equal(run.ended, 0, run.printed);
    assert.equal(run.record.totals.failed, 0);
    const last = run.record.steps.at(-1);
    assert.deepEqual([last?.kind, last?.live, last?.traffic.green], ["promote", "green", 100]);
  });

  it("has the old provider stand in for the new one, counted by the pods", () => {
    const [fallbacks] = run.record.steps.flatMap((step) => step.fallbacks ?? []);
    const found = fallbacks?.found.filter(({ from, to }) => from === "openrouter" && to === "groq") ?? [];
    assert.ok(
      found.some(({ count }) => count > 0),
      JSON.stringify(fallbacks),
    );
  });

  it("rises by what a Prometheus says that requests cost", () => {
    const decisions = (run.record.events ?? []).filter(({ kind }) => kind === "decision");
    assert.ok(decisions.some(({ text }) => text.startsWith("sluice run: promote")));
    assert.ok(!decisions.some(({ text }) => text.includes("no Prometheus is configured")));
  });
});

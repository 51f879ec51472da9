import assert from "node:assert/strict";
import { defaultPlan, namedPlan } from "../../../model/rollout/plans";
import { readPlan } from "../../../model/schema/plan";
import type { Fault } from "../../../model/settings";
import { mend } from "./pulumiConfig";

const COMMAND = { name: "accuracy", kind: "command", command: ["./accuracy", "95"] };
const METRIC = { name: "complaints", kind: "metric", query: "sum(complaints)", atMost: 3 };
const MANUAL = {
  name: "go",
  kind: "manual",
  approver: "arn:aws:iam::123456789012:user/lead",
  expires: "2026-03-01T18:00:00Z",
};
const LAST = { share: 100 };

const gated = (...gates: unknown[]) => ({ steps: [{ share: 10, bake: "24h", gates }, LAST] });

function read(raw: unknown) {
  const faults: Fault[] = [];
  const plan = readPlan(raw, defaultPlan("prod"), faults);
  return { plan, faults, paths: faults.map(({ path }) => path) };
}

/** A plan with one thing wrong in it, and where that is. */
const WRONG: readonly (readonly [unknown, path: string])[] = [
  ["hotfx", "plan"],
  [5, "plan"],
  [[], "plan"],
  [{ name: "gradula" }, "plan.name"],
  [{ stpes: [] }, "plan.stpes"],
  [{ hold: "two\nlines" }, "plan.hold"],
  [{ name: "hotfix", steps: [LAST] }, "plan.name"],
  [{ steps: "all" }, "plan.steps"],
  [{ steps: [] }, "plan.steps"],
  [{ steps: [{ share: 50 }, { share: 10 }, LAST] }, "plan.steps"],
  [{ steps: [{ share: 10 }, { share: 10 }, LAST] }, "plan.steps"],
  [{ steps: [{ share: 10 }] }, "plan.steps"],
  [{ steps: [{ share: 101 }] }, "plan.steps[0].share"],
  [{ steps: [{ bake: "24h" }] }, "plan.steps[0].share"],
  [{ steps: [{ share: 10, bake: 86_400 }, LAST] }, "plan.steps[0].bake"],
  [{ steps: [{ share: 10, bake: "1 day" }, LAST] }, "plan.steps[0].bake"],
  [{ steps: [{ share: 10, bake: "91d" }, LAST] }, "plan.steps[0].bake"],
  [{ steps: [{ share: 10, gates: "none" }, LAST] }, "plan.steps[0].gates"],
  [gated("accuracy"), "plan.steps[0].gates[0]"],
  [gated({ ...COMMAND, kind: "comand" }), "plan.steps[0].gates[0].kind"],
  [gated({ ...COMMAND, name: "Accuracy!" }), "plan.steps[0].gates[0].name"],
  [gated({ ...COMMAND, command: [] }), "plan.steps[0].gates[0].command"],
  [gated({ ...COMMAND, command: "./accuracy 95" }), "plan.steps[0].gates[0].command"],
  [gated({ ...COMMAND, timeoutSeconds: 3_601 }), "plan.steps[0].gates[0].timeoutSeconds"],
  [gated({ ...COMMAND, approver: "lead" }), "plan.steps[0].gates[0].approver"],
  [gated(COMMAND, COMMAND), "plan.steps[0].gates"],
  [gated({ name: "complaints", kind: "metric", query: "sum(complaints)" }), "plan.steps[0].gates[0]"],
  [gated({ ...METRIC, atMost: "3 or so" }), "plan.steps[0].gates[0].atMost"],
  [gated({ ...METRIC, atLeast: 4 }), "plan.steps[0].gates[0].atMost"],
  [gated({ ...METRIC, query: "" }), "plan.steps[0].gates[0].query"],
  [gated({ ...MANUAL, approver: undefined }), "plan.steps[0].gates[0].approver"],
  [gated({ ...MANUAL, expires: "2026-03-01" }), "plan.steps[0].gates[0].expires"],
];

describe("a plan in configuration", () => {
  it("is the environment's by default, or a named one", () => {
    assert.deepEqual(read(undefined).plan, defaultPlan("prod"));
    assert.deepEqual(read("hotfix").plan, namedPlan("hotfix"));
    assert.deepEqual(read({ name: "hotfix" }).plan, namedPlan("hotfix"));
    assert.deepEqual(read({ hold: "lunch" }).plan, { ...defaultPlan("prod"), hold: "lunch" });
    assert.deepEqual(read({ name: "careful", hold: "lunch" }).faults, []);
  });

  it("has steps of its own, with times in the unit that is written and gates of each kind", () => {
    const { plan, faults } = read({
      steps: [
        { share: 0, gates: [MANUAL] },
        { share: 5, bake: "90s", gates: [COMMAND, METRIC] },
        { share: 10, bake: "15m" },
        { share: 50, bake: "12h" },
        { share: 100, bake: "7d" },
      ],
    });
    assert.deepEqual(faults, []);
    assert.equal(plan.name, "own");
    assert.deepEqual(
      plan.steps.map(({ share, bakeSeconds }) => [share, bakeSeconds]),
      [
        [0, 0],
        [5, 90],
        [10, 900],
        [50, 43_200],
        [100, 604_800],
      ],
    );
    assert.deepEqual(plan.steps[0]?.gates, [MANUAL]);
    assert.deepEqual(plan.steps[1]?.gates, [{ ...COMMAND, timeoutSeconds: 120 }, METRIC]);
  });

  it("tells each fault where it is, with a command that mends it", () => {
    for (const [raw, path] of WRONG) {
      const { faults, paths } = read(raw);
      const told = JSON.stringify(raw);
      assert.deepEqual(paths, [`sluice:${path}`], told);
      const { plan } = mend({ plan: raw }, faults[0]!.remedy) as { plan?: unknown };
      const after = read(plan);
      // What mended one thing may leave another, which is told next; it is never the same.
      assert.ok(
        !after.paths.includes(paths[0]!) || after.faults[0]?.allowed !== faults[0]?.allowed,
        `${told} ${faults[0]?.remedy}`,
      );
    }
  });

  it("tells all faults at once", () => {
    const gates = [
      { ...COMMAND, command: [] },
      { ...MANUAL, expires: "soon" },
    ];
    const { paths } = read({ hold: "", steps: [{ share: 1.5, bake: "long", gates }, "last"] });
    assert.deepEqual(paths, [
      "sluice:plan.hold",
      "sluice:plan.steps[0].share",
      "sluice:plan.steps[0].bake",
      "sluice:plan.steps[0].gates[0].command",
      "sluice:plan.steps[0].gates[1].expires",
      "sluice:plan.steps[1]",
    ]);
  });
});

import assert from "node:assert/strict";
import {
  DispatchError,
  type DispatchInputs,
  approvalsOf,
  dispatchOf,
} from "../../../model/delivery/dispatch";

const STACKS = ["dev", "staging", "prod"];
const INPUTS: DispatchInputs = {
  stack: "prod",
  kind: "",
  deployment_strategy: "canary",
  canary_percentage: "",
  force_rollback: "",
  rollback_to: "",
  reason: "",
};
const of = (
  inputs: Partial<DispatchInputs>,
  strategy: "canary" | "blue-green" | "rolling" = "canary",
  takesBaked = false,
) => dispatchOf({ ...INPUTS, ...inputs }, STACKS, () => ({ strategy, takesBaked }));
const refused = (inputs: Partial<DispatchInputs>) => assert.throws(() => of(inputs), DispatchError);

describe("what somebody chose in the form", () => {
  it("begins a canary with a tenth, or with the share that it names", () => {
    assert.deepEqual(of({}).arguments, ["shift", "10", "-s", "prod"]);
    assert.deepEqual(of({ canary_percentage: "25" }).arguments, ["shift", "25", "-s", "prod"]);
    for (const canary_percentage of ["0", "101", "-1", "10 %", "1e1"]) refused({ canary_percentage });
  });

  it("takes traffic back before anything else, needs a reason for it, and waits for nobody", () => {
    const back = of({ deployment_strategy: "rollback", reason: "wrong\ntotals" });
    assert.deepEqual(back.arguments, ["rollback", "-s", "prod", "--reason=wrong totals"]);
    assert.deepEqual([back.environments, back.queue], [["prod-rollback"], "rollback-prod"]);
    const forced = of({ force_rollback: "true", reason: "--to=green" });
    assert.deepEqual(forced.arguments, ["rollback", "-s", "prod", "--anyway", "--reason=--to=green"]);
    const named = of({ deployment_strategy: "rollback", rollback_to: "blue", reason: "slow" });
    assert.deepEqual(named.arguments, ["rollback", "-s", "prod", "--to", "blue", "--reason=slow"]);
    const live = of({ deployment_strategy: "rollback", rollback_to: "live", reason: "slow" });
    assert.deepEqual(live.arguments, ["rollback", "-s", "prod", "--reason=slow"]);
    refused({ deployment_strategy: "rollback", rollback_to: "red", reason: "slow" });
    refused({ deployment_strategy: "rollback", reason: " " });
    refused({ force_rollback: "yes", reason: "errors" });
  });

  it("takes traffic back without a look at settings, which may be what is at fault", () => {
    const unreadable = (): never => assert.fail("the strategy was read");
    for (const inputs of [{ deployment_strategy: "rollback" }, { force_rollback: "true" }]) {
      const { arguments: args } = dispatchOf({ ...INPUTS, ...inputs, reason: "errors" }, STACKS, unreadable);
      assert.equal(args[0], "rollback");
    }
  });

  it("does not change a stack's strategy in passing", () => {
    assert.throws(
      () => of({ deployment_strategy: "blue-green" }),
      /found blue-green, while prod is configured for canary/,
    );
    assert.deepEqual(of({ deployment_strategy: "blue-green" }, "blue-green").arguments.slice(0, 3), [
      "run",
      "-s",
      "prod",
    ]);
  });

  it("brings nothing past the deploy job where something has to bake elsewhere first, but for a hotfix", () => {
    for (const [kind, isBegun] of [
      ["feature", true],
      ["infrastructure", true],
      ["security", true],
      ["hotfix", false],
    ] as const) {
      assert.equal(of({ kind }, "canary", true).arguments.includes("--begun"), isBegun, kind);
      const flipped = of({ kind, deployment_strategy: "blue-green" }, "blue-green", true);
      assert.equal(flipped.arguments.includes("--begun"), isBegun, kind);
      assert.ok(!of({ kind }).arguments.includes("--begun"), kind);
    }
    const back = of({ deployment_strategy: "rollback", reason: "slow" }, "canary", true);
    assert.ok(!back.arguments.includes("--begun"));
  });

  it("is refused where it is none of the choices", () => {
    refused({ stack: "production" });
    refused({ kind: "quick" });
    refused({ deployment_strategy: "rolling" });
  });

  it("is approved by whom the kind of release says", () => {
    assert.deepEqual(approvalsOf("prod", "feature"), ["prod"]);
    assert.deepEqual(approvalsOf("prod", "hotfix"), ["prod-hotfix"]);
    assert.deepEqual(approvalsOf("prod", "security"), ["prod-security"]);
    assert.deepEqual(approvalsOf("prod", "infrastructure"), [
      "prod-infrastructure-manager",
      "prod-infrastructure",
    ]);
  });
});

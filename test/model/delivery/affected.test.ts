import assert from "node:assert/strict";
import { affected, branchOf } from "../../../model/delivery/affected";

const STACKS = (["dev", "staging", "prod"] as const).map((name) => ({ name, environment: name }));
const told = (...files: string[]) => affected(files, STACKS).map(({ stack }) => stack);

describe("the stacks that a change affects", () => {
  it("are all of them where code changes, and the one whose configuration does", () => {
    for (const file of [
      "index.ts",
      "model/release.ts",
      "components/key.ts",
      "cloud/client.ts",
      "rollout/watch/lambda.ts",
    ])
      assert.deepEqual(told(file), ["dev", "staging", "prod"], file);
    assert.deepEqual(told("package-lock.json"), ["dev", "staging", "prod"]);
    assert.deepEqual(
      told("fast.cjs"),
      ["dev", "staging", "prod"],
      "Pulumi.yaml requires it before the program",
    );
    assert.deepEqual(told("Pulumi.yaml"), ["dev", "staging", "prod"]);
    assert.deepEqual(told("Pulumi.prod.yaml"), ["prod"]);
  });

  it("are those of an environment where its policies' levels change, and all where a policy does", () => {
    assert.deepEqual(told("policies/config/staging.json"), ["staging"]);
    assert.deepEqual(told("policies/platform/config/dev.json"), ["dev"]);
    assert.deepEqual(told("policies/transition.ts"), ["dev", "staging", "prod"]);
  });

  it("are none where nothing changes that a stack is made of", () => {
    assert.deepEqual(
      told("README.md", "docs/rules.md", "test/run.ts", "rehearsal/main.ts", ".github/workflows/ci.yml"),
      [],
    );
    assert.deepEqual(told(), []);
    assert.deepEqual(told("Pulumi.test.yaml", "docs/Pulumi.prod.yaml"), []);
  });

  it("are deployed from develop in dev, and from main in all others", () => {
    assert.deepEqual(
      STACKS.map(({ environment }) => branchOf(environment)),
      ["develop", "main", "main"],
    );
  });

  it("are each told with the file that says so, their own before the code", () => {
    assert.deepEqual(affected(["index.ts", "Pulumi.dev.yaml"], STACKS)[0], {
      stack: "dev",
      because: "Pulumi.dev.yaml",
    });
  });
});

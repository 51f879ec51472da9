import assert from "node:assert/strict";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { BOUNDARY } from "../../model/delivery/deployRights";
import { type Closing, type LocalStack, PATIENCE, PROJECT, closeAll, localStack } from "./fixture";

/** Remote components make roles that only the engine knows of, so that only it can say that they are bound too. */
describe("the roles of a stack that GitHub's jobs deploy", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let local: LocalStack;

  before(async () => {
    local = await localStack("dev");
    opened.push(local);
    await local.set(["sluice:delivery"], { repository: "octo/app", stateBucket: "state" });
  });
  after(() => closeAll(opened));

  it("are all bound but CI's own, and pass both policy packs", async () => {
    const boundaries = new Map<string, unknown>();
    const onEvent = ({ resourcePreEvent }: EngineEvent) => {
      const { type, urn, new: state } = resourcePreEvent?.metadata ?? {};
      if (type !== "aws:iam/role:Role" || urn === undefined) return;
      boundaries.set(urn.slice(urn.lastIndexOf("::") + 2), state?.inputs["permissionsBoundary"]);
    };
    const policyPacks = ["policies", "policies/platform"].map((folder) => join(PROJECT, folder));
    const { result, diagnostics } = await local.stack.preview({ policyPacks, onEvent });
    assert.equal(result, "succeeded", diagnostics.join("\n"));
    const names = [...boundaries.keys()];
    assert.ok(
      names.some((name) => name.endsWith("-eksRole-role")),
      names.join(" "),
    );
    const free = names.filter((name) => boundaries.get(name) !== BOUNDARY);
    assert.deepEqual(free.sort(), ["deploy", "drift", "preview"]);
  });
});

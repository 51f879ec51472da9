import assert from "node:assert/strict";
import { lastWhole, programFiles, programOf, withProgram } from "../../../model/delivery/program";
import type { Update } from "../../../model/history";
import { messageOf, parseMessage } from "../../../model/message";
import { shift } from "../messages";

const COMMIT = "5f1c2a".padEnd(40, "0");
const OTHER = "9e8d7c".padEnd(40, "0");
const PROD = { name: "prod", environment: "prod" } as const;

const update = (
  message: string,
  environment: Record<string, string> = {},
  more: Partial<Update> = {},
): Update => ({
  ...{ kind: "update", startTime: "2026-11-21T11:09:25.000Z", result: "succeeded", message },
  environment: { "pulumi.version": "v3.250.0", ...environment },
  ...more,
});

describe("the program that an update deployed", () => {
  it("is what its message says, whatever the engine was told of git", () => {
    const dirty = { "git.head": OTHER, "git.dirty": "true" };
    assert.equal(programOf(update(withProgram("commit 5f1c2a", COMMIT), dirty)), COMMIT);
    assert.equal(programOf(update(withProgram(messageOf(shift), COMMIT), dirty)), COMMIT);
  });

  it("is the commit that the engine was told, where no file differed from it", () => {
    assert.equal(programOf(update("by hand", { "git.head": COMMIT, "git.dirty": "false" })), COMMIT);
  });

  it("is not known where files differed, or nobody knew of a commit", () => {
    assert.equal(programOf(update("by hand", { "git.head": COMMIT, "git.dirty": "true" })), undefined);
    assert.equal(programOf(update("by hand")), undefined);
    assert.equal(programOf(update("x\n\nSluice-Program: --output=x")), undefined);
    assert.equal(withProgram("by hand", undefined), "by hand");
  });

  it("leaves what else a message says as it is", () => {
    assert.deepEqual(parseMessage(withProgram(messageOf(shift), COMMIT)), parseMessage(messageOf(shift)));
    assert.equal(withProgram("commit 5f1c2a", COMMIT).split("\n")[0], "commit 5f1c2a");
  });

  it("is that of the last update of everything which succeeded", () => {
    const whole = update("whole");
    const others = [
      update("shift", { "pulumi.flag.target": "set" }),
      update("all but one", { "pulumi.flag.exclude": "set" }),
      update("failed", {}, { result: "failed" }),
      update("looked", {}, { kind: "refresh" }),
    ];
    assert.equal(lastWhole([...others, whole, update("older")]), whole);
    assert.equal(lastWhole(others), undefined);
    const untold: Update = { ...whole, environment: { "git.head": COMMIT, "git.dirty": "false" } };
    assert.equal(lastWhole([untold]), undefined, "an engine that does not say what it was called with");
  });

  it("is another where a file differs that its stack is made of, but for the stacks' own", () => {
    const files = [
      "README.md",
      "Pulumi.prod.yaml",
      "Pulumi.dev.yaml",
      ".github/workflows/ci.yml",
      "test/run.ts",
    ];
    const levels = ["policies/config/prod.json", "policies/config/dev.json"];
    assert.deepEqual(programFiles(files, PROD), []);
    assert.deepEqual(programFiles([...files, ...levels, "components/vpc.ts", "Pulumi.yaml"], PROD), [
      ...["policies/config/prod.json", "components/vpc.ts", "Pulumi.yaml"],
    ]);
  });
});

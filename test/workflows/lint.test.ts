import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { FOLDER, ROOT, files, textOf, workflowOf } from "./files";
import { actionlint, zizmor } from "./tools";

const run = promisify(execFile);

/** What a tool finds fault with; empty where it passes. */
async function faults(tool: string, args: readonly string[]): Promise<string> {
  try {
    await run(tool, args, { cwd: ROOT });
    return "";
  } catch (error) {
    const {
      stdout = "",
      stderr = "",
      message,
    } = error as { stdout?: string; stderr?: string; message: string };
    return `${stdout}${stderr}` || message;
  }
}

describe("the workflows", function () {
  this.timeout(300_000);

  it("are clean by actionlint", async () => {
    assert.equal(
      await faults(
        await actionlint(),
        files.map((file) => join(FOLDER, file)),
      ),
      "",
    );
  });

  it("are clean by zizmor, which asks nobody", async () => {
    const options = [
      "--offline",
      "--no-progress",
      "--quiet",
      "--config",
      join(ROOT, ".github", "zizmor.yml"),
    ];
    assert.equal(await faults(await zizmor(), [...options, FOLDER]), "");
  });

  it("are those that docs/delivery.md tells of", () => {
    assert.deepEqual(files, ["ci.yml", "deploy.yml", "drift.yml", "preview.yml", "rollout.yml", "tick.yml"]);
  });

  for (const file of files) {
    const text = textOf(file);
    const workflow = workflowOf(file);
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);

    it(`pins every action in ${file} to a whole commit, and names its version`, () => {
      const uses = text.match(/uses: .*/g) ?? [];
      assert.ok(uses.length > 0);
      for (const use of uses) {
        // A workflow of this repository is called as the caller's own commit has it.
        if (use === "uses: ./.github/workflows/tick.yml") continue;
        assert.match(use, /^uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
    });

    it(`grants nothing in ${file} but what a job says`, () => {
      assert.deepEqual(workflow.permissions, {});
      for (const [name, job] of Object.entries(workflow.jobs)) assert.ok(job.permissions, name);
    });

    it(`runs in ${file} no package of a stranger's where the checkout is missing`, () => {
      if (text.includes("npx ")) assert.deepEqual(workflow.env, { npm_config_yes: "false" });
      for (const { env = {} } of steps) assert.ok(!("npm_config_yes" in env));
    });

    it(`takes text of others in ${file} through the environment alone, and no secret`, () => {
      for (const { run: script = "" } of steps) assert.doesNotMatch(script, /\$\{\{/);
      assert.doesNotMatch(text, /\bsecrets\b/);
      assert.ok(!("pull_request_target" in workflow.on), "pull_request_target");
    });
  }

  it("preview what a fork wrote without credentials, and write beside a pull request in one job alone", () => {
    const { jobs } = workflowOf("preview.yml");
    const granted = Object.entries(jobs).map(([name, { permissions }]) => [
      name,
      Object.keys(permissions ?? {}),
    ]);
    assert.deepEqual(Object.fromEntries(granted), {
      affected: ["contents"],
      rehearsal: ["contents"],
      preview: ["contents", "id-token"],
      comment: ["contents", "pull-requests"],
    });
  });
});

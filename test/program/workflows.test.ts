import assert from "node:assert/strict";
import { join } from "node:path";
import { markerOf } from "../../model/delivery/comment";
import { type Ran, runWorkflow } from "../../rehearsal/workflow/run";
import { type Stage, startStage } from "../../rehearsal/workflow/stage";
import { readWorkflow } from "../../rehearsal/workflow/workflow";
import { settingsIn } from "../../rollout/configuration";
import { type Closing, PATIENCE, PROJECT, closeAll } from "./fixture";

/** One release from its pull request to its promote, and after it; each workflow goes on where the one before it ended. */
describe("the workflows' steps on this machine", function () {
  // A release takes seven calls of the engine.
  this.timeout(3 * PATIENCE);
  const opened: Closing[] = [];
  let stage: Stage;
  let printed: string[];

  before(async () => {
    stage = await startStage(PROJECT, "dev");
    opened.push(stage);
  });
  after(() => closeAll(opened));

  const run = async (
    file: string,
    event: string,
    more: { inputs?: Record<string, unknown>; without?: string[] } = {},
  ): Promise<Ran["results"]> => {
    printed = [];
    const workflow = await readWorkflow(join(PROJECT, ".github", "workflows", file));
    const print = (line: string) => void printed.push(line);
    return (await runWorkflow(workflow, { ...stage.surroundings(event), ...more, print })).results;
  };
  const ended = (results: Ran["results"], asked: Ran["results"]) =>
    assert.deepEqual(results, asked, printed.join("\n"));
  const pushed = async () => settingsIn(await stage.pushed("develop")).release;

  // What a rehearsal does is the rehearsal's own test.
  it("of preview.yml comment on a pull request", async () => {
    ended(await run("preview.yml", "pull_request", { without: ["rehearsal"] }), {
      ...{ affected: "success", rehearsal: "skipped", preview: "success", comment: "success" },
    });
    const comments = stage.gitHub.comments[1] ?? [];
    assert.equal(comments.length, 1);
    assert.ok(
      comments[0]!.body.startsWith(`${markerOf("dev")}\n## dev: deploys green 2.4.0\n`),
      comments[0]!.body,
    );
  });

  it("of drift.yml open an issue where what is live is not what is configured", async () => {
    ended(await run("drift.yml", "schedule"), { stacks: "success", look: "success", issue: "success" });
    assert.deepEqual(
      stage.gitHub.issues.map(({ state }) => state),
      ["open"],
    );
    assert.match(stage.gitHub.issues[0]!.body, /2\.4\.0/);
  });

  it("of deploy.yml bring develop to dev, through the plan to the promote", async () => {
    ended(await run("deploy.yml", "push"), { dev: "success", staging: "skipped", prod: "skipped" });
    const { live, traffic } = await pushed();
    assert.deepEqual([live, traffic], ["green", { blue: 0, green: 100 }]);
  });

  it("of rollout.yml roll back with a reason alone, and leave what is trusted where it is", async () => {
    const inputs = { stack: "dev", kind: "feature", deployment_strategy: "rollback", reason: "" };
    const others = { stacks: "skipped", tick: "skipped", approve: "skipped" } as const;
    const refused = await run("rollout.yml", "workflow_dispatch", { inputs });
    ended(refused, { ...others, plan: "failure", act: "skipped" });
    const taken = await run("rollout.yml", "workflow_dispatch", {
      inputs: { ...inputs, reason: "it is slow" },
    });
    ended(taken, { ...others, plan: "success", act: "success" });
    assert.deepEqual((await pushed()).traffic, { blue: 0, green: 100 });
  });

  it("of rollout.yml tick every stack by the schedule", async () => {
    const others = { plan: "skipped", approve: "skipped", act: "skipped" } as const;
    ended(await run("rollout.yml", "schedule"), { ...others, stacks: "success", tick: "success" });
  });
});

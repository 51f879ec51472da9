import assert from "node:assert/strict";
import { join } from "node:path";
import { markerOf } from "../../model/delivery/comment";
import { type Ran, runWorkflow } from "../../rehearsal/workflow/run";
import { type Setting, type Stage, startStage } from "../../rehearsal/workflow/stage";
import { readWorkflow } from "../../rehearsal/workflow/workflow";
import { settingsIn } from "../../rollout/configuration";
import { type Closing, PATIENCE, PROJECT, closeAll } from "../program/fixture";

type Results = Ran["results"];
type Trigger = Awaited<ReturnType<Stage["surroundings"]>>;

/** A stage for one suite, and its workflows' runs; each goes on where the one before it ended. */
function staged(stack: string, setting?: Setting) {
  const opened: Closing[] = [];
  let stage: Stage;
  before(async () => {
    stage = await startStage(PROJECT, stack, setting);
    opened.push(stage);
  });
  after(() => closeAll(opened));
  return {
    triggered: (event: string) => stage.surroundings(event),
    /**
     * Lets a workflow run, whose jobs must end as `results` says; those that it leaves out are skipped.
     *
     * @param event what starts it, now or, as `triggered` told it, earlier
     */
    run: async (
      file: string,
      event: string | Trigger,
      results: Results,
      inputs: Record<string, string> = {},
    ) => {
      const printed: string[] = [];
      const workflow = await readWorkflow(join(PROJECT, ".github", "workflows", file));
      const print = (line: string) => void printed.push(line);
      const trigger = typeof event === "string" ? await stage.surroundings(event) : event;
      const ran = await runWorkflow(workflow, { ...trigger, inputs, print });
      const skipped = Object.fromEntries(Object.keys(workflow.jobs).map((job) => [job, "skipped"]));
      assert.deepEqual(ran.results, { ...skipped, ...results }, printed.join("\n"));
      return printed.join("\n");
    },
    release: async (branch: string, of = stack) => settingsIn(await stage.pushed(branch, of)).release,
    comments: () => stage.gitHub.comments[1] ?? [],
    issues: () => stage.gitHub.issues,
  };
}

describe("the workflows' steps bring a canary from its pull request to its promote", function () {
  // A release takes seven calls of the engine.
  this.timeout(3 * PATIENCE);
  const { run, triggered, release, comments, issues } = staged("dev");
  let pushed: Trigger;
  const form = { stack: "dev", kind: "feature", deployment_strategy: "canary", reason: "" };

  it("preview.yml rehearses a pull request and comments on it", async () => {
    const all = ["affected", "rehearsal", "preview", "comment"].map((job) => [job, "success"]);
    await run("preview.yml", "pull_request", Object.fromEntries(all));
    const [{ body } = { body: "" }, ...others] = comments();
    assert.ok(body.startsWith(`${markerOf("dev")}\n## dev: deploys green 2.4.0\n`), body);
    assert.equal(others.length, 0);
  });

  it("drift.yml opens an issue where what is live is not what is configured", async () => {
    await run("drift.yml", "schedule", { stacks: "success", look: "success", issue: "success" });
    assert.deepEqual(
      issues().map(({ state }) => state),
      ["open"],
    );
    assert.match(issues()[0]!.body, /2\.4\.0/);
  });

  it("rollout.yml begins the canary", async () => {
    const all = { plan: "success", approve: "success", act: "success" } as const;
    await run("rollout.yml", "workflow_dispatch", all, form);
    assert.deepEqual((await release("develop")).traffic, { blue: 90, green: 10 });
  });

  it("rollout.yml ticks every stack by the schedule, and tells how it stands", async () => {
    pushed = await triggered("push");
    const printed = await run("rollout.yml", "schedule", { stacks: "success", tick: "success" });
    assert.match(printed, /Tell how it stands/);
    assert.deepEqual((await release("develop")).traffic, { blue: 50, green: 50 });
  });

  it("drift.yml closes the issue when nothing differs any more", async () => {
    await run("drift.yml", "schedule", { stacks: "success", look: "success", issue: "success" });
    assert.deepEqual(
      issues().map(({ state }) => state),
      ["closed"],
    );
  });

  it("deploy.yml brings develop to dev, to the promote, as it is when its turn comes after a tick", async () => {
    assert.notEqual(pushed.github["sha"], (await triggered("push")).github["sha"]);
    await run("deploy.yml", pushed, { dev: "success" });
    const { live, traffic } = await release("develop");
    assert.deepEqual([live, traffic], ["green", { blue: 0, green: 100 }]);
  });

  it("rollout.yml goes back to the predecessor, with a reason alone", async () => {
    const back = { ...form, deployment_strategy: "rollback", rollback_to: "blue" };
    await run("rollout.yml", "workflow_dispatch", { plan: "failure" }, back);
    assert.deepEqual((await release("develop")).traffic, { blue: 0, green: 100 });
    const asked = { ...back, reason: "it is slow" };
    await run("rollout.yml", "workflow_dispatch", { plan: "success", act: "success" }, asked);
    assert.deepEqual((await release("develop")).traffic, { blue: 100, green: 0 });
  });
});

describe("the workflows' steps bring what has baked in staging to prod", function () {
  this.timeout(3 * PATIENCE);
  const { run, release } = staged("staging", { strategy: "blue-green", beside: ["prod"] });

  it("rollout.yml flips staging, approved by a manager and then by operations", async () => {
    const form = { stack: "staging", kind: "infrastructure", deployment_strategy: "blue-green" };
    const all = { plan: "success", first: "success", approve: "success", act: "success" } as const;
    const printed = await run("rollout.yml", "workflow_dispatch", all, form);
    assert.match(printed, /first approval, in the environment staging-infrastructure-manager/);
    assert.match(printed, /job approval, in the environment staging-infrastructure,/);
    assert.match(printed, /release, in the environment staging-deploy,/);
    const { live, traffic } = await release("main");
    assert.deepEqual([live, traffic], ["green", { blue: 0, green: 100 }]);
  });

  it("deploy.yml brings main to staging, and what has baked there to prod's candidate", async () => {
    const printed = await run("deploy.yml", "push", {
      ...{ staging: "success", approve: "success", prod: "success" },
    });
    assert.match(printed, /\/staging\/release: as account 123456789012 published it/);
    const { live, traffic, green } = await release("main", "prod");
    assert.deepEqual([live, traffic], ["blue", { blue: 100, green: 0 }]);
    assert.equal(green.version, (await release("main")).green.version);
  });
});

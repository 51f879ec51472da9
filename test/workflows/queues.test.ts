import assert from "node:assert/strict";
import { type Concurrency, type Job, files, jobs, workflowOf } from "./files";

const queues: readonly (readonly [string, Concurrency])[] = [
  ...files.map((file) => [file, workflowOf(file).concurrency] as const),
  ...Object.entries(jobs).map(([name, { concurrency }]) => [name, concurrency] as const),
].flatMap(([name, queue]) => (queue ? [[name, queue] as const] : []));

/** Jobs that run with the role that may change a stack. */
const changing = Object.entries(jobs).filter(([, { permissions, steps }]) =>
  steps ? permissions?.["contents"] === "write" : false,
);

const stepsOf = ({ steps = [] }: Job, action: string) =>
  steps.filter(({ uses = "" }) => uses.startsWith(`${action}@`));

describe("the workflows' jobs that change a stack", () => {
  it("are these", () => {
    assert.deepEqual(
      changing.map(([name]) => name),
      ["deploy.yml: dev", "deploy.yml: staging", "deploy.yml: prod", "rollout.yml: act", "tick.yml: tick"],
    );
  });

  it("wait in the stack's own queue, in which nobody takes another's place and nobody is ended", () => {
    for (const [name, { concurrency }] of changing) {
      // What somebody chose tells its queue: the stack's, or the rollback's own.
      assert.match(concurrency?.group ?? "", /^stack-|\.queue \}\}$/, name);
      const { "cancel-in-progress": ends, queue } = concurrency ?? {};
      assert.deepEqual([ends, queue], [false, "max"], name);
    }
  });

  it("share a queue with no job that would take the place of one that waits, by a schedule or otherwise", () => {
    const replacing = queues.filter(([, { queue }]) => queue !== "max");
    assert.deepEqual(
      Object.fromEntries(replacing.map(([name, { group }]) => [name, group.split("${{")[0]])),
      { "ci.yml": "ci-", "drift.yml": "drift", "preview.yml": "preview-", "rollout.yml: tick": "tick-" },
    );
    for (const [name, { queue = "single" }] of queues) assert.ok(["single", "max"].includes(queue), name);
  });

  it("take the tip of the branch when their turn comes, and not what was pushed when they were asked for", () => {
    const refs = changing.map(([name, job]) => {
      const checkouts = stepsOf(job, "actions/checkout");
      assert.equal(checkouts.length, 1, name);
      return [name, checkouts[0]?.with?.["ref"]];
    });
    assert.deepEqual(Object.fromEntries(refs), {
      "deploy.yml: dev": "develop",
      "deploy.yml: staging": "main",
      "deploy.yml: prod": "main",
      "rollout.yml: act": "${{ fromJSON(needs.plan.outputs.plan).branch }}", // eslint-disable-line no-template-curly-in-string -- GitHub's
      "tick.yml: tick": "${{ inputs.branch }}", // eslint-disable-line no-template-curly-in-string -- GitHub's
    });
  });

  it("wait for nobody's approval while they are in that queue: what is under way would wait with them", () => {
    const environments = changing.map(([, { environment = "" }]) => environment);
    assert.deepEqual(environments, [
      ...["dev", "staging", "prod-deploy"],
      "${{ inputs.stack }}-${{ fromJSON(needs.plan.outputs.plan).isRollback && 'rollback' || 'deploy' }}", // eslint-disable-line no-template-curly-in-string -- GitHub's
      "${{ inputs.stack }}-tick", // eslint-disable-line no-template-curly-in-string -- GitHub's
    ]);
    for (const name of ["deploy.yml: approve", "rollout.yml: first", "rollout.yml: approve"]) {
      const { concurrency, permissions, environment } = jobs[name]!;
      assert.deepEqual([concurrency, permissions, typeof environment], [undefined, {}, "string"], name);
    }
  });

  it("bring to prod what was approved: what staging's job began with, before anything is deployed", () => {
    const { outputs, steps: staging = [] } = jobs["deploy.yml: staging"]!;
    assert.equal(outputs?.["commit"], "${{ steps.tip.outputs.commit }}"); // eslint-disable-line no-template-curly-in-string -- GitHub's
    const tip = staging.findIndex(({ id }) => id === "tip");
    assert.match(staging[tip - 1]?.uses ?? "", /^actions\/checkout@/);
    assert.match(staging[tip]?.run ?? "", /git rev-parse HEAD/);
    const { steps = [] } = jobs["deploy.yml: prod"]!;
    const at = (command: string) =>
      steps.findIndex(({ run = "" }) => run.includes(`npx sluice ${command} -s prod`));
    const { run, env } = steps[at("carry")]!;
    assert.match(run ?? "", /--approved "\$APPROVED"/);
    assert.equal(env?.["APPROVED"], "${{ needs.staging.outputs.commit }}"); // eslint-disable-line no-template-curly-in-string -- GitHub's
    assert.ok(at("carry") < at("deploy"));
  });

  it("have credentials for as long as they may run", () => {
    for (const [name, job] of Object.entries(jobs)) {
      for (const { with: options } of stepsOf(job, "aws-actions/configure-aws-credentials")) {
        const seconds = Number(options?.["role-duration-seconds"] ?? 3_600);
        const minutes = job["timeout-minutes"] ?? 360;
        assert.ok(seconds >= minutes * 60, `${name}: ${seconds} s of credentials for ${minutes} min`);
        // Beyond it AWS gives the role no session: components/delivery.
        assert.ok(seconds <= 7_200, name);
      }
    }
  });

  it("keep what they have changed even where their time is over", () => {
    for (const [name, { steps = [] }] of changing) {
      const keeping = steps.filter(({ run = "" }) => run.includes("sluice publish"));
      assert.deepEqual(
        keeping.map((step) => step.if),
        ["always()"],
        name,
      );
    }
  });
});

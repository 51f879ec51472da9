import assert from "node:assert/strict";
import { MOMENTS, victimOf } from "./moments";
import { GONE, Run } from "./run";

/** Longer than a first deployment takes on a busy machine, and than an earlier rehearsal takes to end, in seconds. */
const PATIENCE = 150;

const firstStep = (run: Run) =>
  run.until("the first step", PATIENCE, () => /^1\/\d+ deploy /m.test(run.output));

describe("npm start and another one", function () {
  this.timeout(400_000);
  const runs: Run[] = [];
  const start = () => {
    const run = new Run();
    runs.push(run);
    return run;
  };
  afterEach(() => {
    for (const run of runs.splice(0)) run.kill();
  });

  it("ends with 130 at Ctrl-C, which reaches every process of the terminal, and leaves nothing", async () => {
    const run = start();
    await MOMENTS["the first deployment is under way"](run);
    process.kill(-run.pid, "SIGINT");
    await run.untilGone(GONE);
    assert.equal(await run.ended, 130, run.output);
    assert.match(run.output, /^ended \(SIGINT\); nothing is left running$/m);
  });

  it("is refused while the first lives, which is not disturbed", async () => {
    const first = start();
    await MOMENTS["the first deployment is under way"](first);
    const second = start();
    assert.equal(await second.ended, 1);
    const { pid } = victimOf(first, "node");
    const refusal = `the rehearsal could not go on: a rehearsal of dev is running (process ${pid}); end it first: kill ${pid}\n`;
    assert.ok(second.output.endsWith(refusal), second.output);
    await second.untilGone(GONE);
    await firstStep(first);

    // As the refusal says.
    process.kill(pid);
    await first.untilGone(GONE);
  });

  it("is let in at once after npm or the rehearsal was killed outright, and works", async () => {
    const first = start();
    await MOMENTS["the first deployment is under way"](first);
    process.kill(first.pid, "SIGKILL");
    const second = start();
    await MOMENTS["the first deployment is under way"](second);
    await first.untilGone(0);
    process.kill(victimOf(second, "node").pid, "SIGKILL");
    await second.ended;
    const third = start();
    await firstStep(third);
    await second.untilGone(0);
    process.kill(-third.pid, "SIGINT");
    await third.untilGone(GONE);
    assert.equal(await third.ended, 130, third.output);
  });
});

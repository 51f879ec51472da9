import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { PROJECT } from "../../program/fixture";
import { type StackInPlace, stackInPlace } from "../reconcile/stack-fixture";

/** The command line in a process of its own, for what it comes to is another that writes where it does. */
describe("sluice dispatch", function () {
  this.timeout(60_000);
  let place: StackInPlace;
  beforeEach(async () => (place = await stackInPlace()));
  afterEach(() => place.close());

  const chosen = { STACK: "dev", KIND: "feature", DEPLOYMENT_STRATEGY: "canary" };
  const dispatch = (inputs: Record<string, string>, ...args: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const env = { ...process.env, ...chosen, ...inputs };
      const child = execFile(
        process.execPath,
        [join(PROJECT, "bin", "sluice.js"), "dispatch", ...args],
        { cwd: place.folder, env },
        (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
      );
    });
  const plan = async (inputs: Record<string, string>) =>
    JSON.parse((await dispatch(inputs, "--plan")).out) as Record<string, unknown>;

  it("says where the jobs after it run, who approves them, and what they wait for, and does nothing", async () => {
    assert.deepEqual(await plan({ KIND: "infrastructure", CANARY_PERCENTAGE: "25" }), {
      ...{ schema: 1, command: "sluice shift 25 -s dev" },
      ...{ approve: "dev-infrastructure-manager", environment: "dev-infrastructure" },
      ...{ queue: "stack-dev", isRollback: false, runner: "ubuntu-24.04", branch: "develop" },
    });
    const back = await plan({ DEPLOYMENT_STRATEGY: "rollback", REASON: "slow" });
    assert.deepEqual(
      [back["approve"], back["environment"], back["queue"], back["isRollback"]],
      ["", "dev-rollback", "rollback-dev", true],
    );
    assert.deepEqual(await place.greens(), [0, 0, 0]);
  });

  it("shifts, and takes back what is shifted, as the form says", async () => {
    const shifted = await dispatch({});
    assert.equal(shifted.code, 0, shifted.out + shifted.err);
    assert.match(shifted.out, /^sluice shift 10 -s dev\n/);
    assert.deepEqual(await place.greens(), [10, 10, 10]);
    await place.publish();
    const back = await dispatch({ FORCE_ROLLBACK: "true", REASON: "it is $(slow)" });
    assert.equal(back.code, 0, back.out + back.err);
    assert.deepEqual(await place.greens(), [0, 0, 0]);
  });

  it("takes traffic back where settings are at fault, on a runner that needs no cluster", async () => {
    assert.equal((await dispatch({})).code, 0);
    await place.publish();
    const runners = "  sluice:runners: { repository: https://github.com/example/voiceassist }\n";
    const text = await place.text();
    await place.write(text.replace("strategy: canary", "strategy: canry") + runners);
    const back = { DEPLOYMENT_STRATEGY: "rollback", REASON: "errors" };
    const { command, runner } = await plan(back);
    assert.deepEqual([command, runner], ["sluice rollback -s dev --reason=errors", "ubuntu-24.04"]);
    const { out } = await dispatch(back);
    assert.match(out, /configuration is at fault; mend it/);
    assert.equal((await dispatch({}, "--plan")).code, 2);
    await place.write(text);
    assert.equal((await place.greens())[0], 0);
  });

  it("ends as the command does that it comes to", async () => {
    await place.lock(true);
    const locked = await dispatch({});
    assert.equal(locked.code, 7, locked.out);
    await place.lock(false);
    const candidate = await dispatch({
      ...{ DEPLOYMENT_STRATEGY: "rollback", ROLLBACK_TO: "green", REASON: "slow" },
    });
    assert.equal(candidate.code, 2, candidate.out);
    assert.match(candidate.err, /green 2\.4\.0 is a candidate, and not what blue took over from/);
    assert.deepEqual(await place.greens(), [0, 0, 0]);
  });

  it("ends with 0 where a release by the plan is held, which the ticks go on with, and with 3 of a share", async () => {
    assert.equal((await place.call("abort", "-s", "dev", "--reason", "wait for support")).code, 0);
    const share = await dispatch({});
    assert.equal(share.code, 3, share.out);
    await place.edit({ strategy: "blue-green" });
    const { code, out } = await dispatch({ DEPLOYMENT_STRATEGY: "blue-green" });
    assert.equal(code, 0, out);
    assert.match(out, /^hold +sluice:plan\.hold: wait for support$/m);
    assert.match(out, /held, as told above, which is no failure/);
    assert.deepEqual(await place.greens(), [0, 0, 0]);
  });

  it("brings to a stack that takes what has baked elsewhere nothing past its deploy job", async () => {
    await place.write(`${await place.text()}  sluice:bakedIn: staging\n`);
    const { command } = await plan({ CANARY_PERCENTAGE: "25" });
    assert.equal(command, "sluice shift 25 -s dev --begun");
    const hotfix = await plan({ KIND: "hotfix" });
    assert.equal(hotfix["command"], "sluice shift 10 -s dev");
  });

  it("shifts and runs with --begun only what was deployed", async () => {
    await place.edit({ green: { version: "2.5.0" } });
    for (const args of [
      ["shift", "10"],
      ["run", "--interval", "1", "--timeout", "20"],
    ]) {
      const { code, printed } = await place.call(...args, "-s", "dev", "--begun");
      assert.equal(code, 3, printed);
      assert.match(printed.replaceAll(/\s+/g, " "), /dev's deploy job brings that, or: sluice deploy -s dev/);
      assert.deepEqual(await place.updates(), []);
    }
    await place.edit({ green: { version: "2.4.0" } });
    assert.equal((await place.call("shift", "10", "-s", "dev", "--begun")).code, 0);
    assert.deepEqual(await place.greens(), [10, 10, 10]);
  });

  it("ends with 2 for what is none of the choices, in the plan already", async () => {
    const wrong: readonly Record<string, string>[] = [
      ...[{ STACK: "" }, { STACK: "prod" }, { KIND: "quick" }, { DEPLOYMENT_STRATEGY: "blue-green" }],
      { DEPLOYMENT_STRATEGY: "rollback", REASON: " " },
    ];
    for (const inputs of wrong) {
      const { code, err } = await dispatch(inputs, "--plan");
      assert.deepEqual([code, /found .*(?:allowed|a rollback has one)/.test(err)], [2, true], err);
    }
  });
});

import assert from "node:assert/strict";
import { type StackInPlace, stackInPlace } from "./stack-fixture";

const everywhere = (green: number) => [green, green, green];

describe("sluice tick", function () {
  this.timeout(60_000);
  let stack: StackInPlace;
  const standing = async (green: number): Promise<StackInPlace> => (stack = await stackInPlace(green));
  const tick = (...args: string[]) => stack.call("tick", "-s", "dev", ...args);
  afterEach(() => stack.close());

  it("takes the plan's next step, and tells what it saw, decided and did, on lines of a terminal", async () => {
    await standing(0);
    const { code, printed } = await tick();
    assert.equal(code, 0, printed);
    assert.deepEqual(await stack.greens(), everywhere(10));
    assert.match(printed, /^release +blue 2\.3\.1 is live with 100 %, green 2\.4\.0 has 0 %, for 1 min/m);
    assert.match(printed, /^plan +trial: \[0\] → 10 → 50 → 100 %$/m);
    assert.match(printed, /^shift +green gets 10 %: everything that it needs was seen to be good$/m);
    assert.match(
      printed,
      /Pulumi\.dev\.yaml: live blue, traffic blue 90, green 10\n.*the state has followed/,
    );
    for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
    assert.deepEqual(await stack.updates(), [{ subject: "start green 2.4.0: 0 → 10 %", targets: 2 }]);
    assert.match(await stack.text(), /traffic: \{ blue: 90, green: 10 \} # percent/);
  });

  it("tells machines the same as JSON", async () => {
    await standing(10);
    const { code, printed } = await tick("--json");
    const told = JSON.parse(printed);
    assert.deepEqual([code, told.code, told.schema, told.stack, told.app], [0, 0, 1, "dev", "app"]);
    assert.deepEqual(told.decision.edit, { live: "blue", traffic: { blue: 50, green: 50 } });
    assert.deepEqual(
      [told.decision.kind, told.decision.left, told.decision.reasons[0].code],
      ["shift", false, "passed"],
    );
    assert.deepEqual(told.rules, { api: { blue: 90, green: 10 } });
    assert.deepEqual(
      told.journal.flatMap(({ effect }: { effect?: string }) => effect ?? []),
      ["write", "update"],
    );
  });

  it("asks the candidate by the preview header before its share rises, and holds it where it does not answer well", async () => {
    await standing(10);
    stack.edge.answer("green", (_, response) => {
      response.writeHead(500).end();
      return true;
    });
    const { code, printed } = await tick();
    assert.equal(code, 3, printed);
    assert.match(printed, /^hold /m);
    assert.ok(stack.edge.seen.green.length > 0 && stack.edge.seen.blue.length === 0);
    assert.deepEqual([await stack.greens(), await stack.updates()], [everywhere(10), []]);
  });

  it("does nothing where nothing is to be done", async () => {
    await standing(0);
    await stack.edit({ green: {} });
    assert.equal((await tick()).code, 0);
    const text = await stack.text();
    const [first] = await stack.updates();
    assert.equal(first?.targets, 0, "what a colour runs changes by an update of everything");
    const { code, printed } = await tick();
    assert.deepEqual([code, await stack.text(), (await stack.updates()).length], [0, text, 1], printed);
    assert.match(printed, /^done +green is free for the next version$/m);
  });

  it("waits for somebody else's update, with 7, and touches nothing", async () => {
    await standing(10);
    await stack.byHand(4);
    await stack.lock(true);
    const { code, printed } = await tick();
    assert.equal(code, 7, printed);
    assert.match(printed, /^hold +an update by somebody holds the stack$/m);
    assert.deepEqual(await stack.greens(), [4, 10, 10]);
    await stack.lock(false);
    assert.equal((await tick()).code, 0);
    assert.deepEqual(await stack.greens(), everywhere(4));
  });

  it("takes traffic from a fenced version without waiting for anybody's update, and holds it from then on", async () => {
    await standing(50);
    await stack.fence("2.4.0");
    await stack.lock(true);
    const locked = await tick();
    assert.equal(locked.code, 7, locked.printed);
    assert.match(locked.printed, /^retreat +green 2\.4\.0 was fenced at .* by arn:ana: loses\s+calls$/m);
    for (const line of locked.printed.split("\n")) assert.ok(line.length <= 80, line);
    assert.deepEqual(await stack.greens(), [0, 0, 50]);
    await stack.lock(false);
    assert.equal((await tick()).code, 0);
    assert.deepEqual(await stack.greens(), everywhere(0));
    const held = await tick();
    assert.equal(held.code, 3, held.printed);
    assert.match(held.printed, /was fenced at/);
  });

  it("ends with 4 where it took traffic back and all has followed", async () => {
    await standing(50);
    await stack.fence("2.4.0");
    const { code, printed } = await tick();
    assert.equal(code, 4, printed);
    assert.deepEqual(await stack.greens(), everywhere(0));
    assert.match((await stack.updates())[0]?.subject ?? "", /^rollback green 2\.4\.0: 50 → 0 %$/);
  });

  it("ends with 5 where the update fails, and tells what the engine said", async () => {
    await standing(10);
    await stack.edge.aws.fail("elasticloadbalancing:ModifyRule", "AccessDenied");
    const { code, printed } = await tick();
    assert.equal(code, 5, printed);
    assert.match(printed, /the update failed:\n.*AccessDenied/s);
    assert.match(printed, /broken off, after/);
    assert.deepEqual(await stack.greens(), [10, 50, 10]);
  });

  it("ends with 6 where credentials have expired, and says what could not be observed", async () => {
    await standing(10);
    for (const action of ["sts:GetCallerIdentity", "elasticloadbalancing:DescribeLoadBalancers"])
      await stack.edge.aws.fail(action, "ExpiredToken");
    const { code, printed } = await tick();
    assert.equal(code, 6, printed);
    assert.match(printed, /the clock could not be compared: ExpiredToken/);
    assert.match(printed, /the rules could not be observed: ExpiredToken/);
    assert.deepEqual(await stack.updates(), []);
  });

  // The local AWS here has no CloudWatch; before a minute is over nobody asks it.
  for (const [what, seconds, expected] of [
    ["are none yet", 60, /api green: no requests were seen/],
    ["cannot be had", 600, /api green: no answer about CloudWatch's\s+metrics \(UnknownOperation/],
  ] as const) {
    it(`ends with 6 where metrics that are asked for ${what}, and raises nothing`, async () => {
      stack = await stackInPlace(10, seconds);
      const text = `${await stack.text()}  sluice:limits: { samples: 100 }\n`;
      await stack.write(text);
      const { code, printed } = await tick();
      assert.equal(code, 6, printed);
      assert.match(printed, /^hold +metrics could not be observed: /m);
      assert.match(printed, expected);
      assert.deepEqual([await stack.text(), await stack.updates()], [text, []]);
      assert.deepEqual(await stack.greens(), everywhere(10));
    });
  }

  it("ends with 6 without an engine, and with 2 where settings are at fault", async () => {
    await standing(10);
    const path = process.env["PATH"];
    try {
      process.env["PATH"] = "/nowhere";
      const { code, printed } = await tick();
      assert.equal(code, 6);
      assert.match(printed, /^hold +the state could not be observed: NoEngineError: no pulumi on PATH$/m);
    } finally {
      process.env["PATH"] = path;
    }
    await stack.write((await stack.text()).replace("canary", "guess"));
    assert.equal((await tick()).code, 2);
  });

  it("leaves the update to CI where it is told to, and goes on when that was made", async () => {
    await standing(10);
    assert.equal((await tick("--write-only")).code, 0);
    assert.deepEqual(await stack.greens(), [10, 50, 10]);
    assert.equal((await tick("--write-only")).code, 0);
    assert.deepEqual([await stack.greens(), await stack.updates()], [[10, 50, 10], []]);
    assert.equal((await tick()).code, 0);
    assert.deepEqual(await stack.greens(), everywhere(50));
  });
});

describe("sluice tick, killed outright right after one of its effects", function () {
  this.timeout(60_000);
  let stack: StackInPlace;
  afterEach(() => stack.close());

  const shift = ["write", "update"];
  shift.forEach((effect, index) => {
    it(`a shift: the next one goes on after ${effect}`, async () => {
      stack = await stackInPlace(10);
      assert.equal(await stack.killed(index + 1), "SIGKILL");
      assert.deepEqual(await stack.greens(), index === 0 ? [10, 50, 10] : everywhere(50));
      assert.equal((await stack.call("tick", "-s", "dev")).code, 0);
      assert.deepEqual(await stack.greens(), everywhere(index === 0 ? 50 : 100));
    });
  });

  const retreat = [
    ["move", [0, 50, 50]],
    ["write", [0, 0, 50]],
    ["update", [0, 0, 0]],
  ] as const;
  retreat.forEach(([effect, left], index) => {
    it(`a retreat: the next one goes on after ${effect}`, async () => {
      stack = await stackInPlace(50);
      await stack.fence("2.4.0");
      assert.equal(await stack.killed(index + 1), "SIGKILL");
      assert.deepEqual(await stack.greens(), left);
      await stack.call("tick", "-s", "dev");
      assert.deepEqual(await stack.greens(), everywhere(0));
      assert.equal((await stack.call("tick", "-s", "dev")).code, 3, "it is fenced");
    });
  });
});

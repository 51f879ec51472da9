import assert from "node:assert/strict";
import { type StackInPlace, stackInPlace } from "./stack-fixture";

const everywhere = (green: number) => [green, green, green];
const RUN = ["run", "-s", "dev", "--interval", "1", "--timeout", "60"];

describe("the verbs by which a release goes its plan's way", function () {
  this.timeout(60_000);
  let stack: StackInPlace;
  const standing = async (green: number): Promise<StackInPlace> => (stack = await stackInPlace(green));
  afterEach(() => stack.close());

  const fits = (text: string): void => {
    for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  };
  const subjects = async () => (await stack.updates()).map(({ subject }) => subject);

  it("run: from no traffic to the promote, and tells each step once", async () => {
    await standing(0);
    const { code, printed } = await stack.call(...RUN);
    assert.equal(code, 0, printed);
    assert.deepEqual(await subjects(), [
      "start green 2.4.0: 0 → 10 %",
      "shift green 2.4.0: 10 → 50 %",
      "shift green 2.4.0: 50 → 100 %",
      "promote green 2.4.0 at 100 %",
    ]);
    assert.equal(printed.match(/^shift /gm)?.length, 3);
    assert.match(printed, /^done +blue 2\.3\.1 is kept as a way back$/m);
    fits(printed);
  });

  it("run: ends with 4 where it took traffic back, also where others held the stack meanwhile", async () => {
    await standing(50);
    await stack.fence("2.4.0");
    await stack.lock(true);
    const freed = new Promise<void>((resolve) =>
      setTimeout(() => void stack.lock(false).then(resolve), 9_000),
    );
    const { code, printed } = await stack.call(...RUN);
    await freed;
    assert.equal(code, 4, printed);
    assert.deepEqual(await stack.greens(), everywhere(0));
  });

  it("run: ends with 3 where a person has to act, and after its time", async () => {
    await standing(10);
    const plan = "{ steps: [{ share: 10, bake: 12h }, { share: 100 }] }";
    await stack.write(`${await stack.text()}  sluice:plan: ${plan}\n`);
    const late = await stack.call("run", "-s", "dev", "--interval", "1", "--timeout", "2", "--json");
    assert.equal(late.code, 3, late.printed);
    const told = late.printed.split("\n").map((line) => JSON.parse(line));
    assert.equal(told.length, 1, "a hold that goes on is told once");
    assert.deepEqual([told[0].decision.kind, told[0].decision.reasons[0].awaits], ["hold", "time"]);
    assert.equal((await stack.call("abort", "-s", "dev", "--reason", "wait for ana")).code, 0);
    const held = await stack.call(...RUN);
    assert.equal(held.code, 3);
    assert.match(held.printed, /^hold +sluice:plan\.hold: wait for ana$/m);
    assert.deepEqual(await subjects(), []);
  });

  it("advance: one step, and nothing that is none", async () => {
    await standing(10);
    const call = () => stack.call("advance", "-s", "dev");
    assert.equal((await call()).code, 0);
    assert.deepEqual(await stack.greens(), everywhere(50));
    await stack.byHand(20);
    const { code, printed } = await call();
    assert.equal(code, 5, printed);
    assert.match(printed, /^adopt .*\n +NOT done: it is no step of the plan; sluice tick -s dev does it$/ms);
    assert.deepEqual(await stack.greens(), [20, 50, 50]);
  });

  it("promote: only what is to be promoted", async () => {
    await standing(50);
    const call = () => stack.call("promote", "-s", "dev");
    const early = await call();
    assert.equal(early.code, 3, early.printed);
    assert.match(early.printed, /NOT done: it is no promote; sluice tick -s dev does it/);
    assert.deepEqual(await stack.greens(), everywhere(50));
    await stack.call("shift", "100", "-s", "dev");
    assert.equal((await call()).code, 0);
    assert.deepEqual((await subjects()).at(-1), "promote green 2.4.0 at 100 %");
    assert.match(await stack.text(), /live: green/);
  });

  it("shift: to any share, in as many updates as the rules ask for, and back", async () => {
    await standing(10);
    const up = await stack.call("shift", "70", "-s", "dev");
    assert.equal(up.code, 0, up.printed);
    assert.deepEqual(await stack.greens(), everywhere(70));
    assert.deepEqual(await subjects(), ["shift green 2.4.0: 10 → 60 %", "shift green 2.4.0: 60 → 70 %"]);
    assert.match(up.printed, /^done +green has 70 %$/m);
    const back = await stack.call("shift", "0", "-s", "dev");
    assert.equal(back.code, 0, back.printed);
    assert.deepEqual(await stack.greens(), everywhere(0));
    const again = await stack.call("shift", "10", "-s", "dev");
    assert.equal(again.code, 3, again.printed);
    assert.match(again.printed, /taken back/);
    for (const { printed } of [up, back, again]) fits(printed);
  });

  it("shift: refuses with 3 where there is nobody to be given a share, and with 2 what is no share", async () => {
    await standing(0);
    await stack.edit({ green: {} });
    assert.equal((await stack.call("tick", "-s", "dev")).code, 0);
    const { code, printed } = await stack.call("shift", "10", "-s", "dev");
    assert.equal(code, 3, printed);
    assert.match(printed, /green is free for the next version/);
    for (const share of ["101", "-1", "ten"])
      assert.equal((await stack.call("shift", "-s", "dev", "--", share)).code, 2, share);
  });

  it("abort: holds a plan however it is written, and says how to go on", async () => {
    await standing(10);
    const text = await stack.text();
    for (const [plan, expected] of [
      ["", /sluice:plan: \{ hold: wait \}$/m],
      [
        "  sluice:plan: quick # the short one\n",
        /sluice:plan: \{ name: quick, hold: wait \}.*# the short one/,
      ],
      ["  sluice:plan:\n    name: careful # slow\n", /name: careful # slow\n +hold: wait/],
    ] as const) {
      await stack.write(text + plan);
      const { code, printed } = await stack.call("abort", "-s", "dev", "--reason", "wait");
      assert.equal(code, 0, printed);
      assert.match(await stack.text(), expected);
      assert.match(printed, /^ {2}pulumi config rm --path 'sluice:plan\.hold' -s dev$/m);
      const tick = await stack.call("tick", "-s", "dev");
      assert.deepEqual([tick.code, await stack.greens()], [3, everywhere(10)], tick.printed);
    }
    const again = JSON.parse(
      (await stack.call("abort", "-s", "dev", "--reason", "longer", "--json")).printed,
    );
    assert.deepEqual([again.held, again.before], ["longer", "wait"]);
    assert.equal((await stack.call("abort", "-s", "dev", "--reason", " ")).code, 2);
  });

  it("abort: traffic may still be taken back", async () => {
    await standing(50);
    await stack.call("abort", "-s", "dev", "--reason", "wait");
    await stack.fence("2.4.0");
    assert.equal((await stack.call("tick", "-s", "dev")).code, 4);
  });

  it("abort: nothing is held where nothing is under way", async () => {
    await standing(0);
    await stack.edit({ green: {} });
    assert.equal((await stack.call("tick", "-s", "dev")).code, 0);
    const text = await stack.text();
    const { code, printed } = await stack.call("abort", "-s", "dev", "--reason", "wait");
    assert.deepEqual([code, await stack.text()], [0, text]);
    assert.match(printed, /nothing is held, for nothing is under way: green is free/);
  });

  it("plan: its steps, where the release is, and when it may be done", async () => {
    await standing(10);
    const steps = "[{ share: 10, bake: 2h }, { share: 50, bake: 1h }, { share: 100 }]";
    await stack.write(`${await stack.text()}  sluice:plan: { steps: ${steps} }\n`);
    const { code, printed } = await stack.call("plan", "-s", "dev");
    assert.equal(code, 0, printed);
    assert.match(printed, /^plan +own, for green 2\.4\.0 beside blue 2\.3\.1$/m);
    assert.match(printed, /^here +10 % +for 1 min.*; bakes 2 h$/m);
    assert.match(printed, /^ +50 % +bakes 1 h; not before .*, in 1 h 58 min$/m);
    assert.match(printed, /^ +100 % +not before .*, in 2 h 58 min$/m);
    assert.match(printed, /^live +not before .*, in 2 h 58 min$/m);
    fits(printed);
    const told = JSON.parse((await stack.call("plan", "-s", "dev", "--json")).printed);
    assert.deepEqual(
      told.stops.map(({ share, place }: { share: number; place: string }) => [share, place]),
      [
        [10, "here"],
        [50, "ahead"],
        [100, "ahead"],
      ],
    );
  });

  it("watch: takes traffic from what is fenced, from anywhere, and leaves the rest to the next tick", async () => {
    await standing(50);
    const bare = ["--app", "app", "--environment", "dev", "--region", "us-east-1"];
    const blind = await stack.call("watch", ...bare, "--once");
    assert.equal(blind.code, 6, blind.printed);
    assert.match(blind.printed, /publishes\s+no\s+release/);
    await stack.publish();
    const looks = stack.call("watch", ...bare, "--interval", "1", "--json");
    await stack.fence("2.4.0");
    const { code, printed } = await looks;
    assert.equal(code, 4, printed);
    const last = JSON.parse(printed.split("\n").at(-1)!);
    assert.deepEqual([last.kind, last.moved], ["lowered", ["api"]]);
    assert.deepEqual(await stack.greens(), [0, 50, 50]);
    assert.equal((await stack.call("tick", "-s", "dev")).code, 0);
    assert.deepEqual(await stack.greens(), everywhere(0));
  });
});

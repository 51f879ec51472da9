import assert from "node:assert/strict";
import { type StackInPlace, stackInPlace } from "./stack-fixture";

const everywhere = (green: number) => [green, green, green];

/** Blue has one pod, which is its floor; green's load has made two, so that all of it takes three of blue's, with what is kept above it. */
describe("a way back onto a colour at its floor", function () {
  this.timeout(60_000);
  let stack: StackInPlace;
  beforeEach(async () => {
    stack = await stackInPlace(100);
    await stack.edge.grow("green", 1);
  });
  afterEach(() => stack.close());

  const call = (...args: string[]) => stack.call(...args, "-s", "dev");
  const subjects = async () => (await stack.updates()).map(({ subject }) => subject);
  const promoted = async () => {
    const { code, printed } = await call("promote");
    assert.equal(code, 0, printed);
  };

  it("shift: the live colour is made larger first, and gets nothing before it is", async () => {
    const early = await call("shift", "0", "--timeout", "1");
    assert.equal(early.code, 3, early.printed);
    assert.match(early.printed, /^prepare +blue is made larger before it gets 100 %$/m);
    assert.match(early.printed, /^hold +api blue has 1 healthy targets; 100 % needs 3$/m);
    assert.match(await stack.text(), /capacity: \{ blue: 210, green: 100 \}/);
    assert.deepEqual(await stack.greens(), everywhere(100));

    await stack.edge.grow("blue", 2);
    const { code, printed } = await call("shift", "0");
    assert.equal(code, 0, printed);
    assert.deepEqual(await stack.greens(), everywhere(0));
    assert.deepEqual(await subjects(), ["prepare green 2.4.0 at 100 %", "rollback green 2.4.0: 100 → 0 %"]);
  });

  it("shift: no more is asked for than settings permit, and what is lacking then is somebody's", async () => {
    await stack.edge.grow("green", 5);
    const { code, printed } = await call("shift", "0");
    assert.equal(code, 3, printed);
    assert.match(await stack.text(), /capacity: \{ blue: 300, green: 100 \}/);
    assert.match(printed, /^hold +api blue has 1 healthy targets; 100 % needs 8$/m);
    assert.deepEqual(await stack.greens(), everywhere(100));
  });

  it("shift: the predecessor is made larger first as well, after a promote", async () => {
    await promoted();
    const early = await call("shift", "100", "--timeout", "1");
    assert.equal(early.code, 3, early.printed);
    assert.match(early.printed, /^prepare +blue is made larger before it gets 100 %$/m);
    assert.deepEqual(await stack.greens(), everywhere(100));

    await stack.edge.grow("blue", 2);
    const { code, printed } = await call("shift", "100");
    assert.equal(code, 0, printed);
    assert.deepEqual(await stack.greens(), everywhere(0));
  });

  it("tick: from a live version that is fenced only as much leaves as the predecessor carries, the rest when it is larger", async () => {
    await promoted();
    await stack.fence("2.4.0");
    const part = await call("tick");
    assert.equal(part.code, 4, part.printed);
    const [live = 0] = await stack.greens();
    assert.ok(live > 0 && live < 100, `${live} %`);
    assert.deepEqual(await stack.greens(), everywhere(live));
    assert.match(await stack.text(), /live: green/);
    assert.match(await stack.text(), /capacity: \{ blue: 210, green: 100 \}/);

    await stack.edge.grow("blue", 2);
    const rest = await call("run", "--interval", "1");
    assert.equal(rest.code, 4, rest.printed);
    assert.deepEqual(await stack.greens(), everywhere(0));
    assert.match(await stack.text(), /live: blue/);
  });

  it("rollback: moves nothing there by itself, and says how much it carries", async () => {
    await promoted();
    const { code, printed } = await call("rollback", "--to", "blue", "--reason", "loses calls");
    assert.equal(code, 3, printed);
    assert.match(printed, /needs 3/);
    assert.match(printed, /sluice rollback .*--share \d+/);
    assert.deepEqual(await stack.greens(), everywhere(100));
  });
});

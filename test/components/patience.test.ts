import assert from "node:assert/strict";
import { type Patience, lookUntil } from "../../components/release/patience";

/** Looks that give these in turn, the last one for ever, by a clock that only waiting moves. */
async function looked(seen: readonly number[], wanted: number, mostSeconds = 20) {
  let now = 1_000;
  let looks = 0;
  const told: [number, number][] = [];
  const patience: Patience = {
    everySeconds: 5,
    mostSeconds,
    clock: { now: () => now, sleep: (milliseconds) => Promise.resolve((now += milliseconds)) },
  };
  const last = await lookUntil(
    () => Promise.resolve(seen[Math.min(looks++, seen.length - 1)]!),
    (value) => value < wanted,
    patience,
    (value, left) => Promise.resolve(void told.push([value, left])),
  );
  return { last, looks, told, seconds: (now - 1_000) / 1000 };
}

describe("patience", () => {
  it("looks once where there is nothing to wait for", async () => {
    assert.deepEqual(await looked([3], 3), { last: 3, looks: 1, told: [], seconds: 0 });
  });

  it("waits as long as it takes, and tells what it saw and how long it may still last", async () => {
    const { last, seconds, told } = await looked([0, 1, 3], 3);
    assert.deepEqual([last, seconds], [3, 10]);
    assert.deepEqual(told, [
      [0, 20],
      [1, 15],
    ]);
  });

  it("ends after its time with a last look, also where that is no whole number of pauses", async () => {
    assert.deepEqual((await looked([0], 3, 20)).seconds, 20);
    const { seconds, looks, last } = await looked([0, 0, 3], 3, 7);
    assert.deepEqual([seconds, looks, last], [7, 3, 3]);
  });

  it("hands on what a look throws", async () => {
    const clock = { now: () => 0, sleep: () => Promise.resolve() };
    const patience = { everySeconds: 5, mostSeconds: 20, clock };
    const broken = () => Promise.reject(new Error("gone"));
    await assert.rejects(
      lookUntil(
        broken,
        () => true,
        patience,
        () => Promise.resolve(),
      ),
      /gone/,
    );
  });
});

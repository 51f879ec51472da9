import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { watchStandstill } from "../../rehearsal/standstill";

/** Clocks that say these times, one at each look, however long a look really takes to come. */
async function told(...clocks: readonly (readonly number[])[]): Promise<number[]> {
  const found: number[] = [];
  let looks = 0;
  const end = watchStandstill(
    (seconds) => found.push(seconds),
    clocks.map((times, clock) => () => times[clock === 0 ? looks++ : looks - 1] ?? times.at(-1)!),
  );
  while (looks < clocks[0]!.length) await pause(20);
  end();
  return found;
}

describe("a machine that stood still", () => {
  it("is told of once, with how long it was, and a machine that was merely busy is not", async () => {
    assert.deepEqual(await told([0, 250, 1_500, 1_750, 7_000, 7_250]), [5]);
  });

  it("is told of where only the time of day went on, as on a machine that slept, and is not told of twice", async () => {
    assert.deepEqual(await told([0, 250, 500], [1_000, 1_250, 61_500]), [60]);
    assert.deepEqual(await told([0, 250, 3_500], [1_000, 1_250, 4_500]), [3]);
  });
});

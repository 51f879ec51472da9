import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { watchStandstill } from "../../rehearsal/standstill";

describe("a machine that stood still", () => {
  it("is told of once, with how long it was, and a machine that was merely busy is not", async () => {
    let still = 0;
    const told: number[] = [];
    const end = watchStandstill(
      (seconds) => told.push(seconds),
      () => performance.now() + still,
    );
    await pause(400);
    still += 1_000;
    await pause(400);
    assert.deepEqual(told, []);
    still += 5_000;
    await pause(600);
    end();
    assert.equal(told.length, 1);
    assert.ok(told[0]! >= 4.9 && told[0]! < 7, String(told[0]));
  });
});

import assert from "node:assert/strict";
import { progressOn } from "../../rehearsal/engine/progress";

describe("progress", () => {
  /** What is written when texts are shown at given times, in ms. */
  function written(shown: [number, string][], isTTY: boolean, columns = 80): string {
    let text = "";
    let time = 0;
    const out = { isTTY, columns, write: (piece: string | Uint8Array) => ((text += String(piece)), true) };
    const progress = progressOn(out, () => time);
    for (const [at, what] of shown) {
      time = at;
      progress.show(what);
    }
    progress.done();
    return text;
  }

  it("redraws one line on a terminal, no longer than that, and ends it", () => {
    const steps: [number, string][] = [
      [0, "first"],
      [50, "too soon"],
      [200, "second, far too long"],
    ];
    assert.equal(written(steps, true, 11), "\r\u001b[Kfirst\r\u001b[Ksecond, fa\n");
  });

  it("writes a line now and then elsewhere", () => {
    const steps: [number, string][] = [
      [0, "first"],
      [14_000, "too soon"],
      [15_000, "second"],
    ];
    assert.equal(written(steps, false), "first\nsecond\n");
  });
});

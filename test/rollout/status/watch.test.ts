import assert from "node:assert/strict";
import fc from "fast-check";
import type { Status } from "../../../model/status";
import { UsageError } from "../../../rollout/failure";
import { type Shown, clipped, watching } from "../../../rollout/status/watch";
import type { Terminal } from "../../../rollout/terminal";

const shown = (configured: number): Shown => {
  const colour = { version: "2.4.0", recorded: 10, fenced: false, services: {} };
  const status: Status = {
    strategy: "canary",
    colours: {
      blue: { ...colour, role: "live", configured: 100 - configured },
      green: { ...colour, role: "candidate", configured },
    },
  };
  return {
    ...{ status, unseen: [], remarks: [], at: "2026-03-01T10:00:00.000Z" },
    text: () => `green\n${configured} %`,
    record: () => ({ configured }),
  };
};

/** Looks at these one after the other, and is ended by a signal in the midst of the last look. */
async function watched(looks: readonly (number | Error)[], terminal: Partial<Terminal>, json = false) {
  const printed: string[] = [];
  let index = 0;
  const look = async (): Promise<Shown> => {
    const next = looks[index];
    index += 1;
    if (next instanceof Error) throw next;
    if (next !== undefined) return shown(next);
    process.emit("SIGINT");
    return new Promise<never>(() => undefined);
  };
  const whole: Terminal = { folder: "/", print: (text) => printed.push(text), ...terminal };
  const last = await watching(look, { terminal: whole, json, seconds: 0 });
  return { printed, last };
}

const listeners = () => ["SIGINT", "SIGTERM", "SIGHUP"].map((name) => process.listenerCount(name));

describe("status --watch", () => {
  it("draws in its place on a screen, and gives the cursor back when somebody ends it", async () => {
    const before = listeners();
    const screen = { columns: 80, rows: 24 };
    const { printed, last } = await watched([10, 25], { screen });
    assert.deepEqual(printed, [
      "\u001b[?25l\u001b[Jgreen\n10 %",
      "\r\u001b[2A\u001b[Jgreen\n25 %",
      "\u001b[?25h",
    ]);
    assert.equal(last?.status.colours.green.configured, 25);
    assert.deepEqual(listeners(), before, "nobody listens to signals any more");
  });

  it("gives the cursor back also where a look fails for good", async () => {
    const printed: string[] = [];
    const terminal: Terminal = {
      ...{ folder: "/", print: (text) => printed.push(text), screen: { columns: 80, rows: 24 } },
    };
    const failing = watching(() => Promise.reject(new Error("broken")), {
      terminal,
      json: false,
      seconds: 0,
    });
    await assert.rejects(failing, /broken/);
    assert.deepEqual(printed, ["\u001b[?25h"]);
  });

  it("prints elsewhere what is there at first, and then what has changed, a line each with its time", async () => {
    const { printed } = await watched([10, 10, 25], {});
    assert.deepEqual(printed.slice(-2), [
      "2026-03-01 10:00:00Z  blue configured: 90 % → 75 %",
      "2026-03-01 10:00:00Z  green configured: 10 % → 25 %",
    ]);
    assert.equal(new Set(printed).size, printed.length, "nothing is told twice");
    assert.ok(printed.every((line) => !line.includes("\u001b")));
  });

  it("prints a record for each look that saw something new, where a machine reads", async () => {
    const { printed } = await watched([10, 10, 25], { screen: { columns: 80, rows: 24 } }, true);
    assert.deepEqual(printed, ['{"configured":10}', '{"configured":25}']);
  });

  it("goes on while configuration is at fault, and says so", async () => {
    const { printed, last } = await watched([10, new UsageError("sluice:release: found nothing"), 25], {});
    assert.ok(printed.some((line) => line.endsWith("Z  sluice:release: found nothing")));
    assert.equal(last?.status.colours.green.configured, 25);
  });

  it("fits any screen, whatever it has to show", () => {
    const lines = fc.array(fc.stringMatching(/^(\u001b\[3[1-4]m)?[a-z %]{0,120}(\u001b\[0m)?$/));
    const screen = fc.record({
      columns: fc.integer({ min: 20, max: 200 }),
      rows: fc.integer({ min: 3, max: 60 }),
    });
    fc.assert(
      fc.property(lines, screen, (all, size) => {
        const kept = clipped(all, size);
        assert.ok(kept.length <= Math.max(1, size.rows - 2));
        for (const line of kept) {
          assert.ok(line.replaceAll(/\u001b\[\d+m/g, "").length <= size.columns, line);
        }
        if (all.length <= size.rows - 2) assert.equal(kept.length, all.length);
      }),
    );
  });
});

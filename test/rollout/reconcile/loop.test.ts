import assert from "node:assert/strict";
import type { Action, Hold, Reason } from "../../../model/rollout/action";
import type { ExitCode } from "../../../rollout/exit";
import { codeOf, isForPerson } from "../../../rollout/reconcile/code";
import { Interrupted, interruptible } from "../../../rollout/reconcile/interrupt";
import { type Pace, loop } from "../../../rollout/reconcile/loop";
import type { Session } from "../../../rollout/reconcile/session";
import type { Ticked } from "../../../rollout/reconcile/tick";

const reason = (code: Reason["code"], awaits: Reason["awaits"], until?: string): Reason => ({
  ...{ code, text: code },
  ...(awaits && { awaits }),
  ...(until !== undefined && { until }),
});
const held = (...reasons: Reason[]): Hold => ({ kind: "hold", reasons, asks: [] });
const DONE: Action = { kind: "done", reasons: [] };
const SHIFT = { kind: "shift", reasons: [], edit: {} } as unknown as Action;
const retreat = (traffic: object) =>
  ({ kind: "retreat", reasons: [], moves: [{}], release: { live: "blue", traffic } }) as unknown as Action;
const RETREAT = retreat({ blue: 100, green: 0 });
const NOW = "2026-03-01T10:00:00.000Z";

describe("the code of a hold", () => {
  const cases: [string, Hold, ExitCode][] = [
    [
      "7 where somebody's update holds the stack",
      held(reason("lock", "update"), reason("drift", "person")),
      7,
    ],
    ["6 where something could not be seen", held(reason("drift", "person"), reason("unobserved", "look")), 6],
    ["5 where live weights are not the configured ones", held(reason("drift", "person")), 5],
    ["3 where it waits", held(reason("bake", "time"), reason("unobserved", "answer")), 3],
    [
      "6 where what was asked gave no answer",
      { ...held(reason("unobserved", "answer")), asks: ["validation"] },
      6,
    ],
  ];
  for (const [name, hold, code] of cases) it(`is ${name}`, () => assert.equal(codeOf(hold), code));
});

describe("a hold", () => {
  it("is for a person where nothing that may change by itself stands beside it", () => {
    assert.ok(isForPerson(held(reason("fence", "person"), reason("bake", "time"))));
    assert.ok(!isForPerson(held(reason("bake", "time"))));
    for (const awaits of ["targets", "look", "update"] as const)
      assert.ok(!isForPerson(held(reason("failing", "person"), reason("targets", awaits))), awaits);
  });
});

describe("a loop of ticks", function () {
  this.timeout(20_000);
  const PACE: Pace = { intervalSeconds: 1 };
  const stopping = new AbortController();

  /** A loop over what ticks find, the last again and again; its end, and how many ticks there were. */
  async function over(
    ticks: readonly (readonly [Action, ExitCode])[],
    pace: Partial<Pace> = {},
    stop = stopping.signal,
  ): Promise<{ code: ExitCode; count: number; told: string[] }> {
    let count = 0;
    const told: string[] = [];
    const session: Session = {
      stop,
      tell: (what) => told.push(what),
      tick: () => {
        const [action, code] = ticks[Math.min(count, ticks.length - 1)]!;
        count += 1;
        const observed = { situation: { now: NOW } };
        return Promise.resolve({ action, code, isLeft: false, observed } as unknown as Ticked);
      },
    };
    return { code: await loop(session, { ...PACE, ...pace }), count, told };
  }

  it("goes on while something is done, and ends when nothing is left", async () => {
    const { code, count } = await over([
      [SHIFT, 0],
      [SHIFT, 0],
      [DONE, 0],
    ]);
    assert.deepEqual([code, count], [0, 3]);
  });

  it("waits for what somebody else than a person ends", async () => {
    const bake = held(reason("bake", "time", "2026-03-01T18:00:00.000Z"));
    const began = performance.now();
    const { code, count } = await over([
      [bake, 3],
      [DONE, 0],
    ]);
    assert.deepEqual([code, count], [0, 2]);
    assert.ok(performance.now() - began < 5_000, "it looks again long before the bake has ended");
  });

  it("ends where a person has to act", async () => {
    const { code, count } = await over([[held(reason("stopped", "person")), 3]]);
    assert.deepEqual([code, count], [3, 1]);
  });

  it("ends as the last tick did when its time is over, and says so", async () => {
    const { code, told } = await over([[held(reason("lock", "update")), 7]], { timeoutSeconds: 1 });
    assert.equal(code, 7);
    assert.match(told.join("\n"), /NOT done after 1 s/);
  });

  it("ends with 4 once traffic was taken back, also where the state follows later", async () => {
    assert.deepEqual(await over([[RETREAT, 4]]), { code: 4, count: 1, told: [] });
    const later = await over([
      [RETREAT, 7],
      [SHIFT, 0],
      [held(reason("fence", "person")), 3],
    ]);
    assert.deepEqual([later.code, later.count], [4, 3]);
  });

  it("goes on after a retreat that took only a part away, and ends with 4 all the same", async () => {
    const part = retreat({ blue: 60, green: 40 });
    const { code, count } = await over([
      [part, 4],
      [RETREAT, 4],
    ]);
    assert.deepEqual([code, count], [4, 2]);
    const held = await over([[part, 4]], { timeoutSeconds: 1 });
    assert.equal(held.code, 4);
  });

  it("gives up an update that fails three times in a row, and none that fails less often", async () => {
    const { code, count } = await over([[SHIFT, 5]]);
    assert.deepEqual([code, count], [5, 3]);
    const between = await over([
      [SHIFT, 5],
      [SHIFT, 5],
      [SHIFT, 0],
      [SHIFT, 5],
      [DONE, 0],
    ]);
    assert.deepEqual([between.code, between.count], [0, 5]);
  });

  it("waits only for the holds that it is told to", async () => {
    const pods = held(reason("targets", "targets"));
    const bake = held(reason("bake", "time"));
    const waitsFor = (hold: Hold) => hold.reasons.every(({ awaits }) => awaits === "targets");
    const { code, count } = await over(
      [
        [pods, 3],
        [bake, 3],
      ],
      { waitsFor },
    );
    assert.deepEqual([code, count], [3, 2]);
  });

  it("ends at once where it waits and somebody ends it", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Interrupted("ended by SIGINT")), 100);
    const waiting = over([[held(reason("bake", "time")), 3]], { intervalSeconds: 3_600 }, stop.signal);
    await assert.rejects(waiting, Interrupted);
  });
});

describe("a signal", () => {
  it("is noted and told, and ends nothing by itself; afterwards nobody listens", async () => {
    const before = process.listenerCount("SIGTERM");
    const told: string[] = [];
    const seen = await interruptible(
      (what) => told.push(what),
      async (stop) => {
        process.emit("SIGTERM", "SIGTERM");
        await Promise.resolve();
        return stop.aborted && stop.reason instanceof Interrupted;
      },
    );
    assert.ok(seen);
    assert.match(told.join("\n"), /^SIGTERM: what has begun is finished first/);
    assert.equal(process.listenerCount("SIGTERM"), before);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Minute } from "../../../model/analysis/minutes";
import { type Own, withoutOwn } from "../../../model/analysis/own";
import { NOW } from "./fixtures";

/** ISO time so many seconds after now. */
const at = (seconds: number) => new Date(Date.parse(NOW) + 1_000 * seconds).toISOString();
const minute = (number: number, requests: number, changes: Partial<Minute> = {}): Minute => ({
  ...{ at: at(60 * number), requests, errors: 0, slow: 0, ended: requests },
  ...changes,
});
const own = (from: number, until: number, requests: number, errors = 0): Own => ({
  ...{ from: at(from), until: at(until), requests, errors, slow: 0 },
});
const left = (minutes: readonly Minute[], sent: readonly Own[]) =>
  withoutOwn(minutes, sent).map(({ requests, errors, ended }) => [requests, errors, ended]);

describe("minutes without what we sent ourselves", () => {
  it("are as they were where we sent nothing", () => {
    const minutes = [minute(1, 10), minute(2, 20)];
    assert.deepEqual(withoutOwn(minutes, []), minutes);
  });

  it("lack what we sent in the minute in which it was counted", () => {
    assert.deepEqual(
      left([minute(1, 50), minute(2, 50, { errors: 4 }), minute(3, 50)], [own(70, 80, 40, 3)]),
      [
        [50, 0, 50],
        [10, 1, 10],
        [50, 0, 50],
      ],
    );
  });

  it("lack the rest in the next one, where the load balancer counted it late, and no later", () => {
    const minutes = [minute(1, 30), minute(2, 5), minute(3, 50)];
    assert.deepEqual(left(minutes, [own(58, 59, 40)]), [
      [0, 0, 0],
      [0, 0, 0],
      [50, 0, 50],
    ]);
  });

  it("have no more than all that users sent, and no count below 0, whatever we sent", () => {
    const counts = fc.nat({ max: 200 });
    const minutes = fc
      .array(fc.record({ requests: counts, errors: counts, slow: counts, ended: counts }), { maxLength: 30 })
      .map((list) => list.map((figures, index): Minute => ({ at: at(60 * (index + 1)), ...figures })));
    const rounds = fc.array(
      fc
        .record({
          from: fc.nat({ max: 1_800 }),
          length: fc.nat({ max: 600 }),
          requests: counts,
          errors: counts,
        })
        .map(({ from, length, requests, errors }) => own(from, from + length, requests, errors)),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(minutes, rounds, (before, sent) => {
        const after = withoutOwn(before, sent);
        const sum = (list: readonly Pick<Minute, "requests">[]) =>
          list.reduce((total, { requests }) => total + requests, 0);
        assert.ok(sum(before) - sum(after) <= sum(sent));
        for (const [index, found] of after.entries()) {
          for (const key of ["requests", "errors", "slow", "ended"] as const) {
            assert.ok(found[key] >= 0 && found[key] <= before[index]![key], key);
          }
        }
      }),
    );
  });

  it("have never more than users sent, where what we sent was counted in its minute or the next", () => {
    const sent = fc.array(fc.tuple(fc.nat({ max: 50 }), fc.nat({ max: 50 }), fc.nat({ max: 99 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(sent, (each) => {
        const users = each.map(([requests]) => requests);
        const ours = each.map(([, requests]) => requests);
        // Of ours a part is counted a minute late.
        const late = each.map(([, requests, percent]) => Math.floor((requests * percent) / 100));
        const minutes = [...each, [0, 0, 0] as const].map(([requests], index) =>
          minute(index + 1, requests + (ours[index] ?? 0) - (late[index] ?? 0) + (late[index - 1] ?? 0)),
        );
        const rounds = ours.map((requests, index) => own(60 * index + 1, 60 * index + 30, requests));
        let [seen, real] = [0, 0];
        for (const [index, { requests }] of withoutOwn(minutes, rounds).entries()) {
          [seen, real] = [seen + requests, real + (users[index] ?? 0)];
          assert.ok(seen <= real + (late[index - 1] ?? 0), `${seen} of ${real} by minute ${index}`);
        }
      }),
    );
  });
});

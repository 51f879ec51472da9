import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Round,
  type ValidationLog,
  formatLog,
  logAnew,
  ownOf,
  parseLog,
  validationLogParameter,
  withRound,
} from "../../model/validationLog";
import { at } from "./fixtures";

const round = (from: number, requests: number, service = "api"): Round => ({
  ...{ from: at(from), until: at(from + 10) },
  sent: { green: { [service]: { requests, errors: 0, slow: 0 } } },
});
const total = (log: ValidationLog, service: string): number =>
  ownOf(log, "green", service).reduce((sum, { requests }) => sum + requests, 0);

describe("the log of what validation sent", () => {
  it("has what was sent to one colour of one service, and when", () => {
    const log = withRound(withRound([], round(0, 40)), round(60, 80));
    assert.deepEqual(ownOf(log, "green", "api"), [
      { from: at(0), until: at(10), requests: 40, errors: 0, slow: 0 },
      { from: at(60), until: at(70), requests: 80, errors: 0, slow: 0 },
    ]);
    assert.deepEqual([ownOf(log, "blue", "api"), ownOf(log, "green", "voice")], [[], []]);
  });

  it("has a round once: what was sent takes the place of what was about to be", () => {
    assert.equal(total(withRound([round(0, 480)], round(0, 12)), "api"), 12);
  });

  it("leaves out what is older than anybody counts users", () => {
    const days = (count: number) => 86_400 * count;
    assert.equal(total(withRound([round(0, 480)], round(days(7), 40)), "api"), 520);
    assert.equal(total(withRound([round(0, 480)], round(days(9), 40)), "api"), 40);
  });

  it("fits a parameter however many rounds there are, loses none of them, and is read as it was written", () => {
    const rounds = fc.array(
      fc.tuple(
        fc.nat(100_000),
        fc.nat(10_000),
        fc.constantFrom("api-gateway", "voice-service", "admin-panel"),
      ),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(rounds, (all) => {
        const different = [...new Map(all.map((one) => [one[0], one])).values()];
        const log = different.reduce<ValidationLog>((before, one) => withRound(before, round(...one)), []);
        const text = formatLog(log);
        assert.ok(text.length <= 4_096);
        assert.deepEqual(parseLog(text), log);
        for (const service of ["api-gateway", "voice-service", "admin-panel"]) {
          const sent = different.filter(([, , name]) => name === service);
          assert.equal(
            total(log, service),
            sent.reduce((sum, [, requests]) => sum + requests, 0),
          );
          for (const [from] of sent) {
            const covered = ownOf(log, "green", service).some(
              (own) => own.from <= at(from) && own.until >= at(from + 10),
            );
            assert.ok(covered);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is not believed where it is anything else", () => {
    for (const text of [
      ...["", "{}", "[1]", '[{"from":"x","until":"y","sent":{}}]'],
      JSON.stringify([{ from: at(0), until: at(1), sent: { green: { api: [1, 2] } } }]),
      JSON.stringify([{ from: at(0), until: at(1), sent: { green: { api: [1, -2, 0] } } }]),
      JSON.stringify([{ from: at(0), until: at(1), sent: { green: [] } }]),
    ]) {
      assert.throws(() => parseLog(text), text);
      assert.deepEqual(logAnew(text), [], text);
    }
    assert.deepEqual(logAnew(undefined), []);
    assert.deepEqual(logAnew(formatLog([round(0, 480)])), [round(0, 480)]);
    assert.equal(validationLogParameter("app", "dev"), "/sluice/app/dev/validations");
  });
});

import assert from "node:assert/strict";
import { PATIENCE } from "../program/fixture";
import { type Rehearsed, linesOf, rehearsed } from "./rehearsed";

describe("npm start -- --scenario faults", function () {
  this.timeout(4 * PATIENCE);
  let run: Rehearsed;

  before(async () => {
    run = await rehearsed("--scenario", "faults");
  });

  it("ends with 0, for the program ended each time as it should, and no request failed", () => {
    assert.equal(run.ended, 0, run.printed);
    assert.equal(run.record.totals.failed, 0);
  });

  it("has seen every exit code that something around a release can ask for", () => {
    const codes = run.record.steps.flatMap(({ calls = [] }) => calls.map(({ code }) => code));
    for (const code of [0, 5, 6, 7])
      assert.ok(codes.includes(code), `${code} is not among ${codes.join(", ")}`);
  });

  it("tells of each fault when it began and when it was over, and of what was decided meanwhile", () => {
    const { events = [] } = run.record;
    const told = (kind: string) => events.filter((event) => event.kind === kind);
    assert.equal(told("fault").length, told("mended").length);
    assert.ok(told("decision").length >= told("fault").length, JSON.stringify(events));
    for (const { text } of told("fault"))
      assert.ok(told("mended").some((mended) => mended.text.includes(text)));
  });

  it("leaves the candidate with what somebody's hand had lowered it to", () => {
    assert.equal(run.record.steps.at(-1)?.traffic.green, 5);
  });

  it("prints all of it within 80 columns", () => {
    assert.deepEqual(
      linesOf(run).filter((line) => line.length > 80),
      [],
    );
  });
});

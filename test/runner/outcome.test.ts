import assert from "node:assert/strict";
import { type Outcome, succeeded, summary } from "./outcome";

const passing: Outcome = { name: "model", seconds: 1.25, passed: 12, failed: 0, failures: [] };
const failing: Outcome = {
  name: "engine",
  seconds: 30,
  passed: 3,
  failed: 1,
  failures: ["up moves weights"],
};

describe("summary", () => {
  it("ends with a line that has the sums and nothing else", () => {
    assert.equal(summary([passing, failing]).split("\n").at(-1), "15 passed, 1 failed");
  });

  it("has a row a check, and the failed tests by name", () => {
    assert.equal(
      summary([passing, failing]),
      [
        "check   passed  failed  seconds",
        "model       12       0      1.3",
        "engine       3       1     30.0",
        "",
        "failed:",
        "  engine: up moves weights",
        "",
        "15 passed, 1 failed",
      ].join("\n"),
    );
  });

  it("says NOT RUN and why", () => {
    assert.match(
      summary([{ ...failing, notRun: "no result, exit code 1" }]),
      /engine .* NOT RUN: no result, exit code 1\n/,
    );
  });

  it("names at most twenty failures and counts the rest", () => {
    const many = {
      ...failing,
      failed: 23,
      failures: Array.from({ length: 23 }, (_, index) => `test ${index}`),
    };
    assert.match(summary([many]), /test 19\n {2}and 3 more, above\n/);
  });
});

describe("succeeded", () => {
  it("wants something passed and nothing failed", () => {
    assert.equal(succeeded([passing]), true);
    assert.equal(succeeded([passing, failing]), false);
    assert.equal(succeeded([]), false);
    assert.equal(succeeded([{ ...passing, passed: 0 }]), false);
  });
});

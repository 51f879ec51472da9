import assert from "node:assert/strict";
import fc from "fast-check";
import { statistic } from "../../rehearsal/cloud/endpoint/cloudwatch/statistics";

describe("statistics of CloudWatch's metrics", () => {
  const times = new Map([
    [0.2, 90],
    [5, 4],
    [5.001, 5],
    [9, 1],
  ]);
  const of = (name: string) => statistic(name)?.(times);

  it("are those that CloudWatch's documentation describes", () => {
    assert.deepEqual(
      ["SampleCount", "Minimum", "Maximum", "p50", "p95", "p99", "p99.5", "p100", "p0"].map(of),
      [100, 0.2, 9, 0.2, 5.001, 5.001, 9, 9, 0.2],
    );
    assert.ok(Math.abs(of("Sum")! - 72.005) < 1e-9);
    assert.ok(Math.abs(of("Average")! - 0.72005) < 1e-9);
  });

  it("exclude the lower bound of a range and include the upper", () => {
    assert.deepEqual(
      ["TC(:5)", "TC(5:)", "TC(0.2:5)", "TC(0.1:5.001)", "PR(:5)", "PR(5:)"].map(of),
      [94, 6, 4, 99, 94, 6],
    );
  });

  it("divide all values between what a bound leaves out and what it does not", () => {
    const bound = fc.nat({ max: 20 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(bound, fc.integer({ min: 1, max: 9 })), { minLength: 1 }),
        bound,
        (list, at) => {
          const values = new Map(list);
          const take = (name: string) => statistic(name)!(values);
          assert.equal(take(`TC(:${at})`) + take(`TC(${at}:)`), take("SampleCount"));
        },
      ),
    );
  });

  it("are none of names that CloudWatch does not have", () => {
    for (const name of ["", "sum", "p101", "TC(:)", "TC()", "PR(1)", "constructor"]) {
      assert.equal(statistic(name), undefined, name);
    }
  });
});

import assert from "node:assert/strict";
import { BACKENDS } from "../../../model/backends";
import { mostConnections } from "../../../model/monitoring/saturation";
import { ENVIRONMENTS } from "../../../model/settings";

describe("how many connections a database takes", () => {
  it("is known of every environment's database", () => {
    assert.deepEqual(
      ENVIRONMENTS.map((environment) => mostConnections(BACKENDS[environment].database.instanceClass)),
      [405, 811, 1_622],
    );
  });

  it("is a little less than RDS's formula makes of the whole memory", () => {
    for (const [instanceClass, gib] of [
      ...([
        ["db.t4g.micro", 1],
        ["db.t4g.small", 2],
        ["db.t3.large", 8],
        ["db.t4g.2xlarge", 32],
      ] as const),
      ...([
        ["db.m6i.large", 8],
        ["db.m7g.2xlarge", 32],
        ["db.r7g.large", 16],
        ["db.r6gd.xlarge", 32],
      ] as const),
    ] as const) {
      const whole = (gib * 1024 ** 3) / 9_531_392;
      const most = mostConnections(instanceClass) ?? assert.fail(instanceClass);
      assert.ok(most < 0.91 * whole && most > 0.74 * whole, `${instanceClass}: ${most} of ${whole}`);
    }
  });

  it("is never more than 5,000", () => {
    assert.equal(mostConnections("db.r7g.16xlarge"), 5_000);
  });

  it("is not guessed of families with another share of memory", () => {
    for (const instanceClass of ["db.x2g.large", "db.z1d.large", "db.c6gd.large", "db.m7g.metal"]) {
      assert.equal(mostConnections(instanceClass), undefined, instanceClass);
    }
  });
});

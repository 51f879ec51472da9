import assert from "node:assert/strict";
import { quantity } from "../../model/quantity";

describe("quantity", () => {
  it("reads Kubernetes' units", () => {
    assert.equal(quantity("500m"), 0.5);
    assert.equal(quantity("2000m"), quantity("2"));
    assert.equal(quantity("0.5"), 0.5);
    assert.equal(quantity("1.25"), 1.25);
    assert.equal(quantity("1Gi"), quantity("1024Mi"));
    assert.ok(quantity("1G") < quantity("1Gi"));
  });

  it("refuses what is none", () => {
    for (const text of ["", "m", "1X", "-1", "1 Gi"])
      assert.throws(() => quantity(text), /no Kubernetes quantity/);
  });
});

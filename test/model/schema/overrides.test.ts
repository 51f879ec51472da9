import assert from "node:assert/strict";
import fc from "fast-check";
import { readOverrides } from "../../../model/schema/overrides";
import type { Fault } from "../../../model/settings";
import { faultsOf, changed } from "../raw";

const GOOD = { rule: "T1", by: "ana@example.com", reason: "hotfix", expires: "2026-03-01T18:00:00Z" };

function read(raw: unknown) {
  const faults: Fault[] = [];
  const overrides = readOverrides(raw, faults);
  return { overrides, faults };
}

describe("overrides in configuration", () => {
  it("are none by default, and are read as they stand", () => {
    assert.deepEqual(read(undefined), { overrides: [], faults: [] });
    assert.deepEqual(read([GOOD, { ...GOOD, rule: "T5" }]), {
      overrides: [GOOD, { ...GOOD, rule: "T5" }],
      faults: [],
    });
  });

  it("say who, why and until when, each on one line", () => {
    for (const key of ["rule", "by", "reason", "expires"]) {
      const { [key as "rule"]: _, ...rest } = GOOD;
      assert.deepEqual(
        read([rest]).faults.map(({ path }) => path),
        [`sluice:overrides[0].${key}`],
      );
    }
    for (const bad of [
      { by: "" },
      { reason: "two\nlines" },
      { by: "x".repeat(65) },
      { reason: " " },
      { by: "<your name>" },
    ]) {
      assert.deepEqual(read([{ ...GOOD, ...bad }]).overrides, [], JSON.stringify(bad));
    }
    assert.equal(read([{ ...GOOD, by: "x".repeat(64), reason: "x".repeat(200) }]).faults.length, 0);
  });

  it("end at a moment, with its zone", () => {
    for (const expires of ["2026-03-01", "2026-03-01T18:00:00", "tomorrow", "2026-13-01T00:00:00Z", 5]) {
      const { overrides, faults } = read([{ ...GOOD, expires }]);
      assert.deepEqual([overrides, faults.map(({ path }) => path)], [[], ["sluice:overrides[0].expires"]]);
    }
    assert.equal(read([{ ...GOOD, expires: "2026-03-01T18:00+01:00" }]).faults.length, 0);
  });

  it("may end at a time without quotes, which the engine spells in its own way", () => {
    for (const [expires, meant] of Object.entries({
      "2026-11-21 08:36:16.744 +0000 UTC": "2026-11-21T08:36:16.744+00:00",
      "2026-11-21 08:36:16 +0100 +0100": "2026-11-21T08:36:16+01:00",
      "2026-11-21 08:36:16.744123456 +0000 UTC": "2026-11-21T08:36:16.744+00:00",
    })) {
      assert.deepEqual(read([{ ...GOOD, expires }]).overrides, [{ ...GOOD, expires: meant }]);
    }
  });

  it("are of a rule that there is and that can be lifted", () => {
    for (const rule of ["T99", "S6", "t1", "S1"]) {
      const [fault] = read([{ ...GOOD, rule }]).faults;
      assert.equal(fault?.path, "sluice:overrides[0].rule");
      assert.match(fault.allowed, /^one of T1, T2/);
    }
  });

  it("report the faults of every element, and of the whole", () => {
    const paths = faultsOf(changed({ overrides: [{ ...GOOD, by: "" }, "T1", { ...GOOD, level: 1 }] })).map(
      ({ path }) => path,
    );
    assert.deepEqual(paths, ["sluice:overrides[0].by", "sluice:overrides[1]", "sluice:overrides[2].level"]);
    assert.deepEqual(
      read({ rule: "T1" }).faults.map(({ path }) => path),
      ["sluice:overrides"],
    );
    fc.assert(fc.property(fc.anything(), (raw) => void read(raw)));
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { readFreezes } from "../../../model/schema/freezes";
import { type Fault, parseSettings } from "../../../model/settings";
import { configuration } from "../fixtures";

const DATED = { reason: "holidays", from: "2026-12-23T00:00:00Z", until: "2027-01-02T00:00:00+01:00" };
const WEEKLY = {
  reason: "weekend",
  days: ["friday", "saturday"],
  from: "16:00",
  until: "24:00",
  zone: "Europe/Berlin",
};

function read(raw: unknown) {
  const faults: Fault[] = [];
  const freezes = readFreezes(raw, faults);
  return { freezes, paths: faults.map(({ path }) => path), faults };
}

describe("freezes in configuration", () => {
  it("are none by default, and of a date or of every week", () => {
    assert.deepEqual(parseSettings(configuration()).limits.freezes, []);
    const limits = { freezes: [DATED, WEEKLY] };
    assert.deepEqual(parseSettings({ ...configuration(), limits }).limits.freezes, [DATED, WEEKLY]);
    assert.deepEqual(read(undefined).freezes, undefined);
  });

  it("begin before they end", () => {
    const same = "2026-12-23T00:00:00Z";
    assert.deepEqual(read([{ ...DATED, from: same, until: same }]).paths, ["sluice:limits.freezes[0].until"]);
    assert.deepEqual(read([{ ...DATED, from: same, until: "2026-12-23T00:00:01Z" }]).paths, []);
    assert.deepEqual(read([{ ...WEEKLY, from: "16:00", until: "16:00" }]).paths, [
      "sluice:limits.freezes[0].until",
    ]);
    assert.deepEqual(read([{ ...WEEKLY, from: "16:00", until: "16:01" }]).paths, []);
    const [overMidnight] = read([{ ...WEEKLY, from: "22:00", until: "06:00" }]).faults;
    assert.match(overMidnight!.allowed, /after midnight is two/);
  });

  it("compare moments and not their spelling", () => {
    const from = "2026-12-23T23:30:00-01:00";
    assert.deepEqual(read([{ ...DATED, from, until: "2026-12-24T00:15:00Z" }]).paths, [
      "sluice:limits.freezes[0].until",
    ]);
  });

  it("name days, hours and a zone that there are", () => {
    const wrong: [object, string][] = [
      [{ days: ["caturday"] }, "days[0]"],
      [{ days: [] }, "days"],
      [{ from: "7:00" }, "from"],
      [{ until: "24:01" }, "until"],
      [{ zone: "Mars/Olympus" }, "zone"],
      [{ until: "2026-12-24T00:15:00Z" }, "until"],
      [{ reason: "" }, "reason"],
    ];
    for (const [change, key] of wrong) {
      assert.deepEqual(read([{ ...WEEKLY, ...change }]).paths, [`sluice:limits.freezes[0].${key}`]);
    }
  });

  it("report every element's faults, whatever is there", () => {
    assert.deepEqual(read([{ ...DATED, from: "today" }, {}, WEEKLY]).paths, [
      "sluice:limits.freezes[0].from",
      "sluice:limits.freezes[1].reason",
      "sluice:limits.freezes[1].from",
      "sluice:limits.freezes[1].until",
    ]);
    assert.deepEqual(read("friday").paths, ["sluice:limits.freezes"]);
    fc.assert(fc.property(fc.anything(), (raw) => void read(raw)));
  });
});

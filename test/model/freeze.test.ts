import assert from "node:assert/strict";
import fc from "fast-check";
import { DAYS, type Dated, type Freeze, type Weekly, frozen } from "../../model/freeze";

const MINUTE = 60_000;
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

const YEAREND: Dated = {
  reason: "year's end",
  from: "2026-12-23T00:00:00+01:00",
  until: "2027-01-02T00:00:00+01:00",
};

const weekly = (changes: Partial<Weekly> = {}): Weekly => ({
  reason: "weekend",
  days: ["friday"],
  from: "16:00",
  until: "24:00",
  ...changes,
});

describe("a freeze", () => {
  it("is from its first moment to the one before its end, wherever the offset is written", () => {
    const at = (time: string) => frozen([YEAREND], time);
    assert.equal(at("2026-12-22T22:59:59.999Z"), undefined);
    assert.deepEqual(at("2026-12-22T23:00:00Z"), {
      reasons: ["year's end"],
      until: "2027-01-01T23:00:00.000Z",
    });
    assert.notEqual(at("2027-01-01T22:59:59.999Z"), undefined);
    assert.equal(at("2027-01-01T23:00:00Z"), undefined);
  });

  it("comes back every week, at hours of UTC where it has no zone", () => {
    const at = (time: string) => frozen([weekly()], time);
    // The 6th and the 13th of March 2026 are Fridays.
    for (const day of ["2026-03-06", "2026-03-13"]) {
      assert.equal(at(`${day}T15:59:59.999Z`), undefined);
      assert.notEqual(at(`${day}T16:00:00Z`), undefined);
      assert.notEqual(at(`${day}T23:59:59.999Z`), undefined);
    }
    assert.equal(at("2026-03-06T16:00:00Z")?.until, "2026-03-07T00:00:00.000Z");
    assert.equal(at("2026-03-07T16:00:00Z"), undefined);
  });

  it("has the hours of its zone, in winter and in summer", () => {
    const berlin = [weekly({ zone: "Europe/Berlin" })];
    assert.equal(frozen(berlin, "2026-03-27T14:59:59Z"), undefined);
    assert.equal(frozen(berlin, "2026-03-27T15:00:00Z")?.until, "2026-03-27T23:00:00.000Z");
    assert.equal(frozen(berlin, "2026-04-03T13:59:59Z"), undefined);
    assert.equal(frozen(berlin, "2026-04-03T14:00:00Z")?.until, "2026-04-03T22:00:00.000Z");
  });

  it("ends an hour sooner where clocks are put forward in it, and an hour later where they are put back", () => {
    const night = [weekly({ zone: "Europe/Berlin", days: ["sunday"], from: "00:00", until: "06:00" })];
    assert.equal(frozen(night, "2026-03-28T23:00:00Z")?.until, "2026-03-29T04:00:00.000Z");
    assert.equal(frozen(night, "2026-10-24T22:00:00Z")?.until, "2026-10-25T05:00:00.000Z");
  });

  it("ends where clocks leave it, forward or back, and covers an hour twice that comes twice", () => {
    const early = [weekly({ zone: "Europe/Berlin", days: ["sunday"], from: "01:00", until: "02:30" })];
    assert.equal(frozen(early, "2026-03-29T00:30:00Z")?.until, "2026-03-29T01:00:00.000Z");
    const late = [weekly({ zone: "Europe/Berlin", days: ["sunday"], from: "02:30", until: "03:30" })];
    assert.equal(frozen(late, "2026-10-25T00:45:00Z")?.until, "2026-10-25T01:00:00.000Z");
    assert.equal(frozen(late, "2026-10-25T01:29:59Z"), undefined);
    assert.equal(frozen(late, "2026-10-25T01:30:00Z")?.until, "2026-10-25T02:30:00.000Z");
    const twice = [weekly({ zone: "Europe/Berlin", days: ["sunday"], from: "02:00", until: "03:00" })];
    assert.equal(frozen(twice, "2026-10-25T00:00:00Z")?.until, "2026-10-25T02:00:00.000Z");
  });

  it("goes on into those that touch or overlap it, with the reasons of the moment", () => {
    const weekend = [
      weekly(),
      weekly({ days: ["saturday", "sunday"], from: "00:00" }),
      { reason: "audit", from: "2026-03-08T22:00:00Z", until: "2026-03-09T12:00:00Z" },
    ];
    assert.deepEqual(frozen(weekend, "2026-03-06T18:00:00Z"), {
      reasons: ["weekend"],
      until: "2026-03-09T12:00:00.000Z",
    });
    assert.deepEqual(frozen(weekend, "2026-03-08T22:00:00Z")?.reasons, ["weekend", "audit"]);
    assert.equal(frozen(weekend.slice(0, 2), "2026-03-06T18:00:00Z")?.until, "2026-03-09T00:00:00.000Z");
    const apart = [weekly(), weekly({ days: ["saturday"], from: "00:01" })];
    assert.equal(frozen(apart, "2026-03-06T18:00:00Z")?.until, "2026-03-07T00:00:00.000Z");
  });

  it("has no end where every minute of every week is in it, after a dated one too", () => {
    const always = weekly({ days: DAYS, from: "00:00" });
    assert.deepEqual(frozen([always], "2026-03-06T18:00:00Z"), { reasons: ["weekend"] });
    assert.deepEqual(frozen([YEAREND, always], "2026-12-24T00:00:00Z"), {
      reasons: ["year's end", "weekend"],
    });
    const short = weekly({ days: DAYS, from: "00:00", until: "23:59" });
    assert.equal(frozen([short], "2026-03-06T18:00:00Z")?.until, "2026-03-06T23:59:00.000Z");
    const long = { reason: "move", from: "2026-01-01T00:00:00Z", until: "2030-01-01T00:00:00Z" };
    assert.equal(frozen([long], "2026-03-06T18:00:00Z")?.until, "2030-01-01T00:00:00.000Z");
  });

  describe("of any kind", function () {
    // Each case looks at every minute of some hours.
    this.timeout(60_000);

    /** What people see on a clock there, from another of the engine's formats. */
    const isInside = (freeze: Freeze, moment: number): boolean => {
      if (!("days" in freeze)) {
        return Date.parse(freeze.from) <= moment && moment < Date.parse(freeze.until);
      }
      const shown = clock(freeze.zone ?? "UTC").format(moment);
      const [, day = "", time = ""] = /^(\w+),? (?:at )?(\d\d:\d\d)$/.exec(shown) ?? assert.fail(shown);
      const named = freeze.days.some((one) => one === day.toLowerCase());
      return named && freeze.from <= time && time < freeze.until;
    };
    const clocks: Record<string, Intl.DateTimeFormat> = {};
    const clock = (timeZone: string) =>
      (clocks[timeZone] ??= new Intl.DateTimeFormat("en-GB", {
        ...{ timeZone, weekday: "long", hourCycle: "h23", hour: "2-digit", minute: "2-digit" },
      }));

    const quarters = (least: number, most: number) =>
      fc
        .integer({ min: least, max: most })
        .map((n) => [Math.floor(n / 4), (n % 4) * 15].map((part) => String(part).padStart(2, "0")).join(":"));
    const weeklies: fc.Arbitrary<Weekly> = fc
      .record({
        reason: fc.constantFrom("one", "two"),
        days: fc.subarray([...DAYS], { minLength: 1 }),
        from: quarters(0, 60),
        zone: fc.constantFrom(
          ...[
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Asia/Beirut",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
          ],
        ),
      })
      .chain((rest) =>
        quarters(Number(rest.from.slice(0, 2)) * 4 + Number(rest.from.slice(3)) / 15 + 1, 96).map(
          (until) => ({ ...rest, until }),
        ),
      );
    /** Around the days on which some of these zones change their clocks, and some on which none does. */
    const moments = fc
      .tuple(
        fc.constantFrom("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"),
        fc.integer({ min: -12 * 60, max: 36 * 60 }),
      )
      .map(([day, minute]) => Date.parse(`${day}T00:00:00Z`) + minute * MINUTE);
    const dated = fc.tuple(moments, fc.integer({ min: 1, max: 300 })).map(([from, length]) => ({
      reason: "dated",
      from: iso(from),
      until: iso(from + length * MINUTE),
    }));
    const freezes: fc.Arbitrary<Freeze[]> = fc.array(fc.oneof(weeklies, weeklies, dated), {
      minLength: 1,
      maxLength: 3,
    });

    it("covers what its zone's clocks show as inside, with the reasons of those that do", () => {
      let seen = 0;
      fc.assert(
        fc.property(freezes, moments, (list, moment) => {
          const inside = list.filter((freeze) => isInside(freeze, moment));
          if (inside.length > 0) seen++;
          const reasons = [...new Set(inside.map(({ reason }) => reason))];
          assert.deepEqual(frozen(list, iso(moment))?.reasons ?? [], reasons);
        }),
        { numRuns: 1_000 },
      );
      assert.ok(seen > 100, `only ${seen} moments were inside`);
    });

    it("ends at the first minute that is in none", () => {
      let seen = 0;
      fc.assert(
        fc.property(freezes, moments, (list, moment) => {
          const until = frozen(list, iso(moment))?.until;
          if (until === undefined) return;
          seen++;
          let end = moment;
          while (list.some((freeze) => isInside(freeze, end))) end += MINUTE;
          assert.equal(until, iso(end));
        }),
        { numRuns: 300 },
      );
      assert.ok(seen > 50, `only ${seen} moments were inside`);
    });
  });
});

import assert from "node:assert/strict";
import { type Arbitrary, assert as holds, date, double, property, tuple } from "fast-check";
import {
  CLOCK,
  ClockError,
  MOST_SPEED,
  machineTime,
  meanwhile,
  now,
  nowIso,
  onMachine,
  paceFromNow,
  paceIn,
  paceText,
  paced,
  parsePace,
  machineTimeOf,
  releaseTimeOf,
  seconds,
  sleep,
  usePace,
} from "../../cloud/clock";

const LOCAL = "http://127.0.0.1:4566";

const speeds = double({ min: 1, max: MOST_SPEED, noNaN: true });
const times = date({ noInvalidDate: true, min: new Date("2020-01-01"), max: new Date("2040-01-01") }).map(
  (time) => time.getTime(),
);

const law = <T>(values: Arbitrary<T>, test: (value: T) => boolean): void => holds(property(values, test));

describe("the clock", () => {
  afterEach(() => usePace(undefined));

  it("is the machine's at its beginning, whatever its speed", () => {
    law(tuple(speeds, times), ([speed, beginning]) => paced({ speed, beginning }, beginning) === beginning);
  });

  it("never goes back, and puts no two times in another order", () => {
    law(tuple(speeds, times, times, times), ([speed, beginning, one, other]) => {
      const [early, late] = one < other ? [one, other] : [other, one];
      return paced({ speed, beginning }, early) <= paced({ speed, beginning }, late);
    });
  });

  it("makes of every second as many as its speed", () => {
    law(tuple(speeds, times, times), ([speed, beginning, machine]) => {
      const passed = paced({ speed, beginning }, machine + 1_000) - paced({ speed, beginning }, machine);
      return Math.abs(passed - 1_000 * speed) < 0.01;
    });
  });

  it("passes as the machine's own time where nobody asks for another", () => {
    law(times, (machine) => paced(paceIn({}), machine) === machine);
    assert.ok(Math.abs(now().getTime() - machineTime().getTime()) < 100);
    assert.equal(releaseTimeOf("2026-03-01T18:00:00Z"), "2026-03-01T18:00:00Z");
    assert.deepEqual([onMachine(60), meanwhile(60)], [60, 60]);
  });

  it("reads the pace that it has written", () => {
    law(tuple(speeds, times), ([speed, beginning]) => {
      const text = paceText({ speed, beginning });
      if (text === undefined) return speed === 1;
      const read = parsePace(text);
      return read.speed === speed && read.beginning === beginning;
    });
  });

  it("lets a minute of a release pass in a second at the highest speed", async () => {
    usePace(paceFromNow(60));
    const [began, from] = [performance.now(), [now().getTime(), seconds()] as const];
    await sleep(12);
    const machine = performance.now() - began;
    assert.ok(machine > 190 && machine < 1_000, `${machine} ms of the machine's`);
    for (const passed of [(now().getTime() - from[0]) / 1_000, seconds() - from[1]]) {
      assert.ok(passed > 11 && passed < 60, `${passed} s of release time`);
      assert.ok(Math.abs(passed - (60 * (performance.now() - began)) / 1_000) < 3, `${passed} s`);
    }
    assert.deepEqual([onMachine(60), meanwhile(1)], [1, 60]);
    assert.ok(Date.parse(nowIso()) > machineTime().getTime());
  });

  it("dates what another clock has dated by its own time, and asks it by its time", () => {
    usePace({ speed: 60, beginning: Date.parse("2026-03-01T18:00:00Z") });
    assert.equal(releaseTimeOf("2026-03-01T18:01:00Z"), "2026-03-01T19:00:00.000Z");
    assert.equal(machineTimeOf("2026-03-01T19:00:00Z"), "2026-03-01T18:01:00.000Z");
  });

  it("is woken by a signal", async () => {
    const ending = new AbortController();
    const sleeping = sleep(3_600, { signal: ending.signal });
    ending.abort(new Error("enough"));
    await assert.rejects(sleeping, { name: "AbortError" });
  });

  it("has no speed below 1, beyond its highest, or that is no number", () => {
    for (const speed of [0, 0.5, MOST_SPEED + 1, NaN, -1])
      assert.throws(() => paceFromNow(speed), RangeError);
  });
});

describe("a faster clock", () => {
  const pace = "60@2026-03-01T18:00:00.000Z";

  it("is had where AWS is this machine, by name or address", () => {
    for (const url of [LOCAL, "http://localhost:1", "http://[::1]:1", "http://127.8.0.1"]) {
      assert.equal(paceIn({ [CLOCK]: pace, AWS_ENDPOINT_URL: url }).speed, 60, url);
    }
  });

  const elsewhere: readonly (readonly [string, Record<string, string>])[] = [
    ["AWS itself", {}],
    ["an endpoint of another machine", { AWS_ENDPOINT_URL: "https://aws.example.com" }],
    ["a name that only looks like this machine", { AWS_ENDPOINT_URL: "http://127.0.0.1.example.com" }],
    ["a user's name that looks like it", { AWS_ENDPOINT_URL: "http://localhost@example.com" }],
    ["no URL", { AWS_ENDPOINT_URL: "localhost" }],
    ["one service elsewhere", { AWS_ENDPOINT_URL: LOCAL, AWS_ENDPOINT_URL_SSM: "https://ssm.example.com" }],
    ["one service here and the rest at AWS", { AWS_ENDPOINT_URL_SSM: LOCAL }],
    ["endpoints that are ignored", { AWS_ENDPOINT_URL: LOCAL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }],
  ];
  for (const [name, environment] of elsewhere) {
    it(`is refused with the way out: ${name}`, () => {
      assert.throws(() => paceIn({ ...environment, [CLOCK]: pace }), {
        name: "ClockError",
        message: /SLUICE_CLOCK=60@.*: found .*AWS_.*; .*on this machine.*; mend it: unset SLUICE_CLOCK/,
      });
    });
  }

  it("is refused where its text names none", () => {
    for (const text of ["60", "fast", "0@2026-03-01", "61@2026-03-01", "1e1@2026-03-01", "2@yesterday"]) {
      assert.throws(() => paceIn({ [CLOCK]: text, AWS_ENDPOINT_URL: LOCAL }), ClockError, text);
    }
  });

  it("is asked for by nobody where the text is empty", () => {
    assert.equal(paceIn({ [CLOCK]: "" }).speed, 1);
  });
});

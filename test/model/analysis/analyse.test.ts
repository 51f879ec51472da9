import assert from "node:assert/strict";
import fc from "fast-check";
import { type Watched, analyse } from "../../../model/analysis/analyse";
import { severity } from "../../../model/analysis/finding";
import type { Condition, Observation } from "../../../model/analysis/observation";
import {
  CONDITION,
  GOOD,
  LIVE,
  type Minute,
  NOW,
  ago,
  alone,
  looks,
  minutes,
  observation,
  watched,
} from "./fixtures";

const verdict = (asked: Watched) => analyse(asked).verdict;
const worst = (asked: Watched) => analyse(asked).findings[0]!;

describe("an analysis", () => {
  it("passes a good candidate, in every service, and says by what", () => {
    const judged = analyse(watched(GOOD));
    assert.equal(judged.verdict, "success");
    assert.equal(judged.urgency, undefined);
    assert.equal(judged.findings.length, 9);
    const compared = judged.findings.find(({ criterion }) => criterion === "errors against live")!;
    assert.equal(
      compared.evidence,
      "api-gateway green: 0 of 4,500 requests (0.00 %) failed, blue 90 of 85,500 requests (0.11 %) in the last " +
        "90 min. A candidate worse than live by 1 point is excluded, with a chance of error of 5 %",
    );
  });

  it("passes a candidate alone by its own rates, where live has no traffic", () => {
    assert.equal(verdict(alone(GOOD)), "success");
  });

  it("retreats above 5 % of errors or of slow requests, and holds above 1 %", () => {
    const late = (minute: Minute): Minute[] => [...GOOD.slice(0, 75), ...minutes(15, minute)];
    for (const [minute, criterion, urgency] of [
      [[50, 3, 0], "errorRate", "retreat"],
      [[50, 0, 3], "latency", "retreat"],
      [[50, 1, 0], "errorGate", "hold"],
    ] as const) {
      const findings = analyse(watched(late(minute))).findings;
      const found = findings.find((finding) => finding.criterion === criterion)!;
      assert.equal(found.verdict, "failure");
      assert.equal(found.urgency, urgency);
    }
  });

  it("retreats from a candidate that answers nothing with its fifth request, within the same minute", () => {
    const judged = analyse(watched([[5, 5, 0]], [[95, 0, 0]]));
    assert.deepEqual([judged.verdict, judged.urgency], ["failure", "retreat"]);
    assert.match(judged.findings[0]!.evidence, /5 of 5 requests \(100\.00 %\) failed in the last 60 s/);
    assert.equal(
      analyse(watched([[4, 4, 0]], [[95, 0, 0]])).urgency,
      "hold",
      "beyond the gate's 1 %, not yet 5 %",
    );
    assert.equal(verdict(watched([[2, 2, 0]], [[95, 0, 0]])), "inconclusive");
  });

  it("retreats from a candidate that is worse than a live colour which is good, below all limits", () => {
    const judged = analyse(watched(minutes(600, [200, 1, 0]), minutes(600, [3_800, 1, 0])));
    assert.deepEqual([judged.verdict, judged.urgency], ["failure", "retreat"]);
    assert.equal(judged.findings[0]!.criterion, "errors against live");
    assert.match(judged.findings[0]!.evidence, /more than 0\.1 points worse than live.*once in 200 releases/);
  });

  it("holds, and does not retreat, where live is as bad: going back would mend nothing", () => {
    const judged = analyse(watched(minutes(90, [50, 4, 0]), minutes(90, [950, 76, 0])));
    assert.deepEqual([judged.verdict, judged.urgency], ["failure", "hold"]);
    assert.match(
      worst(watched(minutes(90, [50, 4, 0]), minutes(90, [950, 76, 0]))).evidence,
      /Live blue is no better/,
    );
    const worse = analyse(watched(minutes(90, [50, 10, 0]), minutes(90, [950, 76, 0])));
    assert.equal(worse.urgency, "retreat");
    const few = analyse(watched(minutes(90, [950, 76, 0]), minutes(90, [2, 1, 0])));
    assert.equal(few.urgency, "retreat");
  });

  it("retreats by the condition of pods and targets", () => {
    const condition = (figures: Partial<Condition>) =>
      analyse(watched(GOOD, LIVE, { candidate: { condition: { ...CONDITION, ...figures } } }));
    for (const [figure, allowed, breach] of [
      ["failedChecks", 2, 3],
      ["restarts", 2, 3],
      ["unreadySeconds", 540, 541],
      ["unavailableSeconds", 30, 31],
    ] as const) {
      assert.equal(condition({ [figure]: allowed }).verdict, "success");
      const judged = condition({ [figure]: breach });
      assert.deepEqual([judged.verdict, judged.urgency], ["failure", "retreat"]);
      assert.equal(condition({ [figure]: Number.NaN }).verdict, "could-not-observe");
    }
    assert.equal(condition({ at: ago(301) }).verdict, "could-not-observe");
  });

  it("could not observe what is missing, stale, NaN or of another time, in either colour", () => {
    const { condition: _, ...blind } = observation("green", GOOD);
    const cases: Record<string, Watched> = {
      "no services": { services: [], since: ago(60), now: NOW },
      "no condition": { ...watched(GOOD), services: [{ candidate: blind, live: observation("blue", LIVE) }] },
      "no common looks": watched(GOOD, LIVE, { live: { looks: looks(LIVE, 31) } }),
      "no common looks of late": watched(GOOD, LIVE, {
        live: {
          looks: looks(LIVE).map((look, index) =>
            index < 80 ? look : { ...look, at: `${look.at.slice(0, -5)}.500Z` },
          ),
        },
      }),
    };
    const broken: Record<string, Partial<Observation>> = {
      missing: { missing: ["up"] },
      empty: { looks: [] },
      stale: { looks: looks(GOOD, 301) },
      NaN: { looks: looks(GOOD).map((look) => ({ ...look, slow: Number.NaN })) },
      "from the future": { looks: looks(GOOD, -61) },
    };
    for (const [name, changes] of Object.entries(broken)) {
      cases[`${name}, candidate`] = watched(GOOD, LIVE, { candidate: changes });
      cases[`${name}, live`] = watched(GOOD, LIVE, { live: changes });
    }
    for (const [name, asked] of Object.entries(cases)) {
      assert.equal(verdict(asked), "could-not-observe", name);
    }
  });

  it("retreats by what it sees, whatever else it cannot see", () => {
    const judged = analyse(watched(minutes(90, [50, 25, 0]), LIVE, { live: { missing: ["up"] } }));
    assert.deepEqual([judged.verdict, judged.urgency], ["failure", "retreat"]);
  });

  it("does not judge by what nobody can measure, says so, and passes by nothing but the rest", () => {
    const [service] = watched(GOOD).services;
    const { restarts: _, unreadySeconds: __, ...targets } = CONDITION;
    const without = { ...service!, candidate: { ...service!.candidate, condition: targets } };
    assert.equal(verdict({ ...watched(GOOD), services: [without] }), "could-not-observe");
    const unasked = ["crashLoop", "readiness"] as const;
    const judged = analyse({
      ...watched(GOOD),
      services: [{ ...without, unasked }],
      remarks: ["pods are not judged"],
    });
    assert.equal(judged.verdict, "success");
    assert.equal(judged.findings.length, 7);
    assert.deepEqual(judged.remarks, ["pods are not judged"]);
    const [bad] = watched(minutes(90, [50, 25, 0])).services;
    assert.equal(analyse({ ...watched(GOOD), services: [{ ...bad!, unasked }] }).urgency, "retreat");
    const none = { ...watched(GOOD), services: [{ candidate: observation("green", []), unasked }] };
    assert.equal(verdict(none), "could-not-observe");
  });

  it("fails by what somebody else measured, and says what of it is too little without waiting for it", () => {
    const further = (each: readonly Minute[]) =>
      analyse({
        ...watched(GOOD),
        further: [{ by: "Prometheus", limits: ["errorRate"], candidate: observation("green", each) }],
      });
    const good = further(GOOD);
    assert.equal(good.verdict, "success");
    assert.ok(good.findings.some(({ criterion }) => criterion === "errorRate by Prometheus"));
    assert.equal(further(minutes(90, [50, 25, 0])).urgency, "retreat");
    assert.equal(further([]).verdict, "could-not-observe");
    const few = further(minutes(90, [1, 0, 0]));
    assert.equal(few.verdict, "success");
    assert.match(few.remarks?.[0] ?? "", /errorRate by Prometheus: .*200 requests are needed/);
  });

  it("could not observe a release of which only somebody else measured something", () => {
    const candidate = observation("green", GOOD);
    const judged = analyse({
      ...watched(GOOD),
      services: [],
      further: [{ by: "Prometheus", limits: ["errorRate"], candidate }],
    });
    assert.equal(judged.verdict, "could-not-observe");
  });

  it("is inconclusive without traffic, with too little, and where traffic ended", () => {
    assert.equal(verdict(watched(minutes(90, [0, 0, 0]))), "inconclusive");
    assert.equal(verdict(watched(minutes(90, [5, 0, 0]))), "inconclusive");
    assert.equal(
      verdict(watched([...GOOD, ...minutes(6, [0, 0, 0])], minutes(96, [950, 1, 9]))),
      "inconclusive",
    );
  });

  it("has no criterion of rates that passes where traffic ended", () => {
    const ended = [...GOOD, ...minutes(6, [0, 0, 0])];
    const rates = analyse(watched(ended, minutes(96, [950, 1, 9]))).findings.filter(
      ({ figures }) => "requests" in figures,
    );
    assert.equal(rates.length, 5);
    for (const { criterion, verdict: found } of rates) assert.equal(found, "inconclusive", criterion);
  });

  it("does not pass by smoke and preview requests", () => {
    const ours = looks(GOOD).map((look) => ({
      ...look,
      ours: { requests: look.requests, errors: 0, slow: 0 },
    }));
    assert.equal(verdict(watched(GOOD, LIVE, { candidate: { looks: ours } })), "inconclusive");
  });

  it("passes by what was seen since the step began, and not by an earlier step", () => {
    assert.equal(verdict({ ...watched(GOOD), since: ago(120) }), "inconclusive");
  });

  it("does not pass in the morning by what was seen of a good night", () => {
    const night = [...minutes(600, [1_000, 1, 0]), ...minutes(20, [1_000, 15, 0])];
    const judged = analyse(watched(night, minutes(620, [19_000, 19, 0])));
    assert.notEqual(judged.verdict, "success");
    const compared = judged.findings.find(({ criterion }) => criterion === "errors against live")!;
    assert.ok(compared.figures["againstHarm"]! < 0);
  });

  it("shares the chance of a false alarm among services, so more of them need more evidence", () => {
    const failing = (length: number, services: number) => {
      const [service] = watched(minutes(length, [100, 1, 0]), minutes(length, [1_900, 1, 0])).services;
      const asked = { ...watched(GOOD), services: Array.from({ length: services }, () => service!) };
      const compared = analyse(asked).findings.filter(({ criterion }) => criterion === "errors against live");
      return compared.filter(({ verdict: found }) => found === "failure").length;
    };
    const lengths = Array.from({ length: 60 }, (_, index) => index + 1);
    const [one, many] = [1, 16].map((services) => lengths.find((length) => failing(length, services) > 0)!);
    assert.ok(one! < many!, `${one} minutes for one service, ${many} for sixteen`);
    assert.equal(failing(many!, 16), 16);
  });

  it("takes the worst of all services", () => {
    const [good] = watched(GOOD).services;
    const [bad] = watched(minutes(90, [50, 25, 0])).services;
    assert.equal(analyse({ ...watched(GOOD), services: [good!, bad!] }).urgency, "retreat");
  });

  const drawn = fc.array(
    fc
      .tuple(fc.nat(300), fc.nat(100), fc.nat(100))
      .map(([requests, bad, slow]): Minute => [
        requests,
        Math.floor((requests * bad ** 3) / 2e7),
        Math.floor((requests * slow ** 3) / 2e7),
      ]),
    { minLength: 20, maxLength: 60 },
  );

  it("is never better for a candidate with more errors or more slow requests", () => {
    fc.assert(
      fc.property(drawn, fc.nat(), fc.constantFrom(1, 2), (each, place, signal) => {
        const live = minutes(each.length, [500, 1, 1]);
        const more = each.map((minute, index): Minute => {
          if (index !== place % each.length || minute[signal] >= minute[0]) return minute;
          const [requests, errors, slow] = minute;
          return signal === 1 ? [requests, errors + 1, slow] : [requests, errors, slow + 1];
        });
        assert.ok(severity(analyse(watched(more, live))) >= severity(analyse(watched(each, live))));
      }),
      { numRuns: 200 },
    );
  });

  it("never passes without enough fresh requests, whatever came before", () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 6, max: 30 }), (each, quiet) => {
        const ended = [...each, ...minutes(quiet, [0, 0, 0])];
        assert.notEqual(verdict(watched(ended, minutes(ended.length, [500, 0, 0]))), "success");
        const few = each.map(([requests]): Minute => [Math.floor(requests / 50), 0, 0]);
        const requests = few.reduce((sum, [found]) => sum + found, 0);
        const judged = verdict(watched(few, minutes(few.length, [500, 0, 0])));
        if (requests < 500) assert.equal(judged, "inconclusive");
      }),
      { numRuns: 100 },
    );
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Look } from "../../model/analysis/observation";
import { type Measured, measuredSince, metricObjections } from "../../model/guardMetrics";
import { isWorthWaiting, refusals } from "../../model/guardObjection";
import { type Minute, NOW, ago, looks, minutes, observation } from "./analysis/fixtures";

const LEAST = 500;

/** What was measured of green, minute by minute up to half a minute ago, and of blue beside it. */
const measured = (
  green: readonly Minute[],
  blue?: readonly Minute[],
  changes: Partial<Measured> = {},
): Measured => ({
  candidate: observation("green", green),
  ...(blue && { live: observation("blue", blue) }),
  since: ago(30 + 60 * green.length),
  now: NOW,
  ...changes,
});
const judged = (asked: Measured, least = LEAST) => metricObjections(asked, least);
const texts = (asked: Measured, least = LEAST) => refusals(judged(asked, least));
const kinds = (asked: Measured, least = LEAST) => judged(asked, least).map(({ kind }) => kind);

const GOOD_HOUR = minutes(60, [50, 0, 0]);

describe("metrics before a rise", () => {
  it("permit it with as many requests as are asked for, and not with one less", () => {
    assert.deepEqual(
      judged(
        measured([
          [250, 0, 0],
          [250, 0, 0],
        ]),
      ),
      [],
    );
    const [refusal, ...others] = texts(
      measured([
        [250, 0, 0],
        [249, 0, 0],
      ]),
    );
    assert.deepEqual(others, []);
    assert.equal(
      refusal,
      `api-gateway green: 499 requests since ${ago(150)}; 500 are needed before its share rises. At the pace of the ` +
        "last 2 min the rest takes 1 s. Wait, or ask for fewer in an update of its own: " +
        "pulumi config set --path 'sluice:limits.samples' 499",
    );
  });

  it("count what was answered since the last change, over all of a long wait", () => {
    assert.deepEqual(judged(measured(minutes(100, [5, 0, 0]))), []);
    assert.deepEqual(kinds(measured(minutes(99, [5, 0, 0]))), ["coming"]);
  });

  it("refuse it above 1 % of errors, and permit it at 1 %", () => {
    assert.deepEqual(judged(measured([[500, 5, 0]])), []);
    const [refusal, ...others] = texts(measured([[500, 6, 0]]));
    assert.deepEqual(others, []);
    assert.equal(
      refusal,
      "api-gateway green: 6 of 500 requests (1.20 %) failed in the last 60 s; the limit is 1 %. " +
        "Find out why before more users meet it",
    );
  });

  it("ask for the traffic back above 5 % of errors, which is said once", () => {
    const [refusal, ...others] = texts(measured([[500, 26, 0]]));
    assert.deepEqual(others, []);
    assert.match(
      refusal!,
      /26 of 500 requests \(5\.20 %\) failed.*the limit is 5 %\. Take its traffic back: /,
    );
    assert.match(refusal!, /pulumi config set --path 'sluice:release\.traffic\.green' 0 && /);
  });

  it("refuse it above 5 % of slow answers, and permit it at 5 %", () => {
    assert.deepEqual(judged(measured([[500, 0, 25]])), []);
    assert.match(
      texts(measured([[500, 0, 26]])).join(),
      /26 of 500 requests \(5\.20 %\) took longer than 5 s/,
    );
  });

  it("say of each signal what is wrong with it", () => {
    assert.equal(texts(measured([[500, 30, 30]])).length, 2);
  });

  it("are judged by as few requests as are asked for, and by no more than the limit needs", () => {
    assert.deepEqual(kinds(measured([[100, 2, 0]]), 100), ["standing"]);
    assert.deepEqual(kinds(measured([[100, 1, 0]]), 100), []);
    // The last quarter of an hour has requests enough: what was before it is over.
    const healed = [...minutes(60, [200, 20, 0]), ...minutes(20, [200, 0, 0])];
    assert.deepEqual(judged(measured(healed), 10_000), []);
  });

  it("show a candidate that answers nothing long before there are requests enough", () => {
    const [breach, few] = judged(measured([[5, 5, 0]]));
    assert.equal(breach?.kind, "standing");
    assert.match(breach.why, /5 of 5 requests \(100\.00 %\) failed/);
    assert.match(few!.why, /^api-gateway green: 5 requests since/);
  });

  it("hold it where live is no better, and do not ask to go back then", () => {
    const [refusal, ...others] = texts(measured([[500, 50, 0]], [[5_000, 500, 0]]));
    assert.deepEqual(others, []);
    assert.match(
      refusal!,
      /Live blue is no better: 500 of 5,000 requests \(10\.00 %\)\. Going back would mend noth/,
    );
    assert.doesNotMatch(refusal!, /Take its traffic back/);
  });

  it("that are old refuse it, for they say nothing of now", () => {
    const old = measured([], undefined, {
      candidate: { ...observation("green", []), looks: looks([[500, 0, 0]], 301) },
    });
    assert.deepEqual(kinds(old), ["unseen"]);
    assert.match(
      texts(old)[0]!,
      /^metrics could not be observed \(api-gateway green: .*301 s old; 300 s are allowed\)$/,
    );
    const fresh = measured([], undefined, {
      candidate: { ...observation("green", []), looks: looks([[500, 0, 0]], 300) },
    });
    assert.deepEqual(judged(fresh), []);
  });
});

describe("too few requests", () => {
  it("are worth waiting for where the rest comes within three minutes, and not a second later", () => {
    // 50 a minute: 350 and 150 to come in three minutes, 349 and 151 in a little more.
    assert.deepEqual(kinds(measured(minutes(7, [50, 0, 0]))), ["coming"]);
    assert.deepEqual(kinds(measured([[49, 0, 0], ...minutes(6, [50, 0, 0])])), ["standing"]);
    assert.equal(judged(measured(minutes(7, [50, 0, 0])))[0]?.progress, "500 requests, 350 so far");
  });

  it("are not where none came, or none of late", () => {
    const of = (found: Look[], since = ago(300)) =>
      measured([], undefined, { candidate: { ...observation("green", []), looks: found }, since });
    const late =
      /None were seen in the last 5 min\. Wait, or ask for none in an update of its own: .*samples' 0$/;
    for (const none of [of([]), of(looks([]))]) {
      assert.deepEqual(kinds(none), ["standing"]);
      assert.match(texts(none)[0]!, late);
    }
    const old = of(looks([[499, 0, 0]], 301));
    assert.deepEqual(kinds(old), ["standing"]);
    assert.match(
      texts(old)[0]!,
      /last 5 min\. Wait, or ask for fewer in an update of its own: .*samples' 499$/,
    );
    assert.match(
      texts(of([], ago(299)))[0]!,
      /None were seen yet: of a minute CloudWatch tells two to three min/,
    );
  });

  it("are not while a limit is breached as well", () => {
    assert.ok(!isWorthWaiting(judged(measured(minutes(7, [50, 25, 0])))));
  });
});

describe("a number of requests that is none", () => {
  it("is not too small, but not seen", () => {
    for (const requests of [Number.NaN, -1]) {
      const [first, second] = looks([[500, 0, 0]]);
      const candidate = { ...observation("green", []), looks: [first!, { ...second!, requests }] };
      assert.deepEqual(kinds(measured([], undefined, { candidate })), ["unseen"], `${requests}`);
    }
  });
});

describe("requests count", () => {
  it("from the release's last change, and from a day ago if that is later", () => {
    assert.equal(measuredSince(ago(86_400), NOW), ago(86_400));
    assert.equal(measuredSince(ago(86_399), NOW), ago(86_399));
    assert.equal(measuredSince(ago(86_401), NOW), ago(86_400));
  });
});

describe("laws of metrics before a rise", () => {
  const some = fc.integer({ min: 0, max: 400 });
  const traffic = fc.array(
    fc
      .tuple(some, fc.nat(20), fc.nat(40))
      .map(([requests, errors, slow]): Minute => [
        requests,
        Math.min(errors, requests),
        Math.min(slow, requests),
      ]),
    { minLength: 1, maxLength: 40 },
  );
  const least = fc.integer({ min: 1, max: 2_000 });
  const total = (each: readonly Minute[]) => each.reduce((sum, [requests]) => sum + requests, 0);

  it("no candidate with too few requests is permitted, whatever they were", () => {
    fc.assert(
      fc.property(traffic, least, (each, asked) => {
        if (total(each) < asked) assert.notDeepEqual(judged(measured(each), asked), []);
      }),
    );
  });

  it("a good candidate with requests enough and of late is permitted, however they were spread", () => {
    fc.assert(
      fc.property(traffic, least, (each, asked) => {
        const good = [...each, [1, 0, 0] as const].map(([requests]): Minute => [requests, 0, 0]);
        if (total(good) >= asked) assert.deepEqual(judged(measured(good), asked), []);
      }),
    );
  });

  it("good requests before those that were seen never turn a permit into a refusal", () => {
    fc.assert(
      fc.property(traffic, some, fc.integer({ min: 1, max: 30 }), least, (each, requests, more, asked) => {
        if (judged(measured(each), asked).length > 0) return;
        const longer = [...minutes(more, [requests, 0, 0]), ...each];
        assert.deepEqual(judged(measured(longer), asked), []);
      }),
      { numRuns: 500 },
    );
  });

  it("asking for fewer requests never turns a permit into a refusal of a candidate without a fault", () => {
    fc.assert(
      fc.property(traffic, least, least, (each, one, two) => {
        const good = each.map(([requests]): Minute => [requests, 0, 0]);
        if (judged(measured(good), Math.max(one, two)).length > 0) return;
        assert.deepEqual(judged(measured(good), Math.min(one, two)), []);
      }),
    );
  });

  it("whatever live did, a candidate that is missing, or broken, is refused", () => {
    const breaking: ((found: readonly Look[]) => readonly Look[])[] = [
      () => [],
      (found) => found.slice(0, 1),
      (found) => found.map((look) => ({ ...look, errors: Number.NaN })),
      (found) =>
        found.map(({ at, requests, errors }) => ({ at, requests, ...(errors !== undefined && { errors }) })),
      (found) => found.map((look) => ({ ...look, at: "yesterday" })),
      (found) => found.map((look) => ({ ...look, requests: Number.NaN })),
      (found) => found.map((look) => ({ ...look, requests: -look.requests })),
      (found) => [...found].reverse(),
      (found) =>
        found.map((look) => ({ ...look, at: new Date(Date.parse(look.at) - 301_000).toISOString() })),
      (found) => found.map((look) => ({ ...look, at: new Date(Date.parse(look.at) + 91_000).toISOString() })),
      (found) => found.map((look) => ({ ...look, errors: look.requests })),
      (found) => found.map((look) => ({ ...look, slow: 2 * look.requests })),
    ];
    const live = fc.option(traffic, { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom(...breaking), live, (broken, blue) => {
        assert.deepEqual(judged(measured(GOOD_HOUR, blue)), [], "it was good");
        const asked = measured(GOOD_HOUR, blue);
        const candidate = { ...asked.candidate, looks: broken(asked.candidate.looks) };
        assert.notDeepEqual(judged({ ...asked, candidate }), []);
        const missing = { ...asked.candidate, missing: ["requests_0"] };
        assert.notDeepEqual(judged({ ...asked, candidate: missing }), []);
      }),
    );
  });
});

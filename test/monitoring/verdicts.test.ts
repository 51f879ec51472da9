import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeThresholds } from "../../model/analysis/analyse";
import { agesOf, observedBy } from "../../model/analysis/application";
import type { Observation } from "../../model/analysis/observation";
import { THRESHOLDS, type ThresholdName } from "../../model/analysis/thresholds";
import { ruleFile } from "../../model/monitoring/alerts";
import { LATELY } from "../../model/monitoring/breaches";
import { at } from "../model/fixtures";
import { type Series, named } from "./cases/case";
import { PROD } from "./stack";
import { bench } from "./tools";

/** How often values come, in seconds. */
const STEP = 15;
/** How long is looked, in minutes. */
const MINUTES = 100;
const TICKS = (MINUTES * 60) / STEP;
/** The rates' limits and those of pods that Prometheus measures. */
const LIMITS = [
  "errorRate",
  "errorGate",
  "latency",
  "latencyGate",
  "crashLoop",
  "readiness",
] as const satisfies readonly ThresholdName[];
type Limit = (typeof LIMITS)[number];

/** A time in which nothing changes. */
interface Span {
  readonly minutes: number;
  /** With each value. */
  readonly requests: number;
  /** Of a thousand requests. */
  readonly failed: number;
  readonly slow: number;
  readonly late: number;
}

/** What happens to a version: its requests, and its pod's restarts and readiness, value by value. */
interface Life {
  readonly requests: readonly number[];
  readonly failed: readonly number[];
  readonly slow: readonly number[];
  readonly late: readonly number[];
  readonly restarts: readonly number[];
  readonly ready: readonly boolean[];
}

/** Around the limits, which are at 10 and at 50, and far from them. */
const perThousand = fc.constantFrom(0, 1, 5, 9, 10, 11, 15, 30, 48, 50, 52, 60, 100, 500, 1_000);
const span: fc.Arbitrary<Span> = fc.record({
  minutes: fc.integer({ min: 1, max: 30 }),
  requests: fc.constantFrom(0, 1, 2, 5, 11, 40, 200, 1_000),
  failed: perThousand,
  slow: perThousand,
  late: perThousand,
});
const lives: fc.Arbitrary<Life> = fc
  .record({
    spans: fc.array(span, { minLength: 2, maxLength: 8 }),
    // One after the other, as a container in a loop does.
    restarted: fc
      .record({
        from: fc.integer({ min: 0, max: TICKS }),
        gaps: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 12 }),
      })
      .map(({ from, gaps }) =>
        gaps.map((_, index) => from + gaps.slice(0, index).reduce((a, b) => a + b, 0)),
      ),
    turned: fc.array(fc.integer({ min: 0, max: TICKS }), { maxLength: 5 }),
  })
  .map(({ spans, restarted, turned }) => {
    const each = spans.flatMap((one) => Array.from({ length: (one.minutes * 60) / STEP }, () => one));
    const during = (tick: number) => each[Math.min(tick, each.length - 1)] ?? spans[0]!;
    return {
      requests: totals((tick) => during(tick).requests),
      failed: totals((tick) => (during(tick).requests * during(tick).failed) / 1_000),
      slow: totals((tick) => (during(tick).requests * during(tick).slow) / 1_000),
      // What takes longer than 5 s takes longer than 2 s.
      late: totals(
        (tick) => (during(tick).requests * Math.max(during(tick).slow, during(tick).late)) / 1_000,
      ),
      restarts: totals((tick) => restarted.filter((one) => one === tick).length),
      ready: Array.from(
        { length: TICKS + 1 },
        (_, tick) => turned.filter((one) => one <= tick).length % 2 === 1,
      ),
    };
  });

/** Running totals in whole numbers, from 0. */
function totals(each: (tick: number) => number): number[] {
  let sum = 0;
  return Array.from({ length: TICKS + 1 }, (_, tick) => Math.floor((sum += tick === 0 ? 0 : each(tick))));
}

/** What every service of theirs promises. */
const PROMISE = { work: "api", p95: 2 } as const;

const who = (index: number) => ({
  namespace: "voiceassist",
  app: `service-${index}`,
  colour: "green",
  version: `1.0.${index}`,
});
const pod = (index: number) => ({ namespace: "voiceassist", pod: `service-${index}-green-7d9c5b8f6d-abcde` });

/** A life as Prometheus scrapes it. */
function seriesOf(life: Life, index: number): Series[] {
  const list = (values: readonly number[]) => values.join(" ");
  const minus = (some: readonly number[], others: readonly number[]) =>
    some.map((value, tick) => value - (others[tick] ?? 0));
  const labels = who(index);
  const always = `x${TICKS}`;
  return [
    [named("http_requests_total", { ...labels, code: "200" }), list(minus(life.requests, life.failed))],
    [named("http_requests_total", { ...labels, code: "503" }), list(life.failed)],
    [named("http_request_duration_seconds_count", labels), list(life.requests)],
    [
      named("http_request_duration_seconds_bucket", { ...labels, le: "5" }),
      list(minus(life.requests, life.slow)),
    ],
    [
      named("http_request_duration_seconds_bucket", { ...labels, le: "2" }),
      list(minus(life.requests, life.late)),
    ],
    [named("kube_pod_created", pod(index)), `0${always}`],
    [named("kube_pod_labels", { ...pod(index), label_version: labels.version }), `1${always}`],
    [
      named("kube_pod_container_status_restarts_total", { ...pod(index), container: "app" }),
      list(life.restarts),
    ],
    [named("kube_pod_status_ready", { ...pod(index), condition: "true" }), list(life.ready.map(Number))],
  ];
}

/** A total so many seconds after the beginning. */
const valueAt = (values: readonly number[], seconds: number): number =>
  values[Math.max(0, seconds / STEP)] ?? 0;

/** What came between two times, in seconds before a minute. */
const came = (values: readonly number[], minute: number, from: number, to = 0): number =>
  valueAt(values, 60 * minute - to) - valueAt(values, 60 * minute - from);

/** The same life as the gates see it at a minute: what `sluice` asks Prometheus for, and makes of it. */
function observed(life: Life, index: number, minute: number): Observation {
  const now = 60 * minute;
  const counted = agesOf(now).map((ago) => {
    const { requests: all, failed, slow, late } = life;
    const count = (values: readonly number[]) => came(values, minute, ago.from, ago.to);
    const requests = count(all);
    const [quick, prompt] = [requests - count(slow), requests - count(late)];
    return { ago, requests, errors: count(failed), measured: requests, quick, prompt };
  });
  const { app: service } = who(index);
  const ready = life.ready.slice(0, now / STEP + 1);
  return {
    ...observedBy({ service, colour: "green", counted, latest: at(now) }),
    condition: {
      at: at(now),
      restarts: came(life.restarts, minute, THRESHOLDS.crashLoop.windowSeconds),
      unreadySeconds: now - STEP * Math.max(0, ready.lastIndexOf(true)),
    },
  };
}

/** Whether a gate fails at a minute. */
function fails(life: Life, index: number, minute: number, limit: ThresholdName): boolean {
  const candidate = observed(life, index, minute);
  const [found] = judgeThresholds({ candidate, now: at(60 * minute) }, [limit]);
  return found?.verdict === "failure";
}

describe("gates and alerts, fed the same series", function () {
  this.timeout(240_000);
  const { write, promtool } = bench();
  // One run of promtool for all of them, so these are samples and no property; the same ones each time.
  const ALL = fc.sample(lives, { numRuns: 30, seed: 8 });
  const LOOKED = Array.from({ length: MINUTES - 1 }, (_, index) => index + 1);
  const slo = { ...PROD.slo, services: Object.fromEntries(ALL.map((_, index) => [who(index).app, PROMISE])) };
  /** By life, limit and minute. */
  const verdicts = ALL.map((life, index) =>
    Object.fromEntries(
      LIMITS.map((limit) => [limit, LOOKED.map((minute) => fails(life, index, minute, limit))]),
    ),
  );

  /** An expression whose value is 1 for what is expected, minute by minute. */
  const asked = (selector: string, expected: (index: number, limit: Limit, minute: number) => boolean) =>
    LOOKED.map((minute) => ({
      expr: `group by (namespace, app, colour, version, limit) (${selector})`,
      eval_time: `${minute}m`,
      exp_samples: ALL.flatMap((_, index) =>
        LIMITS.filter((limit) => expected(index, limit, minute)).map((limit) => ({
          labels: named("", { ...who(index), limit }),
          value: 1,
        })),
      ),
    }));

  const isBreached = (index: number, limit: Limit, minute: number) =>
    verdicts[index]?.[limit]?.[minute - 1] ?? false;

  it("meet good and bad of every limit, by many requests and by few", () => {
    for (const limit of LIMITS) {
      const all = verdicts.flatMap((life) => life[limit] ?? []);
      const bad = all.filter(Boolean).length;
      assert.ok(bad > 50 && bad < all.length - 50, `${limit}: ${bad} of ${all.length}`);
    }
  });

  it("agree on what is bad at each minute, and differ in how long it stands until people are told", async () => {
    const fired = ALL.map((life, index) =>
      Object.fromEntries(LIMITS.map((limit) => [limit, firing(life, index, limit)])),
    );
    const isFired = (index: number, limit: Limit, minute: number) =>
      fired[index]?.[limit]?.has(minute) ?? false;
    const groups = ruleFile({ ...PROD, slo }).groups.filter(({ name }) =>
      /sluice\.(alerts\.)?limits/.test(name),
    );
    await write("rules.json", { groups });
    const labelled = `limit=~"${LIMITS.join("|")}"`;
    await write("test.json", {
      rule_files: ["rules.json"],
      // Else it is left to chance which goes first, and an alert may see what was recorded a minute ago.
      group_eval_order: groups.map(({ name }) => name),
      evaluation_interval: "1m",
      tests: [
        {
          interval: `${STEP}s`,
          input_series: ALL.flatMap(seriesOf).map(([series, values]) => ({ series, values })),
          promql_expr_test: [
            ...asked(`sluice:breach{${labelled}}`, isBreached),
            ...asked(`ALERTS{alertstate="firing",${labelled}}`, isFired),
          ],
        },
      ],
    });
    const { code, said } = await promtool("test", "rules", "test.json");
    assert.equal(code, 0, said.slice(0, 6_000));
  });

  /** The minutes at which a limit's alert fires: failed at each since so long ago, and of rates lately as well. */
  function firing(life: Life, index: number, limit: Limit): Set<number> {
    const { alert, ...threshold } = THRESHOLDS[limit];
    let since: number | undefined;
    return new Set(
      LOOKED.filter((minute) => {
        const bad =
          threshold.kind === "rate" &&
          { errors: life.failed, slow: life.slow, late: life.late }[threshold.signal];
        const rate = bad ? came(bad, minute, LATELY) / came(life.requests, minute, LATELY) : Infinity;
        const holds = isBreached(index, limit, minute) && 100 * rate > threshold.above / 2;
        since = holds ? (since ?? minute) : undefined;
        return since !== undefined && 60 * (minute - since) >= alert.afterSeconds;
      }),
    );
  }
});

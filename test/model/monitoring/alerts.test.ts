import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { THRESHOLDS, type ThresholdName } from "../../../model/analysis/thresholds";
import { BACKENDS } from "../../../model/backends";
import { type Watched, alertGroups, alertsOf, ruleFile } from "../../../model/monitoring/alerts";
import { BURNS, burnRate } from "../../../model/monitoring/alerts/burn";
import { TOLD } from "../../../model/monitoring/alerts/limits";
import { alertsPage } from "../../../model/monitoring/alertsPage";
import { breachOf } from "../../../model/monitoring/breaches";
import { defaultSlo } from "../../../model/monitoring/objectives";
import { BURN_WINDOWS } from "../../../model/monitoring/recording";
import { durationOf } from "../../../model/monitoring/ruleFile";
import { defaultServices } from "../../../model/services";

const ROOT = resolve(__dirname, "../../..");
const STACK: Watched = {
  app: "voiceassist",
  environment: "prod",
  stack: "prod",
  slo: defaultSlo(Object.keys(defaultServices("voiceassist", "prod"))),
  backends: BACKENDS.prod,
  runbooks: "docs/alerts.md",
};
const named = (watched: Watched) =>
  Object.fromEntries(
    Object.values(alertsOf(watched))
      .flat()
      .map((alert) => [alert.name, alert]),
  );
const exprs = (watched: Watched) =>
  ruleFile(watched).groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));

describe("the page of alerts", () => {
  it("is in docs/alerts.md as the code has it; `npx sluice alerts` writes it", () => {
    assert.equal(readFileSync(resolve(ROOT, "docs/alerts.md"), "utf8"), alertsPage());
  });

  it("has a heading for each alert, to which the alert links", () => {
    const headings = alertsPage()
      .split("\n")
      .filter((line) => line.startsWith("### "))
      .map((line) => line.slice(4));
    const shown = { ...STACK, slo: { ...STACK.slo, costPerThousand: 10 } };
    assert.deepEqual(headings.sort(), Object.keys(named(shown)).sort());
    for (const { alert, annotations } of alertGroups(shown).flatMap(({ rules }) => rules)) {
      assert.equal(annotations.runbook_url, `docs/alerts.md#${alert.toLowerCase()}`);
    }
  });
});

describe("alerts of limits", () => {
  it("take limit, severity and time from the gates' own table, one alert for each limit", () => {
    const all = named(STACK);
    for (const [limit, { name }] of Object.entries(TOLD)) {
      const told = all[name] ?? assert.fail(name);
      const { alert } = THRESHOLDS[limit as ThresholdName];
      assert.ok(told.expr.startsWith(breachOf(limit as ThresholdName)), name);
      assert.equal(told.forSeconds, alert.afterSeconds, name);
      assert.equal(told.severity, alert.severity === "page" ? "critical" : "warning", name);
    }
  });

  it("page and warn as guide 000 asks for", () => {
    const rule = (name: string) => {
      const { severity, forSeconds } = named(STACK)[name] ?? assert.fail(name);
      return [severity, forSeconds];
    };
    assert.deepEqual([rule("HighErrorRate"), THRESHOLDS.errorRate.above], [["critical", 300], 5]);
    assert.deepEqual([rule("ElevatedErrorRate"), THRESHOLDS.errorGate.above], [["warning", 900], 1]);
    assert.deepEqual(rule("HighLatency"), ["warning", 600]);
    assert.deepEqual(rule("ServiceDown"), ["critical", 120]);
    assert.deepEqual(rule("HealthCheckFails"), ["critical", 120]);
    assert.equal(rule("CostSpike")[0], "critical");
    assert.deepEqual(rule("ProviderRateLimited"), ["warning", 0]);
  });
});

describe("alerts of budgets", () => {
  it("burn at 14.4, 6, 3 and 1 times what 30 days allow, and faster where those are more", () => {
    assert.deepEqual(
      BURNS.map((burn) => burnRate(burn, { windowDays: 30 })),
      [14.4, 6, 3, 1],
    );
    assert.deepEqual(
      BURNS.map((burn) => burnRate(burn, { windowDays: 36 })),
      [17.28, 7.2, 3.6, 1.2],
    );
    assert.deepEqual([...new Set(BURNS.flatMap(({ long, short }) => [short, long]))].sort(), [
      ...[...BURN_WINDOWS].sort(),
    ]);
  });

  it("follow the objectives that are configured, service by service", () => {
    const slo = {
      ...STACK.slo,
      availability: 99.5,
      errorRate: 1,
      services: { ...STACK.slo.services, storage: { work: "api", p95: 0.25 } as const },
    };
    const changed = { ...STACK, slo };
    assert.match(named(changed)["RequestsFailWithin1h"]?.expr ?? "", /> 0\.072 and .* > 0\.072 and /);
    const slow = exprs(changed).find((expr) => expr.includes("0\\\\.25(") && expr.includes("[1h]"));
    assert.match(slow ?? "", /app=~"storage",le=~"0\\\\\.25/);
  });

  it("are of transcriptions and analyses where a service does such work", () => {
    const services = { "api-gateway": { work: "api", p95: 2 } } as const;
    const names = Object.keys(named({ ...STACK, slo: { ...STACK.slo, services } }));
    assert.ok(names.includes("RequestsSlowWithin1h"));
    assert.ok(!names.some((name) => /Transcriptions|Analyses/.test(name)), names.join(", "));
  });
});

describe("what is not promised", () => {
  it("has no alert: the cost of a thousand requests has one where it is configured", () => {
    assert.equal(named(STACK)["CostPerThousand"], undefined);
    const promised = named({ ...STACK, slo: { ...STACK.slo, costPerThousand: 12.5 } });
    assert.match(promised["CostPerThousand"]?.expr ?? "", /> 12\.5$/);
  });
});

describe("a duration", () => {
  it("is written as Prometheus does, in the largest unit that leaves no rest", () => {
    assert.deepEqual([30, 60, 90, 300, 3_600, 5_400, 86_400, 129_600].map(durationOf), [
      ...["30s", "1m", "90s", "5m"],
      ...["1h", "90m", "1d", "36h"],
    ]);
  });
});

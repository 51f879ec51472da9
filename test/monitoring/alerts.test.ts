import assert from "node:assert/strict";
import { ruleFile } from "../../model/monitoring/alerts";
import type { AlertingRule, RecordingRule, RuleFile } from "../../model/monitoring/ruleFile";
import { BUDGET_CASES } from "./cases/budgets";
import { type Case, named } from "./cases/case";
import { LIMIT_CASES } from "./cases/limits";
import { OTHER_CASES } from "./cases/others";
import { PROD } from "./stack";
import { bench } from "./tools";

const CASES: Readonly<Record<string, readonly Case[]>> = { ...LIMIT_CASES, ...BUDGET_CASES, ...OTHER_CASES };
const RULES = ruleFile(PROD);
const ALERTS = RULES.groups.flatMap(({ rules }) =>
  rules.filter((rule): rule is AlertingRule => "alert" in rule),
);
const RECORDED_RULES = RULES.groups.flatMap(({ rules }) =>
  rules.filter((rule): rule is RecordingRule => "record" in rule),
);
const NAMES = ALERTS.map(({ alert }) => alert);

/** A unit test of promtool's: what of this alert fires. */
const unitTest = (alertname: string, { says, series, at, fires, interval = "15s" }: Case) => ({
  name: `${alertname} ${says}`,
  interval,
  input_series: series.map(([name, values]) => ({ series: name, values })),
  promql_expr_test: [
    {
      expr: `ALERTS{alertname="${alertname}",alertstate="firing"}`,
      eval_time: at,
      exp_samples: fires.map((labels) => ({
        labels: named("ALERTS", { ...labels, alertname, alertstate: "firing", environment: "prod" }),
        value: 1,
      })),
    },
  ],
});

/** One that fails by what does fire, for promtool prints the texts of what it did not expect. */
const asksForTexts = (alertname: string, { series, at, interval = "15s" }: Case) => ({
  interval,
  input_series: series.map(([name, values]) => ({ series: name, values })),
  alert_rule_test: [{ eval_time: at, alertname, exp_alerts: [] }],
});

/** A file of unit tests of one alert, which take a rule file of their own. */
const testFile = (
  rules: string,
  alertname: string,
  cases: readonly Case[],
  test: typeof unitTest | typeof asksForTexts,
) => ({
  rule_files: [rules],
  evaluation_interval: cases[0]?.evaluation ?? "15s",
  tests: cases.map((one) => test(alertname, one)),
});

/** The rules that an expression takes its series from, and what those take theirs from. */
function recordedFor(expr: string): readonly RecordingRule[] {
  const asked = RECORDED_RULES.filter(
    ({ record, labels }) =>
      new RegExp(`\\b${record}\\b`).test(expr) &&
      Object.entries(labels ?? {}).every(([label, value]) => expr.includes(`${label}="${value}"`)),
  );
  return [...new Set(asked.flatMap((rule) => [...recordedFor(rule.expr), rule]))];
}

/** One alert with what it is computed from; all rules, each of some hundred evaluations, would take minutes. */
const ownRules = (alert: AlertingRule): RuleFile => ({
  groups: [{ name: "own", rules: [...recordedFor(alert.expr), alert] }],
});

/** The same without the alert. */
const without = (alert: AlertingRule): RuleFile => ({
  groups: [{ name: "own", rules: recordedFor(alert.expr) }],
});

describe("alerts, by promtool", function () {
  this.timeout(240_000);
  const { write, promtool } = bench();
  before(() => write("rules.json", RULES));

  it("are rules that Prometheus reads, each but once", async () => {
    const { code, said } = await promtool("check", "rules", "--lint-fatal", "rules.json");
    assert.equal(code, 0, said);
    assert.match(said, /SUCCESS: \d+ rules found/);
    assert.equal(new Set(NAMES).size, NAMES.length);
  });

  it("each have a test that it fires, and one that it does not", () => {
    assert.deepEqual([...NAMES].sort(), Object.keys(CASES).sort());
    for (const [name, cases] of Object.entries(CASES)) {
      assert.ok(
        cases.some(({ fires }) => fires.length > 0),
        `${name} never fires`,
      );
      assert.ok(
        cases.some(({ fires }) => fires.length === 0),
        `${name} is never silent`,
      );
    }
  });

  it("fire when they should, and are silent when they should be", async () => {
    const { code, said } = await tested((alert) => [ownRules(alert), CASES[alert.alert] ?? []]);
    assert.equal(code, 0, said);
    assert.equal(said.match(/SUCCESS/g)?.length, NAMES.length);
  });

  it("are each missed where they are deleted: their test fails", async () => {
    const { code, said } = await tested((alert) => [
      without(alert),
      (CASES[alert.alert] ?? []).filter(({ fires }) => fires.length > 0).slice(0, 1),
    ]);
    assert.notEqual(code, 0);
    assert.equal(said.match(/FAILED/g)?.length, NAMES.length, said);
    assert.doesNotMatch(said, /SUCCESS/);
  });

  it("say whom they are about and by how much, what helps, and where that is written", async () => {
    const { said } = await tested(
      (alert) => [
        ownRules(alert),
        (CASES[alert.alert] ?? []).filter(({ fires }) => fires.length > 0).slice(0, 1),
      ],
      asksForTexts,
    );
    const texts = said.split(/^ +FAILED:$/m).slice(1);
    assert.equal(texts.length, NAMES.length, said);
    for (const [index, text] of texts.entries()) {
      const { alert } = ALERTS[index]!;
      const [, annotations] = /got:\[[^]*?Annotations:\{([^]*?)\}\s*\]/.exec(text) ?? [];
      assert.ok(annotations, `${alert}: ${text}`);
      assert.doesNotMatch(annotations, /<no value>|<error|NaN|\{\{|%!/, annotations);
      const { fires } = CASES[alert]!.find((one) => one.fires.length > 0)!;
      const { app, colour, version } = fires[0]!;
      for (const label of [app, colour, version]) {
        if (label !== undefined) assert.ok(annotations.includes(label), `${label} is not in ${annotations}`);
      }
      assert.match(annotations, /description="[^]* Look: (sluice|kubectl|aws) /, alert);
      assert.match(annotations, /summary="prod: /, alert);
      assert.ok(annotations.includes(`runbook_url="${PROD.runbooks}#${alert.toLowerCase()}"`), annotations);
    }
  });

  /** One run of promtool over a file for each alert. */
  async function tested(
    of: (alert: AlertingRule) => readonly [RuleFile, readonly Case[]],
    test: typeof unitTest | typeof asksForTexts = unitTest,
  ) {
    const files = await Promise.all(
      ALERTS.map(async (alert) => {
        const [rules, cases] = of(alert);
        await write(`${alert.alert}-rules.json`, rules);
        await write(`${alert.alert}.json`, testFile(`${alert.alert}-rules.json`, alert.alert, cases, test));
        return `${alert.alert}.json`;
      }),
    );
    return promtool("test", "rules", ...files);
  }
});

import assert from "node:assert/strict";
import { Parameters } from "../../cloud/parameters";
import { greenAt } from "../../model/release";
import { formatLog, validationLogParameter } from "../../model/validationLog";
import { askedOf } from "../../rollout/reconcile/analysis";
import { START, at, recorded, release } from "../model/fixtures";
import { MINUTES, NOW, SUBJECT, analysing, ruleAt } from "./analysis-fixture";

describe("an analysis of what was measured", () => {
  const tests = analysing();

  it("passes a good candidate, says what was not asked, and the release goes on", async () => {
    tests.traffic(0, 58);
    const analysis = await tests.analysed();
    assert.equal(analysis.judgement.verdict, "success");
    assert.deepEqual(
      [analysis.colour, analysis.version, analysis.since, analysis.at],
      ["green", "2.4.0", START, NOW],
    );
    assert.deepEqual(analysis.judgement.remarks, [
      "restarts and readiness of green's pods, and what applications count, are not judged: no Prometheus is " +
        "configured (SLUICE_PROMETHEUS_URL)",
    ]);
    const criteria = analysis.judgement.findings.map(({ criterion }) => criterion);
    assert.deepEqual(criteria.sort(), [
      "errorGate",
      "errorRate",
      "errors against live",
      "failedChecks",
      "latency",
      "slow against live",
      "unavailable",
    ]);
    assert.equal(tests.decided(analysis).kind, "shift");
  });

  it("retreats from a candidate that fails, and holds one that does where live is as bad", async () => {
    tests.traffic(0, 50);
    tests.traffic(50, 58, 30);
    const failing = await tests.analysed();
    assert.equal(failing.judgement.urgency, "retreat");
    assert.equal(tests.decided(failing).kind, "retreat");
    await tests.aws.end();
    await tests.start();
    tests.traffic(0, 58, 10, 90);
    assert.equal(tests.decided(await tests.analysed()).kind, "hold");
  });

  it("does not judge by minutes that may be published in part", async () => {
    tests.traffic(0, 58);
    tests.traffic(58, 60, 100);
    assert.equal((await tests.analysed()).judgement.verdict, "success");
    const later = at(60 * (MINUTES + 2));
    assert.equal((await tests.analysed({ now: later })).judgement.urgency, "retreat");
  });

  it("does not take what we sent ourselves for users' requests", async () => {
    const passing = async () => (await tests.analysed()).judgement.verdict;
    tests.traffic(0, 58);
    assert.equal(await passing(), "success");
    const rounds = [{ from: START, until: NOW, sent: { green: { "api-gateway": [5_700, 0, 0] as const } } }];
    const sent = rounds.map(({ sent: { green }, ...round }) => {
      const [requests, errors, slow] = green["api-gateway"];
      return { ...round, sent: { green: { "api-gateway": { requests, errors, slow } } } };
    });
    const name = validationLogParameter(SUBJECT.app, SUBJECT.environment);
    await new Parameters(SUBJECT.region).put(name, formatLog(sent));
    assert.equal(await passing(), "inconclusive");
    await new Parameters(SUBJECT.region).put(name, "not a log");
    assert.equal(await passing(), "success", "what nobody can read any more is begun anew");
  });

  it("judges the live colour for as long as its predecessor is warm, beside what that did", async () => {
    tests.traffic(0, 58, 30);
    const manifest = release(10).blue;
    const state = recorded(release(100, { live: "green" }), {
      trusted: { colour: "green", version: "2.4.0", at: START, predecessor: { colour: "blue", manifest } },
      retention: { warmUntil: at(86_400), coldUntil: at(7 * 86_400) },
    });
    const rules = [ruleAt(greenAt(100))];
    const analysis = await tests.analysed({ ...askedOf(state, rules, NOW)!, others: [] });
    assert.deepEqual([analysis.colour, analysis.judgement.urgency], ["green", "retreat"]);
    const after = { ...askedOf(state, rules, at(86_401))!, others: [] };
    assert.deepEqual([after.colour, after.version], ["blue", "2.3.1"]);
  });
});

import assert from "node:assert/strict";
import type { Verdict } from "../../model/analysis/finding";
import { greenAt } from "../../model/release";
import { freePort } from "../cloud/prometheus-server";
import { at } from "../model/fixtures";
import { ARNS } from "../rehearsal/balancer-fixture";
import { analysing, ruleAt } from "./analysis-fixture";

describe("an analysis where metrics fail", () => {
  const tests = analysing();

  it("holds where there are none at all", async () => {
    await tests.isUnobserved(/api-gateway green: no requests were seen since 2026-03-01T10:00:00\.000Z/);
  });

  it("holds where those of the candidate ended, and those of live", async () => {
    tests.traffic(0, 40);
    await tests.isUnobserved(/the newest are 1200 s old; 300 s are allowed/);
    for (let minute = 40; minute < 58; minute += 1) {
      tests.aws.metrics.happen(at(60 * minute), "green", { well: 100 });
    }
    await tests.isUnobserved(/api-gateway blue: .*the newest are 1200 s old/);
  });

  it("needs none of a live colour that has no share", async () => {
    tests.traffic(0, 20);
    for (let minute = 20; minute < 58; minute += 1) {
      tests.aws.metrics.happen(at(60 * minute), "green", { well: 1_000 });
    }
    const rules = [ruleAt(greenAt(100))];
    assert.equal((await tests.analysed({ rules })).judgement.verdict, "success");
    const idleSince = at(60 * 20);
    assert.equal((await tests.analysed({ rules, idleSince })).judgement.verdict, "success");
  });

  for (const code of ["InternalServiceFault", "ExpiredToken", "AccessDenied", "Throttling"]) {
    it(`holds where CloudWatch answers ${code}, and passes once it does no more`, async () => {
      tests.traffic(0, 58);
      tests.aws.metrics.fail(code);
      await tests.isUnobserved(new RegExp(`no answer about CloudWatch's metrics \\(${code}: injected\\)`));
    });
  }

  it("passes nothing while Prometheus is misnamed, and goes back all the same by what CloudWatch tells", async () => {
    process.env["SLUICE_PROMETHEUS_URL"] = "https://someone:100%@prometheus.example.com";
    try {
      tests.traffic(0, 58);
      await tests.isUnobserved(/SLUICE_PROMETHEUS_URL: user and password are not percent-encoded/);
      tests.traffic(58, 60, 100);
      const failing = await tests.analysed({ now: at(60 * 62) });
      assert.equal(failing.judgement.urgency, "retreat");
    } finally {
      delete process.env["SLUICE_PROMETHEUS_URL"];
    }
  });

  it("holds where nothing of AWS answers at all", async () => {
    process.env["AWS_ENDPOINT_URL_CLOUDWATCH"] = `http://127.0.0.1:${await freePort()}`;
    await tests.isUnobserved(/CloudWatch's metrics \(.*ECONNREFUSED/);
  });

  it("holds by a flapping source while it is away, and decides by what there is when it is back", async () => {
    const verdicts: Verdict[] = [];
    for (const minute of [45, 50, 55]) {
      const end = minute + 2;
      tests.traffic(minute === 45 ? 20 : minute - 3, end - 2);
      const now = at(60 * end);
      verdicts.push((await tests.analysed({ now })).judgement.verdict);
      const late = at(60 * (end + 4));
      verdicts.push((await tests.analysed({ now: late })).judgement.verdict);
    }
    assert.deepEqual(
      verdicts,
      [1, 2, 3].flatMap((): Verdict[] => ["success", "could-not-observe"]),
    );
  });

  it("retreats all the same from a colour without a healthy target, and waits to be sure", async () => {
    tests.aws.metrics.fail("InternalServiceError");
    for (const target of tests.aws.world.targets(ARNS.green)) target.state = "unhealthy";
    const analysis = await tests.analysed();
    const found = analysis.judgement.findings.filter(({ verdict }) => verdict === "failure");
    assert.deepEqual(
      found.map(({ evidence }) => evidence),
      [
        "api-gateway green: 3 health checks failed in a row; at most 2 may be",
        "api-gateway green: 35 s without a healthy target; at most 30 s may be",
      ],
    );
    assert.equal(
      tests.pauses.reduce((sum, each) => sum + each, 0),
      35_000,
    );
    assert.equal(tests.decided(analysis).kind, "retreat");
  });

  it("does not retreat from a colour whose targets become healthy, nor from one without users", async () => {
    tests.traffic(0, 58);
    const targets = tests.aws.world.targets(ARNS.green);
    for (const target of targets) target.state = "initial";
    const recovering = (milliseconds: number) => {
      targets[0]!.state = "healthy";
      return tests.pause(milliseconds);
    };
    assert.equal((await tests.analysed({}, recovering)).judgement.verdict, "success");
    for (const target of targets) target.state = "initial";
    tests.pauses.length = 0;
    const without = await tests.analysed({ rules: [ruleAt(greenAt(0))] });
    assert.notEqual(without.judgement.verdict, "failure");
    assert.deepEqual(tests.pauses, []);
  });

  it("holds where the health of targets cannot be seen", async () => {
    tests.traffic(0, 58);
    await tests.aws.fail("elasticloadbalancing:DescribeTargetHealth", "AccessDenied");
    await tests.isUnobserved(/api-gateway green: the health of its targets could not be seen: AccessDenied/);
  });
});

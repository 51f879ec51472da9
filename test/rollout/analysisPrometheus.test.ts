import assert from "node:assert/strict";
import { PROMETHEUS_URL } from "../../cloud/prometheus";
import { freePort } from "../cloud/prometheus-server";
import { at } from "../model/fixtures";
import { MINUTES, NOW, type Told, analysing, tellPrometheus } from "./analysis-fixture";

describe("an analysis with Prometheus", () => {
  const tests = analysing();

  let told: Told;
  const of = (colour: string) => ({ app: "api-gateway", colour });
  const seconds = (time: string) => Date.parse(time) / 1_000;
  beforeEach(async () => {
    told = await tellPrometheus(NOW);
    told.answer("restarts_total", [[{}, 0]]);
    told.answer("kube_pod_status_ready", [[{}, 0]]);
    told.answer("last_over_time", [[{ app: "api-gateway" }, 1]]);
    requests(500, 4_500);
    told.answer("increase(http_request_duration_seconds_count", counts(500, 4_500));
    told.answer("increase(http_request_duration_seconds_bucket", counts(499.9, 4_499.5));
    told.answer("timestamp(http_requests_total", counts(seconds(NOW) - 5, seconds(NOW) - 5));
  });
  afterEach(() => told.end());
  /** Requests, none of them failed. */
  const requests = (green: number | "NaN", blue: number | "NaN") => {
    told.answer("increase(http_requests_total", counts(green, blue));
    told.answer('code=~"5.."', counts(0, 4));
  };
  const counts = (green: number | "NaN", blue: number | "NaN") =>
    [
      [of("green"), green],
      [of("blue"), blue],
    ] as const;

  it("judges by pods and by what applications count as well, without a remark", async () => {
    tests.traffic(0, 58);
    const { judgement } = await tests.analysed({ others: ["storage"] });
    assert.equal(judgement.verdict, "success");
    assert.equal(judgement.remarks, undefined);
    const criteria = judgement.findings.map(({ criterion }) => criterion);
    for (const criterion of ["crashLoop", "readiness", "errorRate", "errorGate", "latency"]) {
      assert.ok(criteria.includes(`${criterion} by Prometheus`) || criteria.includes(criterion), criterion);
    }
    assert.equal(criteria.length, 9 + 3 + 2);
    assert.ok(told.queries.some((query) => query.includes("storage-green-")));
  });

  it("retreats by a crash loop, by a pod that waits, and by errors that the load balancer does not see yet", async () => {
    tests.traffic(0, 58);
    const retreats = async (criterion: string, evidence: RegExp) => {
      const analysis = await tests.analysed();
      const failed = analysis.judgement.findings.filter(({ urgency }) => urgency === "retreat");
      const found = failed.find((finding) => finding.criterion === criterion);
      assert.match(found?.evidence ?? "", evidence);
      assert.equal(tests.decided(analysis).kind, "retreat");
    };
    told.answer("restarts_total", [[{}, 3]]);
    await retreats("crashLoop", /3 restarts of one container in the last 10 min; at most 2/);
    told.answer("restarts_total", [[{}, 0]]);
    told.answer("kube_pod_status_ready", [[{}, 541]]);
    await retreats("readiness", /541 s that a pod has waited to become ready; at most 540 s/);
    told.answer("kube_pod_status_ready", [[{}, 0]]);
    told.answer('code=~"5.."', counts(60, 4));
    await retreats("errorRate by Prometheus", /60 of 500 requests \(12\.00 %\) failed in the last 5 min/);
  });

  it("retreats by the pods of a service that no rule shares", async () => {
    tests.traffic(0, 58);
    told.answer("storage-green-", [[{}, 4]]);
    const { judgement } = await tests.analysed({ others: ["storage"] });
    assert.deepEqual(
      [judgement.urgency, judgement.findings[0]?.criterion],
      ["retreat", "crashLoop by Prometheus"],
    );
  });

  it("holds where it is configured and cannot be reached", async () => {
    tests.traffic(0, 58);
    process.env[PROMETHEUS_URL] = `http://127.0.0.1:${await freePort()}`;
    await tests.isUnobserved(/could not be seen in Prometheus: 127\.0\.0\.1:\d+ cannot be reached/);
  });

  it("holds where a figure of pods is missing, NaN, or of another time", async () => {
    tests.traffic(0, 58);
    told.answer("restarts_total", []);
    await tests.isUnobserved(/restarts could not be seen in Prometheus: it gives no series/);
    told.answer("restarts_total", [[{}, "NaN"]]);
    await tests.isUnobserved(/restarts could not be seen in Prometheus: it gives NaN/);
    told.answer("restarts_total", [[{}, 0]]);
    told.clock(at(60 * (MINUTES - 6)));
    await tests.isUnobserved(/Prometheus' clock: the newest are 360 s old/);
    told.clock(at(60 * (MINUTES + 2)));
    await tests.isUnobserved(/120 s in the future: a clock is wrong/);
  });

  it("holds where an application that counted does so no more, or counts no number", async () => {
    tests.traffic(0, 58);
    told.answer("timestamp(http_requests_total", []);
    await tests.isUnobserved(/api-gateway green: no answer about http_requests_total/);
    told.answer("timestamp(http_requests_total", counts(seconds(NOW) - 5, seconds(NOW) - 5));
    requests("NaN", 1);
    await tests.isUnobserved(/no two looks that say how many requests failed/);
    requests(500, 4_500);
    told.answer("increase(http_request_duration_seconds_bucket", []);
    await tests.isUnobserved(/no two looks that say how many requests took longer/);
  });

  describe("of a service that promises a p95 of 2 s", () => {
    const promised = { "api-gateway": 2, storage: 5 };
    const prompt = (green: number, blue: number) => told.answer('le=~"2(', counts(green, blue));

    it("passes where no more than a twentieth of the answers take longer", async () => {
      tests.traffic(0, 58);
      prompt(480, 4_480);
      const { judgement } = await tests.analysed({ promised });
      assert.equal(judgement.verdict, "success");
      assert.ok(judgement.findings.some(({ criterion }) => criterion === "latencyGate by Prometheus"));
      assert.ok(!told.queries.some((query) => query.includes("le=") && query.includes("storage")));
    });

    it("holds where more do, and takes nobody back for it", async () => {
      tests.traffic(0, 58);
      prompt(450, 4_480);
      const analysis = await tests.analysed({ promised });
      const [found] = analysis.judgement.findings;
      assert.deepEqual([found?.criterion, found?.urgency], ["latencyGate by Prometheus", "hold"]);
      assert.match(
        found?.evidence ?? "",
        /100 of 1,000 requests .* took longer than the service's p95 objective/,
      );
      assert.equal(tests.decided(analysis).kind, "hold");
    });

    it("says that there is no bucket to see it by, and is not judged by it then", async () => {
      tests.traffic(0, 58);
      told.answer('le=~"2(', []);
      const { judgement } = await tests.analysed({ promised });
      assert.equal(judgement.verdict, "success");
      assert.deepEqual(judgement.remarks, [
        'api-gateway: not judged by its p95 objective, for http_request_duration_seconds has no bucket le="2" ' +
          "(sluice:slo.services)",
      ]);
    });

    it("holds where one colour has the bucket and the candidate has it no more", async () => {
      tests.traffic(0, 58);
      told.answer('le=~"2(', [[of("blue"), 4_480]]);
      await tests.isUnobserved(/no two looks that say how many requests took longer than the service's p95/, {
        promised,
      });
    });
  });

  it("says which application never counted, and judges it by its load balancer", async () => {
    tests.traffic(0, 58);
    told.answer("last_over_time", []);
    const { judgement } = await tests.analysed();
    assert.equal(judgement.verdict, "success");
    assert.deepEqual(judgement.remarks, [
      "api-gateway: not judged by http_requests_total, which nobody has exported for a day",
    ]);
    told.answer("last_over_time(http_requests_total", [[{ app: "api-gateway" }, 1]]);
    assert.deepEqual((await tests.analysed()).judgement.remarks, [
      "api-gateway: not judged by http_request_duration_seconds, which nobody has exported for a day",
    ]);
  });

  it("says that an application counts too few, which stands against nothing", async () => {
    tests.traffic(0, 58);
    requests(3, 3);
    told.answer("increase(http_request_duration_seconds_", counts(3, 3));
    const { judgement } = await tests.analysed();
    assert.equal(judgement.verdict, "success");
    assert.match(judgement.remarks?.[0] ?? "", /errorRate by Prometheus: .* 200 requests are needed/);
  });
});

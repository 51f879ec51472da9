import assert from "node:assert/strict";
import { PROMETHEUS_URL } from "../../cloud/prometheus";
import { figuresOf } from "../../rollout/reconcile/figures";
import { at } from "../model/fixtures";
import { freePort } from "../cloud/prometheus-server";
import { type Aws, SUBJECT, ruleAt, startAws, tellPrometheus } from "./analysis-fixture";

const NOW = at(3_600);
const NO_PROMETHEUS = "ready pods are not known: no Prometheus is configured (SLUICE_PROMETHEUS_URL)";

describe("figures for people", () => {
  let aws: Aws;
  beforeEach(async () => {
    Reflect.deleteProperty(process.env, PROMETHEUS_URL);
    aws = await startAws();
  });
  afterEach(() => aws.end());
  const figures = async () => (await figuresOf(SUBJECT, [ruleAt()], NOW)).services["api-gateway"];
  const remarks = async () => (await figuresOf(SUBJECT, [ruleAt()], NOW)).remarks;

  it("are of the last quarter of an hour, by colour, from CloudWatch", async () => {
    aws.metrics.happen(at(1_200), "green", { failed: 1_000 });
    aws.metrics.happen(at(3_000), "green", { well: 85, failed: 5, slow: 10 });
    aws.metrics.happen(at(3_060), "green", { well: 100 });
    const seen = await figuresOf(SUBJECT, [ruleAt()], NOW);
    assert.deepEqual(seen.services, {
      "api-gateway": {
        blue: { requests: 0 },
        green: { requests: 200, errorPercent: 2.5, p95: { seconds: 6, source: "CloudWatch" } },
      },
    });
    assert.deepEqual([seen.windowSeconds, seen.at, seen.remarks], [900, NOW, [NO_PROMETHEUS]]);
  });

  it("take times and ready pods from Prometheus where it knows them, and nothing from NaN", async () => {
    aws.metrics.happen(at(3_000), "green", { slow: 10 });
    const told = await tellPrometheus(NOW);
    try {
      const [green, blue] = ["green", "blue"].map((colour) => ({ app: "api-gateway", colour }));
      told.answer("histogram_quantile", [
        [green!, 0.25],
        [blue!, "NaN"],
      ]);
      told.answer("api-gateway-green-", [[{}, 3]]);
      assert.deepEqual(await figures(), {
        blue: { requests: 0 },
        green: { requests: 10, errorPercent: 0, p95: { seconds: 0.25, source: "Prometheus" }, ready: 3 },
      });
      assert.deepEqual(await remarks(), []);
    } finally {
      await told.end();
    }
  });

  it("are absent where nothing can be seen, and say why", async () => {
    aws.metrics.fail("ExpiredToken");
    process.env[PROMETHEUS_URL] = `http://127.0.0.1:${await freePort()}`;
    try {
      assert.deepEqual(await figures(), { blue: {}, green: {} });
      const said = [...(await remarks())].sort();
      assert.equal(said.length, 3);
      assert.match(
        said[0] ?? "",
        /^Prometheus' figures could not be seen: 127\.0\.0\.1:\d+ cannot be reached/,
      );
      assert.match(said[1] ?? "", /^requests in CloudWatch could not be seen: ExpiredToken: injected/);
    } finally {
      Reflect.deleteProperty(process.env, PROMETHEUS_URL);
    }
  });
});

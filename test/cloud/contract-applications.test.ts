import assert from "node:assert/strict";
import { judgeThresholds } from "../../model/analysis/analyse";
import type { AnalysisAsked } from "../../model/analysis/asked";
import { exportedQuery, latestQuery, p95Query, promptQuery, tallyQuery } from "../../model/analysis/queries";
import { applications } from "../../rollout/reconcile/applications";
import { SUBJECT, ruleAt } from "../rollout/analysis-fixture";
import { scrapedByPrometheus, scrapedNow, until } from "./prometheus-subject";

const APP = "voiceassist";
const green = { namespace: APP, app: "api-gateway", colour: "green" };
const blue = { ...green, colour: "blue" };

describe("Prometheus contract: applications that a real server scrapes", function () {
  this.timeout(60_000);
  const given = scrapedByPrometheus();

  const services = ["api-gateway", "voice-service"];
  const ago = { from: 300, to: 0 };
  const answered = (labels: Readonly<Record<string, string>>, code: string, count: number) =>
    given().exporter.add("http_requests_total", { ...labels, code }, count);
  const took = (labels: Readonly<Record<string, string>>, le: string, count: number) =>
    given().exporter.add("http_request_duration_seconds_bucket", { ...labels, le }, count);
  const tally = async (kind: Parameters<typeof tallyQuery>[2], labels = green) =>
    (await given().prometheus.series(tallyQuery(APP, services, kind, ago))).find(
      (point) => point.labels["app"] === labels.app && point.labels["colour"] === labels.colour,
    )?.value;
  const isAbout = (count: number) => (value: number | undefined) =>
    value !== undefined && Math.abs(value - count) <= 0.5 * count;

  it("count requests and errors by colour", async () => {
    answered(green, "200", 0);
    answered(green, "500", 0);
    answered(blue, "200", 0);
    await scrapedNow(given());
    answered(green, "200", 900);
    answered(green, "503", 0);
    answered(green, "500", 100);
    answered(blue, "200", 5_000);
    await until(() => tally("requests"), isAbout(1_000));
    await until(() => tally("errors"), isAbout(100));
    await until(() => tally("requests", blue), isAbout(5_000));
    assert.equal(await tally("errors", blue), undefined);
  });

  it("count slow answers by the bucket of 5 s, written as 5 or as 5.0", async () => {
    const of = { ...green, app: "voice-service" };
    for (const le of ["1", "5.0", "+Inf"]) took(of, le, 0);
    took(green, "5", 0);
    given().exporter.set("http_request_duration_seconds_count", of, 0);
    await scrapedNow(given());
    took(of, "1", 100);
    took(of, "5.0", 800);
    took(of, "+Inf", 1_000);
    took(green, "5", 50);
    given().exporter.set("http_request_duration_seconds_count", of, 1_000);
    await until(() => tally("quick", of), isAbout(800));
    await until(() => tally("measured", of), isAbout(1_000));
    await until(() => tally("quick"), isAbout(50));
    const p95 = async () =>
      (await given().prometheus.series(p95Query(APP, services, 300))).find(
        ({ labels }) => labels["app"] === "voice-service",
      )?.value;
    assert.equal(await until(p95, (value) => value === 5), 5);
  });

  it("count answers within each service's own objective", async () => {
    const of = { ...green, app: "voice-service" };
    const promised = { "api-gateway": 0.5, "voice-service": 2 };
    for (const labels of [green, of]) for (const le of ["0.5", "2.0"]) took(labels, le, 0);
    await scrapedNow(given());
    for (const labels of [green, of]) {
      took(labels, "0.5", 300);
      took(labels, "2.0", 900);
    }
    const prompt = async (service: string) =>
      (await given().prometheus.series(promptQuery(APP, promised, ago))).find(
        ({ labels }) => labels["app"] === service,
      )?.value;
    // What increases within a second or two is extrapolated, and 300 is far from 900 all the same.
    await until(() => prompt("api-gateway"), isAbout(300));
    await until(() => prompt("voice-service"), isAbout(900));
  });

  it("are known up to their newest sample, and for a day have exported what they export no more", async () => {
    const of = { ...green, app: "voice-service", pod: "p" };
    answered(of, "200", 1);
    const latest = async () =>
      (await given().prometheus.series(latestQuery(APP, services, "requests"))).find(
        ({ labels }) => labels["app"] === "voice-service",
      )?.value;
    const exported = async () =>
      (await given().prometheus.series(exportedQuery(APP, services, "requests", 86_400))).map(
        ({ labels }) => labels["app"],
      );
    const seconds = await until(latest, (value) => value !== undefined);
    assert.ok(Math.abs(1_000 * seconds! - Date.now()) < 10_000);
    given().exporter.clear();
    await until(latest, (value) => value === undefined);
    assert.ok((await exported()).includes("voice-service"));
    assert.deepEqual(
      await given().prometheus.series(exportedQuery(APP, ["admin-panel"], "requests", 86_400)),
      [],
    );
  });

  it("are judged by what they counted: one that fails a tenth of its requests breaches the limit", async () => {
    const judged = ["storage", "notification"];
    const began = new Date(Date.now() - 600_000).toISOString();
    const asked = (): AnalysisAsked => ({
      rules: judged.map((service) => ({ ...ruleAt(), service })),
      ...{ colour: "green", version: "2.4.0", since: began, now: new Date().toISOString() },
    });
    const judge = async () => {
      const { further, remarks } = await applications(given().prometheus, SUBJECT, asked());
      const found = further.map(({ limits, ...pair }) =>
        judgeThresholds({ ...pair, now: new Date().toISOString() }, limits),
      );
      return { findings: found.flat(), remarks };
    };
    const each = judged.flatMap((app) => [
      { ...green, app },
      { ...blue, app },
    ]);
    for (const of of each) {
      for (const code of ["200", "500"]) answered(of, code, 0);
      for (const le of ["5", "+Inf"]) took(of, le, 0);
      given().exporter.set("http_request_duration_seconds_count", of, 0);
    }
    await scrapedNow(given());
    for (const of of each) {
      const failing = of.colour === "green" && of.app === "notification" ? 1_000 : 0;
      answered(of, "200", 10_000 - failing);
      answered(of, "500", failing);
      for (const le of ["5", "+Inf"]) took(of, le, 10_000);
      given().exporter.set("http_request_duration_seconds_count", of, 10_000);
    }
    const { findings, remarks } = await until(judge, (found) =>
      found.findings.some(({ verdict }) => verdict === "failure"),
    );
    assert.deepEqual(remarks, []);
    assert.equal(findings.length, 6);
    const failed = findings.filter(({ verdict }) => verdict === "failure");
    assert.deepEqual(
      failed.map(({ criterion, urgency }) => [criterion, urgency]),
      [
        ["errorRate", "retreat"],
        ["errorGate", "hold"],
      ],
    );
    for (const { evidence } of failed) assert.match(evidence, /^notification green: .* failed/);
    given().exporter.answer(false);
    await until(judge, (found) => found.findings.every(({ verdict }) => verdict === "could-not-observe"));
  });

  it("are asked for by their names and nothing more, whatever those have in them", async () => {
    for (const name of ['a"b', "a\\b", "a.b", "a|b", "a{b}"]) {
      given().exporter.set("http_requests_total", { ...green, app: name, code: "200" }, 1);
    }
    given().exporter.set("http_requests_total", { ...green, app: "axb", code: "200" }, 1);
    await scrapedNow(given());
    for (const name of ['a"b', "a\\b", "a.b", "a|b", "a{b}"]) {
      const found = await given().prometheus.series(latestQuery(APP, [name], "requests"));
      assert.deepEqual(
        found.map(({ labels }) => labels["app"]),
        [name],
      );
    }
  });
});

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { PROMETHEUS_URL, queryNumber } from "../../cloud/prometheus";
import { readyQuery, restartsQuery, unreadyQuery } from "../../model/analysis/queries";
import { becomes, scrapedByPrometheus, scrapedNow, until } from "./prometheus-subject";

const APP = "voiceassist";
const POD = "api-gateway-green-5d4c7b9f6-abcde";
const pod = (name = POD) => ({ namespace: APP, pod: name });

describe("Prometheus contract: a real server", function () {
  this.timeout(60_000);
  const given = scrapedByPrometheus();
  const refuses = (query: string, why: RegExp) => assert.rejects(given().prometheus.number(query), why);

  describe("one number", () => {
    it("is that of a vector's only series, and of a scalar, with Prometheus' time", async () => {
      given().exporter.set("queue", { name: "a" }, 7);
      await becomes(given(), "queue", 7);
      const { value, at } = await given().prometheus.number("scalar(queue) * 2");
      assert.equal(value, 14);
      assert.ok(Math.abs(Date.parse(at) - Date.now()) < 10_000, at);
    });

    it("is none of no series, of several, of NaN and of infinity, each by its own words", async () => {
      given().exporter.set("queue", { name: "a" }, 7);
      given().exporter.set("queue", { name: "b" }, 8);
      await scrapedNow(given());
      await refuses("missing", /it gives no series: nothing is there, or its labels are others/);
      await refuses("queue", /it gives 2 series; one is needed: aggregate them/);
      await refuses("sum(queue) * NaN", /it gives NaN, which is no number/);
      await refuses("0 / (sum(queue) * 0)", /it gives NaN/);
      await refuses("sum(queue) / 0", /it gives Infinity, which is no number/);
      await refuses("-sum(queue) / 0", /it gives -Infinity/);
    });

    it("is none of what is neither vector nor scalar, nor of what is no PromQL", async () => {
      await refuses("queue[5m]", /it answers a matrix; one number is needed/);
      await refuses('"seven"', /it answers a string/);
      await refuses("sum(", /it refuses: 400 bad_data: .*parse error/);
    });

    it("is none once the target that told it is down, and again once it is back", async () => {
      given().exporter.set("queue", { name: "a" }, 7);
      await becomes(given(), "queue", 7);
      given().exporter.answer(false);
      await until(
        () => given().prometheus.series("queue"),
        (points) => points.length === 0,
      );
      await refuses("queue", /no series/);
      given().exporter.answer(true);
      await becomes(given(), "queue", 7);
    });

    it("is seen by who has configured where it is, and unseen by who has not, or wrongly", async () => {
      given().exporter.set("queue", { name: "a" }, 7);
      await becomes(given(), "queue", 7);
      const seen = async (url: string | undefined) => {
        const before = process.env[PROMETHEUS_URL];
        if (url === undefined) Reflect.deleteProperty(process.env, PROMETHEUS_URL);
        else process.env[PROMETHEUS_URL] = url;
        try {
          return await queryNumber("queue");
        } finally {
          if (before === undefined) Reflect.deleteProperty(process.env, PROMETHEUS_URL);
          else process.env[PROMETHEUS_URL] = before;
        }
      };
      const found = await seen(given().server.url);
      assert.equal("value" in found && found.value.value, 7);
      assert.deepEqual(await seen(undefined), {
        unseen: "no Prometheus is configured; name it: export SLUICE_PROMETHEUS_URL=http://HOST:9090",
      });
      assert.deepEqual(await seen("ana:secret@prometheus"), {
        unseen: "Prometheus: SLUICE_PROMETHEUS_URL is no URL; allowed is one such as http://127.0.0.1:9090",
      });
    });
  });

  describe("pods", () => {
    const restarts = restartsQuery(APP, "api-gateway", "green", 600);
    const unready = unreadyQuery(APP, "api-gateway", "green", 1_140);
    const restarted = (name: string, times: number) =>
      given().exporter.set(
        "kube_pod_container_status_restarts_total",
        { ...pod(name), container: "c" },
        times,
      );
    const ready = (isReady: boolean, name = POD) =>
      given().exporter.set("kube_pod_status_ready", { ...pod(name), condition: "true" }, isReady ? 1 : 0);
    const made = (secondsAgo: number, name = POD) =>
      given().exporter.set("kube_pod_created", pod(name), Math.floor(Date.now() / 1_000) - secondsAgo);

    it("have restarted as often as the one that did so most, since then and of this colour", async () => {
      restarted(POD, 4);
      restarted("api-gateway-green-5d4c7b9f6-fghij", 0);
      restarted("api-gateway-blue-5d4c7b9f6-abcde", 50);
      restarted("api-gateway-green-eu-5d4c7b9f6-abcde", 50);
      given().exporter.set(
        "kube_pod_container_status_restarts_total",
        { namespace: "another", pod: POD, container: "c" },
        50,
      );
      await becomes(given(), restarts, 0);
      restarted(POD, 7);
      restarted("api-gateway-blue-5d4c7b9f6-abcde", 90);
      restarted("api-gateway-green-eu-5d4c7b9f6-abcde", 90);
      await becomes(given(), restarts, 3);
    });

    it("that are gone, and of which nobody tells, are no number", async () => {
      await scrapedNow(given());
      await refuses(restarts, /no series/);
      await refuses(unready, /no series/);
      await refuses(readyQuery(APP, "api-gateway", "green"), /no series/);
    });

    it("that are all ready wait for nothing, and are counted", async () => {
      for (const name of [POD, "api-gateway-green-5d4c7b9f6-fghij"]) {
        ready(true, name);
        made(5_000, name);
      }
      await becomes(given(), readyQuery(APP, "api-gateway", "green"), 2);
      await becomes(given(), unready, 0);
    });

    it("that never became ready wait since they were made, by the one that waits longest", async () => {
      const second = "api-gateway-green-5d4c7b9f6-klmno";
      ready(true, "api-gateway-green-5d4c7b9f6-pqrst");
      ready(false, second);
      made(100, second);
      const third = "api-gateway-green-5d4c7b9f6-uvwxy";
      ready(false, third);
      made(600, third);
      const { value } = await until(
        () => given().prometheus.number(unready),
        (found) => found.value > 100,
      );
      assert.ok(value >= 600 && value < 640, String(value));
      made(50_000, third);
      await becomes(given(), unready, 1_140);
    });

    it("that were ready wait since then, however old they are", async () => {
      const name = "api-gateway-green-5d4c7b9f6-zzzzz";
      ready(true, name);
      made(50_000, name);
      await becomes(given(), unready, 0);
      // A subquery looks every 15 s; one of its looks must see the pod ready.
      await sleep(16_000);
      ready(false, name);
      const { value } = await until(
        () => given().prometheus.number(unready),
        (found) => found.value > 0,
      );
      assert.ok(value < 40, String(value));
    });

    it("that have ended, or are leaving, wait for nothing", async () => {
      const [ended, leaving] = ["api-gateway-green-5d4c7b9f6-ended", "api-gateway-green-5d4c7b9f6-leave"];
      for (const name of [ended, leaving]) {
        ready(false, name);
        made(900, name);
      }
      given().exporter.set("kube_pod_status_phase", { ...pod(ended), phase: "Failed" }, 1);
      given().exporter.set("kube_pod_deletion_timestamp", pod(leaving), Date.now() / 1_000);
      await becomes(given(), unready, 0);
    });

    it("of which it is not known since when they wait are no number, and not none", async () => {
      ready(false, "api-gateway-green-5d4c7b9f6-nobdy");
      await scrapedNow(given());
      await refuses(unready, /it gives NaN/);
    });
  });
});

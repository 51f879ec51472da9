import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Prometheus } from "../../cloud/prometheus";
import { readyQuery, restartsQuery, tallyQuery, unreadyQuery } from "../../model/analysis/queries";
import { scrapeRoutes } from "../../rehearsal/cloud/cluster/scrape-routes";
import { type Endpoint, serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import { type PrometheusServer, startPrometheus } from "../../rehearsal/prometheus/start";
import { say } from "../cloud/tools";
import {
  DEPLOYMENT,
  NAMESPACE,
  type TestCluster,
  deployment,
  template,
  testCluster,
} from "./cluster-fixture";

const APP = "voiceassist";
const LABELS = { app: "api-gateway", colour: "green", version: "2.4.0" };

describe("a real Prometheus beside the local cluster", function () {
  this.timeout(300_000);
  let cluster: TestCluster;
  let endpoint: Endpoint;
  let server: PrometheusServer;
  let dir: string;

  before(async () => {
    cluster = testCluster();
    const routes = scrapeRoutes(cluster.world, cluster.controllers);
    endpoint = await serveEndpoint(cluster.world, new Faults(), routes);
    dir = await mkdtemp(join(tmpdir(), "sluice-prometheus-"));
    const rules = join(dir, "rules.yml");
    const rule = { record: "colour:requests:count", expr: "sum by (app, colour) (http_requests_total)" };
    await writeFile(rules, JSON.stringify({ groups: [{ name: "test", rules: [rule] }] }));
    await cluster.create(NAMESPACE, APP, {});
    await cluster.create(DEPLOYMENT, "api-gateway-green", {
      metadata: { namespace: APP },
      ...deployment({ replicas: 2, template: template(LABELS) }, LABELS),
    });
    try {
      server = await startPrometheus({ endpoint: endpoint.url, rules: [rules], dir, say });
    } catch (error) {
      process.stdout.write(`NOT RUN the local cluster in Prometheus: ${(error as Error).message}\n`);
      throw error;
    }
  });
  after(async () => {
    // Where it could not be started, there is none.
    await (server as PrometheusServer | undefined)?.stop();
    await endpoint.close();
    cluster.controllers.close();
    await rm(dir, { recursive: true, force: true });
  });

  const pods = () => cluster.controllers.pods();
  const visit = (times: number) =>
    Promise.all(pods().map(({ port }) => request(`http://127.0.0.1:${port}/`, times)));
  const request = async (url: string, times: number) => {
    for (let at = 0; at < times; at++) await (await fetch(url)).text();
  };

  /** Waits until a query gives what is wanted; Prometheus looks each second, and for new pods every five. */
  async function becomes(query: string, wanted: (values: readonly number[]) => boolean): Promise<void> {
    const prometheus = new Prometheus(server.url);
    let last = "";
    for (const until = performance.now() + 20_000; performance.now() < until;) {
      const series = await prometheus.series(query).catch((error: unknown) => String(error));
      const values = typeof series === "string" ? [] : series.map(({ value }) => value);
      if (wanted(values)) return;
      last = typeof series === "string" ? series : JSON.stringify(values);
      await pause(250);
    }
    assert.fail(`${query} still gives ${last}`);
  }
  const is = (value: number) => (values: readonly number[]) => values.length === 1 && values[0] === value;

  it("knows requests by application, colour and version, from the pods themselves", async () => {
    await visit(20);
    await becomes(
      `sum(http_requests_total{app="api-gateway",colour="green",version="2.4.0",code="200"})`,
      is(40),
    );
    await becomes(`count(http_requests_total{namespace="${APP}"})`, is(2));
    await visit(20);
    await becomes(
      tallyQuery(APP, ["api-gateway"], "requests", { from: 300, to: 0 }),
      ([value = 0]) => value >= 40,
    );
  });

  it("answers what the analysis asks of pods: ready, restarted, waiting", async () => {
    await becomes(readyQuery(APP, "api-gateway", "green"), is(2));
    await becomes(unreadyQuery(APP, "api-gateway", "green", 600), is(0));
    await becomes(restartsQuery(APP, "api-gateway", "green", 600), is(0));
    cluster.controllers.setBehaviour(LABELS, { crash: true });
    await becomes(readyQuery(APP, "api-gateway", "green"), is(0));
    await becomes(restartsQuery(APP, "api-gateway", "green", 600), ([value = 0]) => value >= 1);
    cluster.controllers.clearBehaviours();
    await becomes(readyQuery(APP, "api-gateway", "green"), is(2));
  });

  it("evaluates the rules that it was given", async () => {
    // Restarted pods count anew.
    await visit(1);
    await becomes(`colour:requests:count{colour="green"}`, ([value = 0]) => value > 0);
  });
});

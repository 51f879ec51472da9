import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Prometheus } from "../../cloud/prometheus";
import { dashboardsOf } from "../../model/monitoring/grafana";
import { namespaceName } from "../../model/names";
import { COLOURS } from "../../model/release";
import { defaultServices } from "../../model/services";
import { type Scene, setScene } from "../../rehearsal/dashboards/scene";
import { say } from "../cloud/tools";
import { writePast } from "./past";
import { PROD } from "./stack";
import { type Usage, startUsage } from "./usage";

const services = defaultServices(PROD.app, "prod");
const dashboards = dashboardsOf({ app: PROD.app, services, slo: PROD.slo, console: "https://example.com" });

/** How long series may take to be there: a scrape, a rule on it, another rule on that. */
const LONGEST = 40;

describe("every panel, asked of a real Prometheus that scrapes local pods", function () {
  this.timeout(300_000);
  let dir: string;
  let scene: Scene;
  let usage: Usage;
  let prometheus: Prometheus;
  const traffic = new AbortController();
  let visits: Promise<void>;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "sluice-panels-"));
    usage = await startUsage(() => (scene as Scene | undefined)?.pods() ?? []);
    try {
      await writePast(dir, namespaceName(PROD.app));
      const targets = [{ targets: [usage.exporter.target], labels: { job: "kubelet" } }];
      scene = await setScene({ watched: PROD, dir, targets, say });
    } catch (error) {
      process.stdout.write(`NOT RUN every panel's query: ${(error as Error).message}\n`);
      throw error;
    }
    prometheus = new Prometheus(scene.url);
    scene.behave({}, { provider: { name: "groq", rateLimited: 10, errorRate: 2 } });
    scene.behave({ colour: "green" }, { errorRate: 3, latencyMs: 5 });
    visits = users();
  });
  after(async () => {
    traffic.abort();
    await visits;
    await (scene as Scene | undefined)?.stop();
    await usage.stop();
    await rm(dir, { recursive: true, force: true });
  });

  /** A request after the other to each pod, three of blue for one of green. */
  async function users(): Promise<void> {
    while (!traffic.signal.aborted) {
      await Promise.all(COLOURS.map((colour) => scene.visit(colour, colour === "blue" ? 3 : 1)));
      await pause(50);
    }
  }

  /** Whether a query gives a series with a number. @throws Error where Prometheus refuses it */
  const hasData = async (query: string): Promise<boolean> =>
    (await prometheus.series(query)).some(({ value }) => Number.isFinite(value));

  it("is empty where its query names what nobody exports", async () => {
    assert.equal(await hasData(`http_request_total{namespace="${PROD.app}"}`), false);
    await assert.rejects(hasData(`sum by (colour (up)`), /parse error|400/);
  });

  for (const { title, rows, annotations } of dashboards) {
    it(`has data in ${title}`, async () => {
      const panels = rows.flatMap((row) => row.panels);
      let missing: string[] = [];
      for (const until = performance.now() + 1_000 * LONGEST; performance.now() < until;) {
        missing = [];
        for (const panel of panels) {
          for (const { expr } of panel.queries) {
            if (!(await hasData(expr))) missing.push(`${panel.title}: ${expr}`);
          }
        }
        if (missing.length === 0) break;
        await pause(1_000);
      }
      assert.deepEqual(missing, []);
      // What marks moments has data at those moments alone.
      for (const { expr } of annotations) await prometheus.series(expr);
    });
  }
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PrometheusServer, runPrometheus } from "../../rehearsal/prometheus/server";
import { say } from "./tools";

export { freePort, type PrometheusServer } from "../../rehearsal/prometheus/server";

/**
 * Starts a real Prometheus on loopback that scrapes targets every second, and waits until it answers.
 *
 * @param targets hosts and ports whose `/metrics` are scraped
 * @throws Error with the reason and what mends it, when it can't be had
 */
export async function startPrometheus(targets: readonly string[]): Promise<PrometheusServer> {
  const dir = await mkdtemp(join(tmpdir(), "sluice-prometheus-"));
  const scrape = { job_name: "test", honor_labels: true, static_configs: [{ targets }] };
  const global = { scrape_interval: "1s", scrape_timeout: "1s" };
  const removed = () => rm(dir, { recursive: true, force: true });
  try {
    const { url, stop } = await runPrometheus({ config: { global, scrape_configs: [scrape] }, dir, say });
    return { url, stop: () => stop().then(removed) };
  } catch (error) {
    await removed();
    throw error;
  }
}

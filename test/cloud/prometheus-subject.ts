import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Prometheus } from "../../cloud/prometheus";
import { type Exporter, startExporter } from "./exporter";
import { type PrometheusServer, startPrometheus } from "./prometheus-server";

/** A real Prometheus and what it scrapes, there from the first test of a suite to its last. */
export interface Scraped {
  readonly exporter: Exporter;
  readonly server: PrometheusServer;
  readonly prometheus: Prometheus;
}

/**
 * Starts both for the suite that calls it; each test begins without series. Where Prometheus cannot be had, it says that
 * the suite did not run, and the suite fails.
 *
 * @returns gives them, once a test runs
 */
export function scrapedByPrometheus(): () => Scraped {
  let scraped: Scraped | undefined;
  let exporter: Exporter | undefined;
  const given = (): Scraped => {
    assert.ok(scraped, "Prometheus has not been started");
    return scraped;
  };
  before(async function () {
    // The first run takes the package from Debian.
    this.timeout(300_000);
    exporter = await startExporter();
    try {
      const server = await startPrometheus([exporter.target]);
      scraped = { exporter, server, prometheus: new Prometheus(server.url) };
    } catch (error) {
      process.stdout.write(`NOT RUN Prometheus contract: ${(error as Error).message}\n`);
      throw error;
    }
  });
  after(async () => {
    await scraped?.server.stop();
    await exporter?.stop();
  });
  beforeEach(() => {
    given().exporter.answer(true);
    given().exporter.clear();
  });
  return given;
}

/** Waits until what is asked is as wanted; fails with the last answer where it never is. */
export async function until<Value>(
  asking: () => Promise<Value>,
  wanted: (value: Value) => boolean,
): Promise<Value> {
  let last = "";
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    try {
      const value = await asking();
      if (wanted(value)) return value;
      last = JSON.stringify(value);
    } catch (error) {
      last = (error as Error).message;
    }
    await sleep(200);
  }
  return assert.fail(`it still is ${last}`);
}

/** Waits until a query's number is this. */
export const becomes = ({ prometheus }: Scraped, query: string, wanted: number) =>
  until(
    () => prometheus.number(query),
    ({ value }) => value === wanted,
  );

/** Waits until what is set now has been scraped. */
export async function scrapedNow(scraped: Scraped): Promise<void> {
  const mark = { at: String(Date.now()) };
  scraped.exporter.set("mark", mark, 1);
  await becomes(scraped, `mark{at="${mark.at}"}`, 1);
}

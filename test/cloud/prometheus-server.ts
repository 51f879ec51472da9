import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cached, ended, run, say } from "./tools";

const LEASH = join(__dirname, "../../rehearsal/engine/leash.js");

/** A running Prometheus. */
export interface PrometheusServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a real Prometheus on loopback that scrapes targets every second, and waits until it answers. Its program is
 * the machine's own, or is taken out of Debian's package on first use, into the user's cache folder.
 *
 * @param targets hosts and ports whose `/metrics` are scraped
 * @throws Error with the reason and what mends it, when it can't be had
 */
export async function startPrometheus(targets: readonly string[]): Promise<PrometheusServer> {
  const program = await find();
  const folder = mkdtempSync(join(tmpdir(), "sluice-prometheus-"));
  const port = await freePort();
  const config = join(folder, "prometheus.yml");
  // JSON is YAML.
  const scrape = { job_name: "test", honor_labels: true, static_configs: [{ targets }] };
  const global = { scrape_interval: "1s", scrape_timeout: "1s" };
  writeFileSync(config, JSON.stringify({ global, scrape_configs: [scrape] }));
  const flags = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn(process.execPath, [LEASH, program, ...flags], { stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
  const exited = ended(child);
  const state = { hasEnded: false };
  void exited.then(() => (state.hasEnded = true));
  const stop = async () => {
    child.kill("SIGTERM");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  for (const until = Date.now() + 30_000; Date.now() < until && !state.hasEnded;) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok) return { url, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`prometheus did not start; it said:\n${said}`);
}

/** The program's path. */
async function find(): Promise<string> {
  if (spawnSync("prometheus", ["--version"]).status === 0) return "prometheus";
  const mend =
    "install Prometheus, so that `prometheus` is found (Debian and Ubuntu: the package prometheus)";
  const folder = await cached("prometheus-debian", async (unfinished) => {
    say(`taking Prometheus out of Debian's package into ${unfinished}`);
    mkdirSync(unfinished);
    // Installed, it would run as a service of the machine.
    await run("apt-get", ["download", "prometheus"], mend, { cwd: unfinished });
    const file = readdirSync(unfinished).find((name) => name.endsWith(".deb")) ?? "prometheus.deb";
    await run("dpkg-deb", ["--extract", file, "."], mend, { cwd: unfinished });
    rmSync(join(unfinished, file));
  });
  return join(folder, "usr/bin/prometheus");
}

/** A port of loopback that is free at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });

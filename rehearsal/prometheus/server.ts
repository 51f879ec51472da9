import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { programOf, type Waiting } from "./debian";

/** A running Prometheus. */
export interface PrometheusServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** How to run one. */
export interface ServerOptions extends Waiting {
  /** What `prometheus.yml` has in it. */
  readonly config: object;
  /** A folder for it and for its data, made where it is not there. */
  readonly dir: string;
}

const LEASH = join(__dirname, "../engine/leash.js");

/** How long it may take to answer, in seconds, and how often it is asked meanwhile, in milliseconds. */
const LONGEST = 30;
const EVERY = 100;

/**
 * Starts a real Prometheus on loopback and waits until it answers. It ends with this process, however that ends, and
 * when `signal` aborts.
 *
 * @throws Error with the reason and what mends it, when it can't be had; with what it said, when it does not start
 */
export async function runPrometheus({ config, dir, ...waiting }: ServerOptions): Promise<PrometheusServer> {
  const { signal } = waiting;
  const program = await programOf("prometheus", "prometheus", waiting);
  await mkdir(dir, { recursive: true });
  const file = join(dir, "prometheus.yml");
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config, undefined, 2));
  const port = await freePort();
  const flags = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(dir, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn(process.execPath, [LEASH, program, ...flags], { stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
  const state = { ended: false };
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve()).once("close", () => resolve());
  }).then(() => void (state.ended = true));
  // Its standard input is what holds it; it may close first.
  child.stdin.on("error", () => undefined);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  signal?.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + 1_000 * LONGEST;
  while (performance.now() < until && !state.ended && !signal?.aborted) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok) return { url, stop };
    await pause(EVERY);
  }
  await stop();
  signal?.throwIfAborted();
  throw new Error(`prometheus did not start; it said:\n${said}`);
}

/** A port of loopback that is free at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

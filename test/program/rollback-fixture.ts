import { type ChildProcess, spawn } from "node:child_process";
import type { Cloud } from "../../rehearsal/cloud/start";
import { type Counts, startTraffic } from "../../rehearsal/traffic/traffic";

/** A process that was started, with what it has printed so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly printed: () => string;
  readonly ended: Promise<number | null>;
}

/** Starts a process; standard error is part of what it prints. */
export function start(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Running {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => said.push(String(text)));
  return {
    child,
    printed: () => said.join(""),
    ended: new Promise((resolve, reject) => child.once("error", reject).once("close", resolve)),
  };
}

/** Requests that are being watched. */
export interface Watched {
  /** How many green has answered. */
  green(): number;
  /** When it last did, in milliseconds of `performance.now()`. */
  lastGreen(): number;
  /** Ends the requests, and counts them. */
  stop(): Promise<Counts>;
}

/** Real requests to a service, and when the candidate last answered one. */
export async function watched(cloud: Cloud): Promise<Watched> {
  const [listener] = await cloud.listeners();
  const traffic = startTraffic({
    targets: [{ service: "api-gateway", url: `${listener!.url}/api` }],
    sessions: 10,
    requestsPerSession: 1,
  });
  let [count, last] = [0, 0];
  const watch = setInterval(() => {
    const { green } = traffic.counts().requests;
    if (green > count) [count, last] = [green, performance.now()];
  }, 5);
  return {
    green: () => traffic.counts().requests.green,
    lastGreen: () => last,
    stop: async () => {
      await traffic.stop();
      clearInterval(watch);
      return traffic.counts();
    },
  };
}

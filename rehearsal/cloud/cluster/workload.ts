import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Backend } from "../data/sign-in";
import { refusalIn, type Findings } from "./backends";
import type { Identity } from "./identity";
import { Metrics } from "./metrics";

/** How a pod (mis)behaves. Everything is optional; without it a pod is healthy and quick. */
export interface PodBehaviour {
  /** Share of ordinary requests that are answered with 500, in percent, 0-100. Default 0. */
  readonly errorRate?: number;
  /** What every ordinary request takes, in milliseconds. Default 0. */
  readonly latencyMs?: number;
  /** The health paths answer 503. Default false. */
  readonly unhealthy?: boolean;
  /** The container exits, and exits again whenever it is restarted. Default false. */
  readonly crash?: boolean;
  /** From the container's start until it listens, in milliseconds. Default 20; 0 in a Job. */
  readonly startupMs?: number;
  /** With what a Job's command exits, 0-255; anything but 0 is a failure. Default 0. */
  readonly exitCode?: number;
  /** What a Job's command takes, in seconds. Default 0.05. */
  readonly runSeconds?: number;
}

/** The health paths, each with the backends that it looks at. */
const HEALTH: Readonly<Record<string, readonly Backend[]>> = {
  "/health": [],
  "/health/db": ["database"],
  "/health/redis": ["cache"],
  "/health/detailed": ["database", "cache"],
};

/** What a pod is asked at each request. */
export interface PodState {
  readonly behaviour: () => PodBehaviour;
  /** Whether it has been told to end, so that the client is told not to use the connection again. */
  readonly closing: () => boolean;
  /** What its backends say to the credentials that it holds now. */
  readonly signIn: () => Findings;
}

/**
 * The service that every local pod runs: it answers any path with who it is, the health paths with its
 * health, and /metrics for Prometheus. Every ordinary request needs its backends: one that refuses the pod's
 * credentials makes it fail.
 */
export function workload(identity: Identity, { behaviour, closing, signIn }: PodState): RequestListener {
  const metrics = new Metrics(identity);
  const headers = { "x-version": identity.version, "x-colour": identity.colour };
  const answer = JSON.stringify(identity);

  const send = (response: ServerResponse, status: number, body: string, type = "application/json"): void => {
    response.writeHead(status, {
      ...headers,
      ...(closing() && { connection: "close" }),
      "content-type": type,
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  };

  const health = (response: ServerResponse, backends: readonly Backend[]): void => {
    const found = new Map([...signIn()].filter(([backend]) => backends.includes(backend)));
    const unhealthy = behaviour().unhealthy === true || refusalIn(found) !== undefined;
    const body = {
      status: unhealthy ? "unhealthy" : "healthy",
      version: identity.version,
      timestamp: new Date().toISOString(),
      ...(found.size > 0 && {
        checks: Object.fromEntries([...found].map(([backend, refusal]) => [backend, refusal ?? "ok"])),
      }),
    };
    send(response, unhealthy ? 503 : 200, JSON.stringify(body));
  };

  const serve = (response: ServerResponse, arrived: number): void => {
    const failed = Math.random() * 100 < (behaviour().errorRate ?? 0);
    const error = failed ? "internal error" : refusalIn(signIn());
    const status = error === undefined ? 200 : 500;
    send(response, status, error === undefined ? answer : JSON.stringify({ ...identity, error }));
    metrics.observe(status, (performance.now() - arrived) / 1000);
  };

  return (request: IncomingMessage, response: ServerResponse) => {
    const arrived = performance.now();
    request.resume();
    const path = (request.url ?? "/").split("?", 1)[0]!;
    const { latencyMs = 0 } = behaviour();
    if (path === "/metrics") send(response, 200, metrics.text(), "text/plain; version=0.0.4");
    else if (path in HEALTH) health(response, HEALTH[path]!);
    else if (latencyMs > 0) setTimeout(serve, latencyMs, response, arrived);
    else serve(response, arrived);
  };
}

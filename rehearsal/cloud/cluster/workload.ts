import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
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
  /** From the container's start until it listens, in milliseconds. Default 20. */
  readonly startupMs?: number;
  /** A Job's pod exits with an error. Default false. */
  readonly fail?: boolean;
  /** What a Job's pod takes, in milliseconds. Default 50. */
  readonly runMs?: number;
}

const HEALTH = ["/health", "/health/db", "/health/redis", "/health/detailed"];

/**
 * The service that every local pod runs: it answers any path with who it is, the health paths with its
 * health, and /metrics for Prometheus. `behaviour` is asked at each request, `closing` says whether the
 * process has been told to end, so that the client is told not to use the connection again.
 */
export function workload(
  identity: Identity,
  behaviour: () => PodBehaviour,
  closing: () => boolean,
): RequestListener {
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

  const health = (response: ServerResponse): void => {
    const { unhealthy = false } = behaviour();
    const body = {
      status: unhealthy ? "unhealthy" : "healthy",
      version: identity.version,
      timestamp: new Date().toISOString(),
    };
    send(response, unhealthy ? 503 : 200, JSON.stringify(body));
  };

  const serve = (response: ServerResponse, arrived: number): void => {
    const failed = Math.random() * 100 < (behaviour().errorRate ?? 0);
    const status = failed ? 500 : 200;
    send(response, status, failed ? JSON.stringify({ ...identity, error: "internal error" }) : answer);
    metrics.observe(status, (performance.now() - arrived) / 1000);
  };

  return (request: IncomingMessage, response: ServerResponse) => {
    const arrived = performance.now();
    request.resume();
    const path = (request.url ?? "/").split("?", 1)[0]!;
    const { latencyMs = 0 } = behaviour();
    if (path === "/metrics") send(response, 200, metrics.text(), "text/plain; version=0.0.4");
    else if (HEALTH.includes(path)) health(response);
    else if (latencyMs > 0) setTimeout(serve, latencyMs, response, arrived);
    else serve(response, arrived);
  };
}

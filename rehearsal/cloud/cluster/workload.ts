import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { nowIso } from "../../../cloud/clock";
import { PREVIEW_HEADER } from "../../../model/names";
import type { Chance } from "../../chance";
import type { Backend } from "../data/sign-in";
import { refusalIn, type Findings } from "./backends";
import { EXPOSITION } from "./exposition";
import type { Identity } from "./identity";
import { Metrics } from "./metrics";
import type { ProviderFault, ProviderUse } from "./provider-calls";
import { ProviderClient } from "./provider-client";

/** How a pod (mis)behaves. Everything is optional; without it a pod is healthy and quick. */
export interface PodBehaviour {
  /** Share of ordinary requests that are answered with 500, in percent, 0-100. Default 0. */
  readonly errorRate?: number;
  /** What every ordinary request takes, in milliseconds. Default 0. */
  readonly latencyMs?: number;
  /** What every ordinary request uses of a processor, in milliseconds, which is what autoscalers go by. Default 0.6. */
  readonly cpuMs?: number;
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
  /** How the providers of models that it asks (mis)behave. Default: all answer, at once. */
  readonly provider?: ProviderFault;
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
  /** Called with each ordinary request that arrives. */
  readonly arrived: () => void;
  /** Decides which requests fail, where some do. */
  readonly chance: Chance;
}

/**
 * The service that every local pod runs: it answers any path with who it is, the health paths with its
 * health, and /metrics for Prometheus. Every ordinary request needs its backends and a provider of models: a backend
 * that refuses the pod's credentials makes it fail, and so do providers of which none answers.
 */
export function workload(
  identity: Identity,
  use: ProviderUse,
  { behaviour, closing, signIn, chance, arrived: count }: PodState,
): RequestListener {
  const metrics = new Metrics();
  const providers = new ProviderClient(use, metrics, () => behaviour().provider, chance);
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
      timestamp: nowIso(),
      ...(found.size > 0 && {
        checks: Object.fromEntries([...found].map(([backend, refusal]) => [backend, refusal ?? "ok"])),
      }),
    };
    send(response, unhealthy ? 503 : 200, JSON.stringify(body));
  };

  const finish = (response: ServerResponse, arrived: number, status: number, error?: string): void => {
    send(response, status, error === undefined ? answer : JSON.stringify({ ...identity, error }));
    // What validation sends beside users says nothing of them: docs/metrics.md.
    if (response.req.headers[PREVIEW_HEADER] !== undefined) return;
    metrics.add("requests", { code: String(status) });
    metrics.observe("duration", {}, (performance.now() - arrived) / 1000);
  };

  const serve = (response: ServerResponse, arrived: number): void => {
    const failed = chance() * 100 < (behaviour().errorRate ?? 0);
    const error = failed ? "internal error" : refusalIn(signIn());
    if (error !== undefined) {
      finish(response, arrived, 500, error);
      return;
    }
    providers.ask((refused) => finish(response, arrived, refused === undefined ? 200 : 502, refused));
  };

  return (request: IncomingMessage, response: ServerResponse) => {
    const arrived = performance.now();
    request.resume();
    const path = (request.url ?? "/").split("?", 1)[0]!;
    if (path === "/metrics") {
      send(response, 200, metrics.text(), EXPOSITION);
      return;
    }
    if (path in HEALTH) {
      health(response, HEALTH[path]!);
      return;
    }
    count();
    const { latencyMs = 0 } = behaviour();
    if (latencyMs > 0) setTimeout(serve, latencyMs, response, arrived);
    else serve(response, arrived);
  };
}

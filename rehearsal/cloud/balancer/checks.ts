import { request } from "node:http";
import { sleep } from "../../../cloud/clock";
import type { Target, World } from "../world";
import { accepts, type Failure, type HealthCheck, healthCheckOf, judge, type Standing } from "./health";
import { loadBalancersByGroup, TARGET_GROUP } from "./resources";

/**
 * Checks the health of registered targets and writes their state to the world. Only groups that a rule
 * or a default action names are checked; targets of the others wait as `initial`, and DescribeTargetHealth
 * reports them as unused.
 */
export class HealthChecks {
  readonly #running = new Map<Target, AbortController>();

  constructor(private readonly world: World) {}

  /** Starts and stops checks so that they fit the world; to be called whenever rules or targets changed. */
  follow(): void {
    const wanted = new Map<Target, string>();
    for (const groupArn of loadBalancersByGroup(this.world).keys()) {
      for (const target of this.world.targets(groupArn)) {
        if (target.state !== "draining") wanted.set(target, groupArn);
      }
    }
    for (const [target, stop] of this.#running) {
      if (wanted.has(target)) continue;
      stop.abort();
      this.#running.delete(target);
      // Out of use, what was known of its health is no longer true.
      if (target.state !== "draining") {
        Object.assign(target, { state: "initial", reason: "Elb.RegistrationInProgress" });
      }
    }
    for (const [target, groupArn] of wanted) {
      if (this.#running.has(target)) continue;
      const stop = new AbortController();
      this.#running.set(target, stop);
      void this.#watch(groupArn, target, stop.signal);
    }
  }

  close(): void {
    for (const stop of this.#running.values()) stop.abort();
    this.#running.clear();
  }

  async #watch(groupArn: string, target: Target, stop: AbortSignal): Promise<void> {
    const stopped = () => stop.aborted;
    let standing: Standing = { state: target.state, streak: 0 };
    while (!stopped()) {
      // Read each time, because an update of the target group holds from the next check on.
      const check = healthCheckOf(this.world.get(TARGET_GROUP, groupArn)?.properties ?? {});
      if (check.enabled) {
        const failure = await probe(target, check, stop);
        if (stopped()) return;
        standing = judge(standing, failure, check);
        this.#write(groupArn, target, standing);
      }
      await sleep(check.interval, { signal: stop, ref: false }).catch(() => undefined);
    }
  }

  #write(groupArn: string, target: Target, { state, reason }: Standing): void {
    if (target.state === state && target.reason === reason) return;
    target.state = state;
    target.reason = reason;
    // Readiness gates wait for a target's health, so those who follow the targets are told of it too.
    this.world.emit("targets", groupArn);
  }
}

/** One check of one target over a connection of its own; resolves with why it failed, if it did. */
function probe(target: Target, check: HealthCheck, stop: AbortSignal): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const probing = request({
      host: target.id,
      port: check.port === "traffic-port" ? target.port : Number(check.port),
      path: check.path,
      agent: false,
      signal: stop,
      headers: { "user-agent": "ELB-HealthChecker/2.0", connection: "close" },
    });
    const timer = setTimeout(() => {
      resolve("Target.Timeout");
      probing.destroy();
    }, check.timeout * 1000);
    probing.on("response", (response) => {
      response.resume();
      response.on("error", () => resolve("Target.FailedHealthChecks"));
      response.on("end", () =>
        resolve(accepts(check.matcher, response.statusCode ?? 0) ? undefined : "Target.ResponseCodeMismatch"),
      );
    });
    probing.on("error", () => resolve("Target.FailedHealthChecks"));
    probing.on("close", () => clearTimeout(timer));
    probing.end();
  });
}

import type { Target } from "../world";
import { numberFrom } from "./resources";

/** A target group's health check with AWS's defaults filled in. */
export interface HealthCheck {
  readonly enabled: boolean;
  readonly path: string;
  /** A number, or `traffic-port` for the port that the target is registered with. */
  readonly port: string;
  readonly protocol: string;
  /** Seconds from the end of one check to the start of the next. */
  readonly interval: number;
  /** Seconds. */
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** The status codes of a healthy target, for example `200`, `200,202` or `200-399`. */
  readonly matcher: string;
}

/** AWS's reasons for a failed check. */
export type Failure = "Target.Timeout" | "Target.ResponseCodeMismatch" | "Target.FailedHealthChecks";

/** What a target's health rests on: its state and the checks in a row that spoke against it. */
export interface Standing {
  readonly state: Target["state"];
  readonly reason?: string;
  readonly streak: number;
}

/** Reads the health check of a target group's properties. */
export function healthCheckOf(properties: Record<string, unknown>): HealthCheck {
  const check = (properties.healthCheck ?? {}) as Record<string, unknown>;
  return {
    enabled: check.enabled !== false,
    path: String(check.path ?? "/"),
    port: String(check.port ?? "traffic-port"),
    protocol: String(check.protocol ?? "HTTP"),
    interval: numberFrom(check.interval, 30),
    timeout: numberFrom(check.timeout, 5),
    healthyThreshold: numberFrom(check.healthyThreshold, 5),
    unhealthyThreshold: numberFrom(check.unhealthyThreshold, 2),
    matcher: String(check.matcher ?? "200"),
  };
}

/** Whether a status code is one of a matcher's. */
export const accepts = (matcher: string, status: number): boolean =>
  matcher.split(",").some((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return status >= (from ?? NaN) && status <= (to ?? NaN);
  });

/**
 * The standing of a target after a check: a new target needs one success, an unhealthy one as many in a
 * row as the healthy threshold; a healthy or new one turns unhealthy after as many failures in a row as
 * the unhealthy threshold.
 *
 * @param failure why the check failed; absent when it passed.
 */
export function judge(before: Standing, failure: Failure | undefined, check: HealthCheck): Standing {
  const { state } = before;
  if (state === "draining") return before;
  if (!failure) {
    if (state !== "unhealthy") return { state: "healthy", streak: 0 };
    const streak = before.streak + 1;
    return streak >= check.healthyThreshold ? { state: "healthy", streak: 0 } : { ...before, streak };
  }
  if (state === "unhealthy") return { state, reason: failure, streak: 0 };
  const streak = before.streak + 1;
  if (streak >= check.unhealthyThreshold) return { state: "unhealthy", reason: failure, streak: 0 };
  return { state, reason: state === "initial" ? "Elb.InitialHealthChecking" : undefined, streak };
}

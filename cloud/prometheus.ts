import { machineTimeOf, onMachine, releaseTimeOf } from "./clock";
import type { Seen } from "../model/rollout/seen";
import { isRecord } from "../model/schema/faults";

/** Names where Prometheus is: a URL that its API's paths follow; one with user and password sends these. */
export const PROMETHEUS_URL = "SLUICE_PROMETHEUS_URL";

/** An answer that is not whole after so many seconds is none. */
const TIMEOUT_SECONDS = 10;

/** One series' value. */
export interface Point {
  readonly labels: Readonly<Record<string, string>>;
  /** NaN and infinite where Prometheus says so. */
  readonly value: number;
  /** ISO time for which it was computed. What it was computed from may be five minutes older. */
  readonly at: string;
}

/** Prometheus' HTTP API, or what speaks it. */
export class Prometheus {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param url as in `SLUICE_PROMETHEUS_URL`
   * @param timeoutSeconds default 10
   * @throws Error where the URL is none
   */
  constructor(
    url: string,
    private readonly timeoutSeconds: number = TIMEOUT_SECONDS,
  ) {
    if (!/^https?:/.test(url) || !URL.canParse(url)) {
      // Not what was found: it may hold a password.
      throw new Error(`${PROMETHEUS_URL} is no URL; allowed is one such as http://127.0.0.1:9090`);
    }
    const base = new URL(url);
    const { username, password } = base;
    const pair = decoded(username, password);
    this.#headers = username === "" ? {} : { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
    // A request may not carry them in its URL.
    [base.username, base.password] = ["", ""];
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    this.#base = base;
  }

  /** The one that the environment names; undefined where it names none. @throws Error where that is no URL */
  static configured(): Prometheus | undefined {
    const url = process.env[PROMETHEUS_URL];
    return url ? new Prometheus(url) : undefined;
  }

  /**
   * The series that a query gives at this moment, which may be none.
   *
   * @throws Error where there is no whole answer in time, it is a refusal, it has a warning, or it is no list of series
   */
  async series(query: string): Promise<Point[]> {
    const { resultType, result } = await this.#ask(query);
    if (resultType !== "vector" || !Array.isArray(result)) {
      throw new Error(`it answers a ${String(resultType)}; a vector is needed`);
    }
    return result.map(pointOf);
  }

  /**
   * The one number that a query gives.
   *
   * @param time ISO time of the moment. Default: now
   * @throws Error where there is not exactly one, where it is NaN or infinite, and as {@link series}
   */
  async number(query: string, time?: string): Promise<{ value: number; at: string }> {
    const { resultType, result } = await this.#ask(query, time);
    const points =
      resultType === "scalar" ? [pointOf({ metric: {}, value: result })] : listed(resultType, result);
    const [point, ...others] = points;
    if (!point) throw new Error("it gives no series: nothing is there, or its labels are others");
    if (others.length > 0) throw new Error(`it gives ${points.length} series; one is needed: aggregate them`);
    if (!Number.isFinite(point.value)) throw new Error(`it gives ${point.value}, which is no number`);
    return { value: point.value, at: point.at };
  }

  async #ask(query: string, time?: string): Promise<Readonly<Record<string, unknown>>> {
    const url = new URL("api/v1/query", this.#base);
    const timeout = `${this.timeoutSeconds}s`;
    // Prometheus' clock is the machine's.
    const moment = time !== undefined && { time: machineTimeOf(time) };
    url.search = new URLSearchParams({ query: byMachine(query), timeout, ...moment }).toString();
    const answer = await this.#get(url);
    const body = parsed(answer.text);
    if (!body) throw new Error(`it answers ${answer.status} without JSON, so it may be no Prometheus`);
    const { status, data, error, errorType, warnings } = body;
    if (status !== "success") {
      throw new Error(`it refuses: ${answer.status} ${String(errorType)}: ${String(error)}`);
    }
    // A warning says that something was left out: what is not whole never counts as good.
    if (Array.isArray(warnings) && warnings.length > 0) {
      throw new Error(`it answers with a warning: ${warnings.join("; ")}`);
    }
    if (!isRecord(data)) throw new Error("it answers without data");
    return data;
  }

  async #get(url: URL): Promise<{ status: number; text: string }> {
    const signal = AbortSignal.timeout(1_000 * this.timeoutSeconds);
    try {
      const response = await fetch(url, { signal, headers: this.#headers });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      if (signal.aborted) {
        throw new Error(`no answer of ${this.#base.host} within ${this.timeoutSeconds} s`, { cause: error });
      }
      // What fetch says itself is "fetch failed"; the reason is inside.
      const { cause } = error as Error;
      const why = cause instanceof AggregateError ? String(cause.errors[0]) : String(cause ?? error);
      throw new Error(`${this.#base.host} cannot be reached: ${why}`, { cause: error });
    }
  }
}

/** PromQL's units of time, in seconds. */
const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** A query with its ranges and offsets as the machine's time, where a release's passes faster. */
function byMachine(query: string): string {
  if (onMachine(1) === 1) return query;
  return query.replace(/\[[\dsmhdw:]+\]|\boffset\s+\d[\dsmhdw]*/g, (range) =>
    range.replace(
      /(\d+)(ms|[smhdw])/g,
      (_, amount: string, unit: string) =>
        `${Math.ceil(1_000 * onMachine(Number(amount) * (UNITS[unit] ?? 1)))}ms`,
    ),
  );
}

/** What a URL says in percent signs. @throws Error where those are none */
function decoded(...parts: readonly string[]): string {
  try {
    return parts.map(decodeURIComponent).join(":");
  } catch {
    throw new Error(`${PROMETHEUS_URL}: user and password are not percent-encoded; % itself is %25`);
  }
}

/**
 * The one number that a query gives; `at` is the time of the answer. It never throws: what is no
 * number, is not there, or cannot be reached is not seen.
 *
 * @param time ISO time of the moment. Default: now
 */
export async function queryNumber(
  query: string,
  time?: string,
): Promise<Seen<{ value: number; at: string }>> {
  try {
    const prometheus = Prometheus.configured();
    if (!prometheus) {
      return { unseen: `no Prometheus is configured; name it: export ${PROMETHEUS_URL}=http://HOST:9090` };
    }
    return { value: await prometheus.number(query, time) };
  } catch (error) {
    return { unseen: `Prometheus: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function listed(resultType: unknown, result: unknown): Point[] {
  if (resultType === "vector" && Array.isArray(result)) return result.map(pointOf);
  throw new Error(`it answers a ${String(resultType)}; one number is needed`);
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Error where it is no series with a value */
function pointOf(raw: unknown): Point {
  const { metric, value } = isRecord(raw) ? raw : {};
  const [time, said] = Array.isArray(value) ? (value as unknown[]) : [];
  if (!isRecord(metric) || typeof time !== "number" || typeof said !== "string") {
    throw new Error(`it answers ${JSON.stringify(raw)}, which is no series with a value`);
  }
  const labels = Object.fromEntries(Object.entries(metric).map(([name, label]) => [name, String(label)]));
  return { labels, value: numberOf(said), at: releaseTimeOf(new Date(1_000 * time).toISOString()) };
}

/** Prometheus writes `NaN`, `+Inf` and `-Inf`. */
const numberOf = (said: string): number =>
  said.endsWith("Inf") ? (said.startsWith("-") ? -Infinity : Infinity) : Number(said);

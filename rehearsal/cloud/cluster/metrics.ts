import type { Identity } from "./identity";

/** Upper bounds in seconds, as Prometheus' clients have them by default. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What one pod counts of its requests, in Prometheus' text format. */
export class Metrics {
  readonly #requests = new Map<number, number>();
  readonly #buckets = BUCKETS.map(() => 0);
  #count = 0;
  #sum = 0;

  constructor(readonly identity: Identity) {}

  observe(status: number, seconds: number): void {
    this.#requests.set(status, (this.#requests.get(status) ?? 0) + 1);
    this.#count += 1;
    this.#sum += seconds;
    const first = BUCKETS.findIndex((bound) => seconds <= bound);
    if (first >= 0) this.#buckets[first]! += 1;
  }

  text(): string {
    const { service, colour, version } = this.identity;
    const who = Object.entries({ service, colour, version })
      .map(([name, value]) => `${name}="${escape(value)}"`)
      .join(",");
    let below = 0;
    const buckets = BUCKETS.map((bound, index) => {
      below += this.#buckets[index]!;
      return `http_request_duration_seconds_bucket{${who},le="${bound}"} ${below}`;
    });
    return [
      "# HELP http_requests_total Requests answered.",
      "# TYPE http_requests_total counter",
      ...[...this.#requests].map(([status, n]) => `http_requests_total{${who},status="${status}"} ${n}`),
      "# HELP http_request_duration_seconds Time from a request's arrival to its answer.",
      "# TYPE http_request_duration_seconds histogram",
      ...buckets,
      `http_request_duration_seconds_bucket{${who},le="+Inf"} ${this.#count}`,
      `http_request_duration_seconds_sum{${who}} ${this.#sum}`,
      `http_request_duration_seconds_count{${who}} ${this.#count}`,
      "",
    ].join("\n");
  }
}

const escape = (value: string): string => value.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n");

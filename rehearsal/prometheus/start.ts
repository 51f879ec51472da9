import { type PrometheusServer, runPrometheus } from "./server";
import type { Waiting } from "./debian";

export type { PrometheusServer } from "./server";

/** A Prometheus beside a local cloud. */
export interface PrometheusOptions extends Waiting {
  /** URL of the local cloud's endpoint, as in `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** Files with rules, by absolute path. */
  readonly rules?: readonly string[];
  /** A folder for its configuration and data, made where it is not there. */
  readonly dir: string;
}

/** In a rehearsal seconds count; a cluster's Prometheus looks every 15 or 30 s. */
const EVERY = "1s";

/**
 * What `prometheus.yml` has in it: the local cluster's pods by discovery, each with the labels that a scrape in a
 * cluster adds, and what kube-state-metrics tells, with labels of its own.
 */
export function configFor({ endpoint, rules = [] }: Pick<PrometheusOptions, "endpoint" | "rules">): object {
  return {
    global: { scrape_interval: EVERY, scrape_timeout: EVERY, evaluation_interval: EVERY },
    rule_files: rules,
    scrape_configs: [
      {
        job_name: "pods",
        http_sd_configs: [{ url: `${endpoint}/_local/scrape-targets`, refresh_interval: EVERY }],
      },
      {
        job_name: "kube-state-metrics",
        honor_labels: true,
        metrics_path: "/_local/kube-state-metrics",
        static_configs: [{ targets: [new URL(endpoint).host] }],
      },
    ],
  };
}

/**
 * Starts a real Prometheus that watches the local cluster, for `SLUICE_PROMETHEUS_URL`. It scrapes each second, and
 * knows a new pod after about five.
 *
 * @throws Error with the reason and what mends it, when it can't be had; with what it said, when it does not start
 */
export const startPrometheus = ({
  endpoint,
  rules,
  ...options
}: PrometheusOptions): Promise<PrometheusServer> =>
  runPrometheus({ config: configFor({ endpoint, rules }), ...options });

import type { LocalPod } from "./local-pod";

/** A target as Prometheus' HTTP service discovery takes it. */
export interface ScrapeTarget {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The pods that serve, each with the labels that a scrape in the cluster adds: docs/metrics.md. Those of Jobs have no port. */
export const scrapeTargets = (pods: readonly LocalPod[]): ScrapeTarget[] =>
  pods
    .filter(({ port }) => port > 0)
    .map(({ port, namespace, name, labels, service, colour, version, container }) => ({
      targets: [`127.0.0.1:${port}`],
      labels: { namespace, pod: name, container, app: labels["app"] ?? service, colour, version },
    }));

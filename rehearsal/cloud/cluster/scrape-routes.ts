import { type Routes, Text } from "../endpoint/server";
import type { World } from "../world";
import type { Controllers } from "./controllers";
import { EXPOSITION } from "./exposition";
import { kubeStateMetrics } from "./kube-state-metrics";
import { scrapeTargets } from "./scrape-targets";

/** What Prometheus needs to watch the local cluster: whom to scrape, and what kube-state-metrics tells. */
export const scrapeRoutes = (world: World, controllers: Pick<Controllers, "pods">): Routes => ({
  "GET /_local/scrape-targets": () => scrapeTargets(controllers.pods()),
  "GET /_local/kube-state-metrics": () => new Text(kubeStateMetrics(world, controllers.pods()), EXPOSITION),
});

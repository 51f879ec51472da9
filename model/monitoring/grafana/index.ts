import { backendsDashboard } from "./backends";
import { costDashboard } from "./cost";
import { type Dashboard, dashboardJson } from "./dashboard";
import { providersDashboard } from "./providers";
import { type Dashboards, releaseDashboard } from "./release";
import { serviceDashboard } from "./service";

export type { Dashboards } from "./release";

/** Every dashboard of a stack, the release's first. */
export const dashboardsOf = (from: Dashboards): Dashboard[] => [
  releaseDashboard(from),
  providersDashboard(from),
  costDashboard(from),
  backendsDashboard(from),
  ...Object.keys(from.services).map((service) => serviceDashboard(from, service)),
];

/** Dashboards that go into one ConfigMap: it may have 1 MiB, and one of a service has 20 KB. */
const IN_A_MAP = 40;

/** Dashboards as files, by the name of the ConfigMap that has them and their own. */
export function dashboardFiles(from: Dashboards): Record<string, Record<string, string>> {
  const files = dashboardsOf(from).map(
    (dashboard) =>
      [`${dashboard.uid.replace(/^sluice-/, "")}.json`, JSON.stringify(dashboardJson(dashboard))] as const,
  );
  const maps = Array.from({ length: Math.ceil(files.length / IN_A_MAP) }, (_, index) =>
    files.slice(index * IN_A_MAP, (index + 1) * IN_A_MAP),
  );
  return Object.fromEntries(
    maps.map((inside, index) => [
      index === 0 ? "dashboards" : `dashboards-${index + 1}`,
      Object.fromEntries(inside),
    ]),
  );
}

import { type Alert, type Watched, ruleOf } from "./alerts/alert";
import { backendAlerts } from "./alerts/backends";
import { burnAlerts } from "./alerts/burn";
import { clusterAlerts } from "./alerts/cluster";
import { limitAlerts } from "./alerts/limits";
import { providerAlerts } from "./alerts/providers";
import { recordingGroups } from "./recording";
import type { AlertingRule, RuleFile, RuleGroup } from "./ruleFile";

export type { Alert, Watched } from "./alerts/alert";

/** Alerts by the name of their group. */
export const alertsOf = (watched: Watched): Readonly<Record<string, readonly Alert[]>> => ({
  "sluice.alerts.limits": limitAlerts(watched),
  "sluice.alerts.budgets": burnAlerts(watched),
  "sluice.alerts.cluster": clusterAlerts(watched),
  "sluice.alerts.backends": backendAlerts(watched),
  "sluice.alerts.providers": providerAlerts(watched),
});

/** Every alerting rule of a stack, in groups. */
export const alertGroups = (watched: Watched): RuleGroup<AlertingRule>[] =>
  Object.entries(alertsOf(watched)).map(([name, alerts]) => ({
    name,
    rules: alerts.map((alert) => ruleOf(alert, watched)),
  }));

/** All rules of a stack: what is recorded, and the alerts on it. */
export const ruleFile = (watched: Watched): RuleFile => ({
  groups: [...recordingGroups(watched.app, watched.slo), ...alertGroups(watched)],
});

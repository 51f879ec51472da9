import type * as pulumi from "@pulumi/pulumi";
import { SOURCE } from "../../../model/monitoring/grafana/panel";
import { PARTS_OF, type Monitoring } from "../../../model/monitoring/monitoring";
import { OTHERS } from "../../../model/monitoring/sizes";
import { HARDENED_CONTAINER, hardenedPod, resourcesOf } from "./hardened";
import { ALERTMANAGER_URL, FULL_NAME, JAEGER_URL, PROMETHEUS_URL } from "./names";

/** The Secret with the administrator's name and password, and its keys. */
export const ADMIN_SECRET = { existingSecret: "grafana-admin", userKey: "user", passwordKey: "password" };

/** The user that Grafana's image has. */
const USER = 472;

/** Where a ConfigMap of dashboards is found by the chart. */
const folderOf = (name: string) => `/var/lib/grafana/dashboards/${name}`;

/**
 * Grafana. It keeps nothing: sources and dashboards are files, so that what the program says holds and a pod that is
 * made anew has all of it. They come from ConfigMaps as volumes, and no sidecar asks the cluster's API for them: the
 * pod has no token for it.
 */
export const grafanaValues = ({
  monitoring,
  dashboards,
}: {
  readonly monitoring: Monitoring;
  readonly dashboards: readonly string[];
  readonly storageClass: pulumi.Input<string>;
}) => ({
  enabled: true,
  fullnameOverride: `${FULL_NAME}-grafana`,
  admin: ADMIN_SECRET,
  defaultDashboardsEnabled: false,
  rbac: { create: false },
  serviceAccount: { autoMount: false, automountServiceAccountToken: false },
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  testFramework: { enabled: false },
  initChownData: { enabled: false },
  sidecar: { dashboards: { enabled: false }, datasources: { enabled: false } },
  resources: resourcesOf(OTHERS.grafana),
  securityContext: hardenedPod(USER),
  containerSecurityContext: HARDENED_CONTAINER,
  extraEmptyDirMounts: [{ name: "tmp", mountPath: "/tmp" }],
  // It has one pod, which starts before the other one ends.
  deploymentStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  datasources: {
    "datasources.yaml": { apiVersion: 1, prune: true, datasources: sources(monitoring) },
  },
  dashboardProviders: {
    "dashboardproviders.yaml": {
      apiVersion: 1,
      providers: dashboards.map((name) => ({
        name,
        orgId: 1,
        folder: "Sluice",
        type: "file",
        disableDeletion: true,
        allowUiUpdates: false,
        options: { path: folderOf(name) },
      })),
    },
  },
  dashboardsConfigMaps: Object.fromEntries(dashboards.map((name) => [name, name])),
  "grafana.ini": {
    analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
    "auth.anonymous": { enabled: false },
    security: { disable_gravatar: true, cookie_samesite: "strict" },
    users: { allow_sign_up: false, allow_org_create: false, viewers_can_edit: false },
    snapshots: { external_enabled: false },
    // Alerts are Prometheus' and Alertmanager's; Grafana shows them.
    unified_alerting: { enabled: false },
    dashboards: { default_home_dashboard_path: `${folderOf(dashboards[0] ?? "")}/release.json` },
  },
});

/** What Grafana asks. Each has an id of its own, by which dashboards name it. */
const sources = ({ level }: Monitoring) => [
  {
    name: "Prometheus",
    ...SOURCE,
    url: PROMETHEUS_URL,
    access: "proxy",
    isDefault: true,
    editable: false,
    jsonData: { httpMethod: "POST", timeInterval: "15s", manageAlerts: false },
  },
  {
    name: "Jaeger",
    type: "jaeger",
    uid: "jaeger",
    url: JAEGER_URL,
    access: "proxy",
    editable: false,
  },
  ...(PARTS_OF[level].alerting
    ? [
        {
          name: "Alertmanager",
          type: "alertmanager",
          uid: "alertmanager",
          url: ALERTMANAGER_URL,
          access: "proxy",
          editable: false,
          jsonData: { implementation: "prometheus" },
        },
      ]
    : []),
];

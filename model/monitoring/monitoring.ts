import type { Environment } from "../environments";
import type { Notifications } from "../notifications";

/** How much is watched, the least first: guide 002's basic, full stack, full stack with alerting. */
export const LEVELS = ["basic", "full", "full-with-alerting"] as const;
export type Level = (typeof LEVELS)[number];

/** Guide 002's level of each environment. */
export const LEVEL_OF: Readonly<Record<Environment, Level>> = {
  dev: "basic",
  staging: "full",
  prod: "full-with-alerting",
};

/** What a level has. Each has what the ones before it have. */
export interface LevelParts {
  /** Prometheus with its recording rules, which `sluice` asks. */
  readonly metrics: true;
  /** Grafana, Jaeger, and alerts that are shown but sent to nobody. */
  readonly dashboards: boolean;
  /** Alertmanager, which sends alerts to receivers. */
  readonly alerting: boolean;
}

/** By level. */
export const PARTS_OF: Readonly<Record<Level, LevelParts>> = {
  basic: { metrics: true, dashboards: false, alerting: false },
  full: { metrics: true, dashboards: true, alerting: false },
  "full-with-alerting": { metrics: true, dashboards: true, alerting: true },
};

/** Where a part runs: in the cluster, or as a managed service of AWS. */
export const HOMES = ["cluster", "managed"] as const;
export type Home = (typeof HOMES)[number];

/** Mail's way out. */
export interface EmailReceiver {
  readonly to: string;
  readonly from: string;
  /** SMTP server with its port, such as `email-smtp.us-east-1.amazonaws.com:587`; always by TLS. */
  readonly server: string;
  /** Both or neither: the name, and the SSM parameter, a SecureString, that holds its password. */
  readonly user?: string;
  readonly password?: string;
}

/** Who is paged; one at least, and each that is named is. */
export interface PageReceiver {
  /** SSM parameter, a SecureString, that holds PagerDuty's integration key (Events API v2). */
  readonly pagerduty?: string;
  /** SSM parameter, a SecureString, that holds Opsgenie's API key. */
  readonly opsgenie?: string;
  /** ARN of an SNS topic. */
  readonly sns?: string;
}

/** Where alerts go. */
export interface Receivers {
  /** SSM parameter, a SecureString, that holds the URL of Slack's webhook. Default: that of `sluice:notifications`. */
  readonly slack?: string;
  /** Absent: nobody is written to. */
  readonly email?: EmailReceiver;
  /** Default: the SNS topic of `sluice:notifications`. */
  readonly page?: PageReceiver;
}

/** How the stack is watched, under `sluice:monitoring`. */
export interface Monitoring {
  /** Default: by environment, {@link LEVEL_OF}. */
  readonly level: Level;
  /** Default: `cluster`. */
  readonly prometheus: Home;
  /** Default: `cluster`. */
  readonly grafana: Home;
  readonly receivers: Receivers;
  /** Where docs/alerts.md can be read, to which each alert links. Default: `docs/alerts.md`, in this repository. */
  readonly runbooks: string;
}

/** What applies where `sluice:monitoring` says nothing. */
export const defaultMonitoring = (environment: Environment, notifications?: Notifications): Monitoring => ({
  level: LEVEL_OF[environment],
  prometheus: "cluster",
  grafana: "cluster",
  receivers: defaultReceivers(notifications),
  runbooks: "docs/alerts.md",
});

/** Whoever is told of releases is told of alerts, until somebody else is named. */
export const defaultReceivers = ({ slack, sns }: Notifications = {}): Receivers => ({
  ...(slack !== undefined && { slack }),
  ...(sns !== undefined && { page: { sns } }),
});

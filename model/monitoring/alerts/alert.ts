import type { Backends } from "../../backends";
import type { Environment } from "../../environments";
import type { Slo } from "../objectives";
import { type AlertingRule, type Severity, durationOf } from "../ruleFile";

/** What an alert is about: a page silences warnings about the same of the same colour. */
export type About =
  | "errors"
  | "latency"
  | "health"
  | "metrics"
  | "jobs"
  | "cost"
  | "provider"
  | "database"
  | "cache"
  | "vector-store"
  | "certificate";

/** An alert, before it is a rule. In its texts stand templates of Prometheus: `{{ $labels.app }}`, `{{ $value }}`. */
export interface Alert {
  /** Unique; also the heading of its part of docs/alerts.md. */
  readonly name: string;
  readonly severity: Severity;
  readonly about: About;
  readonly expr: string;
  /** For how long it must hold, in seconds. 0: at once. */
  readonly forSeconds: number;
  /** When it fires, for docs/alerts.md. */
  readonly when: string;
  /** Who it is about, and by which value. */
  readonly says: string;
  /** What to do. */
  readonly help: string;
  /** The command that shows more. */
  readonly command: string;
  /** The exporter whose series it needs, beside applications and kube-state-metrics. */
  readonly needs?: string;
  /** Where the number comes from: labels of the guides in docs/seeds.md, or a reason. */
  readonly source: string;
}

/** The stack that alerts are about. */
export interface Watched {
  readonly app: string;
  readonly environment: Environment;
  /** The stack's name, for commands. */
  readonly stack: string;
  readonly slo: Slo;
  /** How large the database is says how many connections it takes. */
  readonly backends: Pick<Backends, "database">;
  /** Where docs/alerts.md can be read. */
  readonly runbooks: string;
}

/** A version of a colour of a service, in an alert's texts; what is not known leaves no gap. */
export const WHOM =
  "{{ $labels.app }}{{ with $labels.colour }} {{ . }}{{ end }}{{ with $labels.version }} {{ . }}{{ end }}";

/** An alert as Prometheus reads it. */
export const ruleOf = (
  { name, severity, about, expr, forSeconds, says, help, command }: Alert,
  { environment, runbooks }: Watched,
): AlertingRule => ({
  alert: name,
  expr,
  ...(forSeconds > 0 && { for: durationOf(forSeconds) }),
  labels: { severity, about, environment },
  annotations: {
    summary: `${environment}: ${says}`,
    description: `${says}. ${help} Look: ${command}`,
    runbook_url: `${runbooks}#${name.toLowerCase()}`,
  },
});

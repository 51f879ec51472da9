/** A series that Prometheus computes at each evaluation. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  /** Labels that it has beside those of its expression. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** How soon somebody must look: a page at any hour, or a message to be read on the next working day. */
export type Severity = "critical" | "warning";

/** A condition of which Alertmanager is told for as long as it holds. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  /** For how long it must hold first, as Prometheus writes durations. Absent: at once. */
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>> & { readonly severity: Severity };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

/** Rules that are evaluated one after the other. */
export interface RuleGroup<Rule = RecordingRule | AlertingRule> {
  readonly name: string;
  /** As Prometheus writes durations. Absent: the server's. */
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

/** What Prometheus reads as a file of rules, and the operator as the `spec` of a PrometheusRule. */
export interface RuleFile {
  readonly groups: readonly RuleGroup[];
}

/** Seconds as Prometheus writes durations: the largest unit that leaves no rest. */
export function durationOf(seconds: number): string {
  for (const [unit, length] of UNITS)
    if (seconds >= length && seconds % length === 0) return `${seconds / length}${unit}`;
  return `${seconds}s`;
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
] as const;

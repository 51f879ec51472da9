import type { Severity } from "../ruleFile";

/** A metric as CloudWatch finds it, and how its values of a period become one. */
export interface AwsMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** CloudWatch's name of a statistic: `Sum`, `Average`, `Maximum`, `p95`. */
  readonly statistic: string;
}

/** An alarm of CloudWatch, whole but for who is told. */
export interface AwsAlarm {
  /** Unique in the stack; ends the alarm's name. */
  readonly name: string;
  readonly severity: Severity;
  /** What is wrong, for whoever is woken. */
  readonly says: string;
  /** What helps: the command or the place to look first. */
  readonly help: string;
  /** By the names that they have in the expression; without an expression there is one. */
  readonly metrics: Readonly<Record<string, AwsMetric>>;
  /** CloudWatch's metric math. Absent: the one metric itself. */
  readonly expression?: string;
  readonly comparison: "above" | "below" | "at least";
  readonly threshold: number;
  /** What one value is taken of, in seconds. */
  readonly periodSeconds: number;
  /** So many values in a row must breach. */
  readonly periods: number;
  /** What the absence of a value means; `ignore`: it stays as it is. Default: nothing is wrong. */
  readonly missing?: "notBreaching" | "breaching" | "ignore";
}

/** The most metrics that one alarm may take its value from (CloudWatch's quota). */
export const MOST_METRICS = 10;

import type { Colour } from "../release";

/** Who measured a figure. */
export type Source = "Prometheus" | "CloudWatch";

/** What a colour of a service does at present, for people. What could not be seen is absent, and never 0. */
export interface Figures {
  /** Requests of users and of ours in the window. Absent: not known; 0 only where it is known that there were none. */
  readonly requests?: number;
  /** Of these, answered by 5xx or not at all, in percent 0–100. Absent also where there were no requests. */
  readonly errorPercent?: number;
  /** 95th percentile of the time to answer; of CloudWatch, of the worst minute in the window. */
  readonly p95?: { readonly seconds: number; readonly source: Source };
  /** Pods that are ready. Prometheus alone knows. */
  readonly ready?: number;
}

/** By service and colour. */
export interface FiguresSeen {
  readonly services: Readonly<Record<string, Readonly<Record<Colour, Figures>>>>;
  /** Over how many seconds requests, errors and p95 are taken. */
  readonly windowSeconds: number;
  /** ISO time up to which they are. */
  readonly at: string;
  /** Why something is absent, a sentence each without a full stop. */
  readonly remarks: readonly string[];
}

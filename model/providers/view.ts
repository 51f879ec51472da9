import type { Finding } from "../analysis/finding";
import { together } from "../analysis/finding";
import type { Seen } from "../rollout/seen";
import type { Analysed } from "../rollout/situation";
import type { Costs } from "./costs";
import type { ProviderMigration } from "./migration";

/** Requests of a colour that went to another provider than they were meant for. */
export interface Fallback {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** A provider migration at a glance. */
export interface ProviderView extends ProviderMigration {
  readonly costs: Costs;
  /** Of the candidate, the most frequent first. */
  readonly fallbacks: Seen<readonly Fallback[]>;
  /** How long fallbacks, and the candidate's cost, are counted back, in seconds. */
  readonly windowSeconds: number;
  /** What cost and quota say of a rise. */
  readonly findings: readonly Finding[];
}

/** An analysis of the candidate with what cost and quota say; one of another colour as it is. */
export function withProviders(analysis: Seen<Analysed>, view: ProviderView | undefined): Seen<Analysed> {
  if (!view || "unseen" in analysis || analysis.value.colour !== view.candidate) return analysis;
  const { value } = analysis;
  const { findings, remarks } = value.judgement;
  const judged = together([...findings, ...view.findings]);
  return { value: { ...value, judgement: { ...judged, ...(remarks && { remarks }) } } };
}

import type { Gate } from "./gate";

/** One stop of a release on its way. */
export interface PlanStep {
  /** The candidate's, in percent; 0 is where it stands beside the live colour before anybody meets it. */
  readonly share: number;
  /** How long the release stays at it at least, in seconds. T5's limit counts beside it before a promote. */
  readonly bakeSeconds: number;
  /** What must pass before the release leaves it, beside the analysis. */
  readonly gates: readonly Gate[];
}

/** How a candidate becomes live, by `sluice:plan`. */
export interface Plan {
  /** Of one in `PLANS`, or `own`. */
  readonly name: string;
  /** Their shares ascend, and the last is 100. */
  readonly steps: readonly PlanStep[];
  /** Why it goes no further for now; falls and retreats do. Absent: it goes on. */
  readonly hold?: string;
}

/** The step that a release at this share has to leave: the last one that it has reached. */
export const stepAt = ({ steps }: Plan, share: number): PlanStep =>
  steps.findLast((step) => step.share <= share) ?? { share: 0, bakeSeconds: 0, gates: [] };

/** The shares at which the candidate stops once it has one, in percent. */
export const stopsOf = ({ steps }: Plan): readonly number[] =>
  steps.map(({ share }) => share).filter((share) => share > 0);

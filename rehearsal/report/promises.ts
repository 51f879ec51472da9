import { sum } from "../traffic/counts";
import { FAILING_RISK, binomialInterval } from "../traffic/interval";
import type { StepRecord } from "./record";

/** What a rehearsal promises of every step, beside what the step itself is about. */
export interface Expectation {
  /** URNs that a shift updates: every public service's weighted rule, and the transition. */
  readonly shiftUpdates: readonly string[];
  /** A step that measured fewer new sessions has not measured. */
  readonly leastAssigned: number;
}

/** In what a step fell short of what is promised; empty where it kept all. */
export function broken(step: StepRecord, expectation: Expectation): string[] {
  const faults: string[] = [];
  const failed = sum(step.failed);
  if (step.planned && failed > 0) faults.push(`${failed} requests failed; a planned step loses none`);
  const { blue, green } = step.assigned;
  const assigned = blue + green;
  const { fewest, most } = binomialInterval(assigned, step.expectedShare, FAILING_RISK);
  if (assigned < expectation.leastAssigned) {
    faults.push(
      `${assigned} new sessions were assigned; ${expectation.leastAssigned} are the least to judge by`,
    );
  } else if (green < fewest || green > most) {
    faults.push(
      `green got ${green} of ${assigned} new sessions; at ${step.expectedShare} % it gets ${fewest} to ${most}`,
    );
  }
  if (step.kind === "shift") {
    const difference = symmetricDifference(step.updated, expectation.shiftUpdates);
    if (difference.length > 0) {
      faults.push(
        `a shift updates the weighted rules and the transition alone; it differs by ${difference.join(", ")}`,
      );
    }
    const { create, delete: removed, replace } = step.changes;
    if (create + removed + replace > 0) faults.push(`a shift created, deleted or replaced something`);
  }
  // The program refuses before it registers anything, so that nobody reads a plan of what will not be.
  if (step.kind === "refused" && step.changes.create + step.changes.update + step.changes.delete > 0) {
    faults.push("a refused edit was planned before it was refused");
  }
  return [...faults, ...unrefused(step)];
}

/** In what a preview's answer to an unsafe edit differs from what it should be. */
function unrefused({ expected, refusals = [], message }: StepRecord): string[] {
  if (!expected) return [];
  const rules = new Set(refusals.map(({ rule, layer }) => rule ?? layer));
  if (symmetricDifference([...rules], expected).length === 0) return [];
  const found =
    rules.size > 0
      ? `was refused by ${[...rules].join(", ")}`
      : message === undefined
        ? "let the edit through"
        : `failed, and nothing refused the edit: ${message}`;
  return [`the preview ${found}; it should be refused by ${expected.join(", ")}`];
}

function symmetricDifference(some: readonly string[], others: readonly string[]): string[] {
  const [left, right] = [new Set(some), new Set(others)];
  return [...[...left].filter((one) => !right.has(one)), ...[...right].filter((one) => !left.has(one))];
}

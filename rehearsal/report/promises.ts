import { otherColour } from "../../model/release";
import { sum } from "../traffic/counts";
import { withoutInterval } from "../traffic/independence";
import { FAILING_RISK, binomialInterval } from "../traffic/interval";
import type { StepRecord } from "./record";

/** What a rehearsal promises of every step, beside what the step itself is about. */
export interface Expectation {
  /** URNs that a shift updates: every public service's weighted rule, and the transition. */
  readonly shiftUpdates: readonly string[];
  /** A step that measured fewer new sessions has not measured. */
  readonly leastAssigned: number;
  /** Nor one that saw fewer requests. */
  readonly leastRequests: number;
}

/** In what a step fell short of what is promised; empty where it kept all. */
export function broken(step: StepRecord, expectation: Expectation): string[] {
  const faults: string[] = [];
  const failed = sum(step.failed);
  if (step.planned && failed > 0) faults.push(`${failed} requests failed; a planned step loses none`);
  const requests = sum(step.requests);
  if (requests < expectation.leastRequests)
    faults.push(`${requests} requests were sent; ${expectation.leastRequests} are the least to judge by`);
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
  faults.push(...dependent(step));
  faults.push(...unbound(step));
  const { create, update, delete: removed, replace } = step.changes;
  if (step.kind === "shift") {
    const difference = symmetricDifference(step.updated, expectation.shiftUpdates);
    if (difference.length > 0) {
      faults.push(
        `a shift updates the weighted rules and the transition alone; it differs by ${difference.join(", ")}`,
      );
    }
    if (create + removed + replace > 0) faults.push(`a shift created, deleted or replaced something`);
  }
  // The program refuses before it registers anything, so that nobody reads a plan of what will not be.
  if (step.kind === "refused" && create + update + removed + replace > 0)
    faults.push("a refused edit was planned before it was refused");
  const wrong = (step.calls ?? []).flatMap((call) => call.wrong);
  return [
    ...faults,
    ...unrefused(step),
    ...wrong,
    ...late(step),
    ...spread(step),
    ...unserved(step),
    ...unflagged(step),
  ];
}

/** In what sessions did not stick, or nobody could tell whether they did although both colours had users. */
function unbound({ strayed, traffic }: StepRecord): string[] {
  if (strayed === undefined)
    return traffic.blue > 0 && traffic.green > 0
      ? ["nobody could tell whether sessions stay: no rule was seen to keep any"]
      : [];
  return strayed > 0 ? [`${strayed} requests went to the other colour than their session was bound to`] : [];
}

/** In what first assignments depend on each other, such as by being dealt out in turn. */
function dependent({ blocks, expectedShare }: StepRecord): string[] {
  if (!blocks) return [];
  const { fewest, most } = withoutInterval(blocks, expectedShare, FAILING_RISK);
  const { size, count, without } = blocks;
  if (without >= fewest && without <= most) return [];
  return [
    `${without} of ${count} blocks of ${size} new sessions lack the rarer colour; ` +
      `where each is drawn for itself ${fewest} to ${most} do`,
  ];
}

/**
 * From the signal that a version is bad to the decision to take it back, and from the beginning to where configuration
 * and state have followed; in seconds. Guides 002 and 003: triggered within 30 s, complete within 2 min.
 */
export const DECIDED_WITHIN = 30;
export const COMPLETE_WITHIN = 120;

/** In what going back took longer than it may. */
function late({ reaction, rescue }: StepRecord): string[] {
  const faults: string[] = [];
  const within = (what: string, took: number | undefined, most: number) => {
    if (took === undefined) faults.push(`${what} did not come; within ${most} s it should`);
    else if (took > most) faults.push(`${what} took ${took.toFixed(1)} s; ${most} s are allowed`);
  };
  if (reaction) {
    const { signal, decided, moved, complete } = reaction;
    within("the decision after the signal", decided && decided - signal, DECIDED_WITHIN);
    within("taking traffic back after the signal", moved && moved - signal, DECIDED_WITHIN);
    within("going back after the signal", complete - signal, COMPLETE_WITHIN);
  }
  if (rescue) {
    within("taking traffic back", rescue.moved, DECIDED_WITHIN);
    if (rescue.moved !== undefined && rescue.held !== true)
      faults.push("no update held the lock when traffic moved; it should move although one does");
    within("going back", rescue.converged, COMPLETE_WITHIN);
  }
  return faults;
}

/** A provider that nobody has stood in for. */
function unserved({ fallbacks }: StepRecord): string[] {
  if (!fallbacks) return [];
  const { from, to } = fallbacks.expected;
  const isThere = fallbacks.found.some((one) => one.from === from && one.to === to);
  return isThere ? [] : [`no pod counted a fallback from ${from} to ${to}`];
}

/** In what sessions did not have a flag as it is set: more or fewer of them, or not the same ones. */
function unflagged({ sessions: asked }: StepRecord): string[] {
  if (!asked) return [];
  const { flag, percentage, sessions, had, changed } = asked;
  const { fewest, most } = binomialInterval(sessions, percentage, FAILING_RISK);
  return [
    ...(had < fewest || had > most
      ? [`${had} of ${sessions} sessions have ${flag}; at ${percentage} % it is ${fewest} to ${most}`]
      : []),
    ...(changed > 0 ? [`${changed} sessions got another answer about ${flag} than before`] : []),
  ];
}

/** Users of the other colour than the one that was broken must not notice. */
function spread({ reaction, failed }: StepRecord): string[] {
  if (!reaction) return [];
  const other = otherColour(reaction.colour);
  const count = failed[other];
  return [
    ...(count > 0 ? [`${count} requests of ${other} failed; only ${reaction.colour} was broken`] : []),
    ...(reaction.isAnswered && failed.unknown > 0
      ? [`${failed.unknown} requests failed that no pod had answered; what was broken was answers`]
      : []),
  ];
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

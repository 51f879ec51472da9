import type { Signal } from "./observation";

/** Differences between candidate and live, in percentage points of the requests. */
export interface Margins {
  /** A candidate worse by this or less never fails for being worse, but for chance. */
  readonly harmless: number;
  /** A candidate worse by this or more never passes, but for chance. */
  readonly harmful: number;
}

/**
 * What makes a difference.
 *
 * With none at all every release fails in the end: two builds are never exactly equal, and a test that collects
 * requests for a day sees a difference of no interest to anybody. So a candidate fails only where it is shown to be
 * worse by more than what is harmless, and passes only where it is shown to be worse by less than what is harmful.
 *
 * Errors: the objective allows 0.1 % in all, so as much again is harmless; the gate is 1 %, and adding all of it is
 * harm. Slow requests have their limit at 5 %: a tenth of it is harmless, half of it is harm. The distance between
 * the two is what makes the question answerable: it decides how many requests an answer takes.
 */
export const MARGINS: Readonly<Record<Signal, Margins>> = {
  errors: { harmless: 0.1, harmful: 1 },
  slow: { harmless: 0.5, harmful: 2.5 },
};

/**
 * The chance of ever failing a candidate that is not worse by more than is harmless, however often one looks and
 * however long: of one release, over all its services and both signals, which share it.
 */
export const FALSE_ALARM = 0.01;

/**
 * The chance that a step ever passes with a candidate that is worse by what is harmful or more. Every service and
 * signal must pass, so it is not shared: the one that is harmed has it to itself.
 */
export const FALSE_PASS = 0.05;

/** The chance of a false alarm that one of so many comparisons may have. */
export const alarmOf = (comparisons: number): number => FALSE_ALARM / Math.max(1, comparisons);

/** A statement about the candidate's rate and live's that evidence may speak against. */
export interface Question {
  /** `harmless`: worse by no more than the margin. `harmful`: worse by the margin or more. */
  readonly claim: keyof Margins;
  /** As a fraction 0–1. */
  readonly margin: number;
}

/** The claim about a signal that is to be tested. */
export const questionOf = (signal: Signal, claim: keyof Margins): Question => ({
  claim,
  margin: MARGINS[signal][claim] / 100,
});

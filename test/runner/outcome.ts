/** What a suite's process tells the runner when all its tests have ended. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Full titles of the failed tests and hooks. */
  readonly failures: readonly string[];
}

/** How a check ended. A check that is one thing (format, types, lint) counts as one. */
export interface Outcome extends Counts {
  readonly name: string;
  readonly seconds: number;
  /** Why there is no count of its own: it did not start, died, or had no test. Such a check counts as one failure. */
  readonly notRun?: string;
}

/** The pipe from a suite to the runner: the first descriptor after standard input, output and error. */
export const RESULTS = 3;

const NAMES_SHOWN = 20;

/** The table of outcomes and the failures by name; the last line is `N passed, N failed` and nothing else. */
export function summary(outcomes: readonly Outcome[]): string {
  const width = Math.max(5, ...outcomes.map(({ name }) => name.length));
  const row = (name: string, passed: string, failed: string, seconds: string, remark = "") =>
    `${name.padEnd(width)}  ${passed.padStart(6)}  ${failed.padStart(6)}  ${seconds.padStart(7)}  ${remark}`.trimEnd();
  const lines = [row("check", "passed", "failed", "seconds")];
  for (const { name, passed, failed, seconds, notRun } of outcomes) {
    const remark = notRun === undefined ? "" : `NOT RUN: ${notRun}`;
    lines.push(row(name, String(passed), String(failed), seconds.toFixed(1), remark));
  }
  const failures = outcomes.flatMap(({ name, failures }) => failures.map((title) => `${name}: ${title}`));
  if (failures.length > 0)
    lines.push("", "failed:", ...failures.slice(0, NAMES_SHOWN).map((line) => `  ${line}`));
  if (failures.length > NAMES_SHOWN) lines.push(`  and ${failures.length - NAMES_SHOWN} more, above`);
  const { passed, failed } = totals(outcomes);
  return [...lines, "", `${passed} passed, ${failed} failed`].join("\n");
}

/** Every test and every check without tests, counted as one. */
export function totals(outcomes: readonly Outcome[]): { passed: number; failed: number } {
  const sum = (of: "passed" | "failed") => outcomes.reduce((total, outcome) => total + outcome[of], 0);
  return { passed: sum("passed"), failed: sum("failed") };
}

/** Nothing failed, and something ran. */
export function succeeded(outcomes: readonly Outcome[]): boolean {
  const { passed, failed } = totals(outcomes);
  return failed === 0 && passed > 0;
}

import * as pulumi from "@pulumi/pulumi";
import { ClockError } from "../cloud/clock";
import { leaveCommands } from "../model/leave";
import { RULES } from "../model/rules";
import { SettingsError } from "../model/settings";
import { type Transition, type Violation, judge } from "../model/transition";

/**
 * Ends the program before it registers anything, with every reason at once and without a stack trace:
 * the fault is in the configuration, not here.
 *
 * @throws RunError where the transition is refused
 */
export function refuseViolations(transition: Transition): void {
  const violations = judge(transition);
  if (violations.length === 0) return;
  const lines = violations.map(({ id, where, message }) => `  ${id} ${where}: ${message}`);
  throw new pulumi.RunError(
    [`this release is refused; nothing was changed:`, ...lines, ...lastWayOut(transition, violations)].join(
      "\n",
    ),
  );
}

/** For what somebody can answer; one after the other, so that all of them can be given. */
const lastWayOut = (transition: Transition, violations: readonly Violation[]): string[] =>
  RULES.filter(({ id, absolute }) => !absolute && violations.some((violation) => violation.id === id)).map(
    ({ id }, index) =>
      `  Or answer for ${id}, once and in your name: ${leaveCommands(id, transition, index)}`,
  );

/** Runs `read`, and turns what settings or the clock refuse into an error that Pulumi prints as it is. */
export function orRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SettingsError || error instanceof ClockError)
      throw new pulumi.RunError(error.message);
    throw error;
  }
}

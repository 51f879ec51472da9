/** How a command ends. */
export const EXIT = {
  /** Done, or nothing to do. */
  done: 0,
  /** A fault of usage or settings, which the caller can mend. */
  usage: 2,
  /** Held by a gate: what was asked for is not safe now. */
  held: 3,
  /** Traffic was taken back from a version that turned bad. */
  rolledBack: 4,
  /** Traffic is not where it is said to be: live weights are not the configured ones. */
  drift: 5,
  /** What would have to be known could not be observed. */
  unobserved: 6,
  /** Somebody else's update holds the stack. */
  locked: 7,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What the caller can mend: its message is printed as it is, without a stack trace, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What had to be known could not be observed: likewise, and the exit code is 6. */
export class UnobservedError extends Error {
  override readonly name = "UnobservedError";
}

/** What somebody threw, on one line. */
export const reasonOf = (error: unknown): string => {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  // Some errors of the network come without a message, and with its reason inside.
  const inner = message === "" && error instanceof AggregateError ? String(error.errors[0]) : message;
  const text = name === "" || name === "Error" ? inner : `${name}: ${inner}`;
  return text.replaceAll(/\s+/g, " ").trim();
};

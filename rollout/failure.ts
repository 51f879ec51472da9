/** What the caller can mend: its message is printed as it is, without a stack trace, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

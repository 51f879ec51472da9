/** Configuration of a policy that cannot be used. Nothing is judged by it: the preview or update ends. */
export class PolicyConfigError extends Error {
  override readonly name = "PolicyConfigError";

  /**
   * @param policy its name
   * @param faults what is wrong: where, what was found, what is allowed
   */
  constructor(policy: string, faults: readonly string[]) {
    super(
      `the configuration of the policy ${policy} cannot be used: ${faults.join("; ")}. Mend it in the file of ` +
        `--policy-pack-config, or in the policy group of your organisation`,
    );
    // The SDK hands the stack on to people in place of the message.
    this.stack = `${this.name}: ${this.message}`;
  }
}

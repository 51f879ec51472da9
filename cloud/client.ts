/** What every AWS client is made with; endpoint and credentials come from the SDK's environment. */
export interface ClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  /** Milliseconds. */
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

/** How often a call is made before its failure counts; the SDK waits longer before each, throttled or not. */
export const ATTEMPTS = {
  /** People wait, and a cloud that cannot be asked is an answer too. */
  looking: 2,
  /** A change that must be made: it is worth some seconds of being throttled. */
  insisting: 8,
} as const;

// The lockfile decides which SDK is used, so what its next version will want has no place in a release's output.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/**
 * People wait while a guard looks: a cloud that does not answer in time counts as not observed.
 *
 * @param region as in `aws:region`
 * @param maxAttempts one of {@link ATTEMPTS}
 */
export const clientConfig = (region: string, maxAttempts: number = ATTEMPTS.looking): ClientConfig => ({
  region,
  maxAttempts,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 },
});

/** What every AWS client is made with; endpoint and credentials come from the SDK's environment. */
export interface ClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  /** Milliseconds. */
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

// The lockfile decides which SDK is used, so what its next version will want has no place in a release's output.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/**
 * People wait while a guard looks: a cloud that does not answer in time counts as not observed.
 *
 * @param region as in `aws:region`
 */
export const clientConfig = (region: string): ClientConfig => ({
  region,
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 },
});

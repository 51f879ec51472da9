/** What every AWS client is made with; endpoint and credentials come from the SDK's environment. */
export interface ClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  /** Milliseconds. */
  readonly requestHandler: {
    readonly connectionTimeout: number;
    /** Until an answer begins. */
    readonly requestTimeout: number;
    /** Without it the SDK says that it is late, and waits on. */
    readonly throwOnRequestTimeout: true;
    /** Between two parts of an answer. */
    readonly socketTimeout: number;
  };
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

/** How long each attempt waits, in milliseconds: what is tried often is given up sooner. */
const PATIENCE = { looking: 10_000, insisting: 5_000 } as const;

/**
 * People wait while a guard looks: a cloud that does not answer in time counts as not observed. That is 20 s for who
 * looks and about 50 s for who insists, for each call: whoever makes several, one after another, waits as often. So a
 * watcher takes flags back before it has looked at the load balancer. What takes long only because it is large is not
 * cut, as long as it comes.
 *
 * @param region as in `aws:region`
 * @param maxAttempts one of {@link ATTEMPTS}
 */
export const clientConfig = (region: string, maxAttempts: number = ATTEMPTS.looking): ClientConfig => {
  const patience = maxAttempts > ATTEMPTS.looking ? PATIENCE.insisting : PATIENCE.looking;
  return {
    region,
    maxAttempts,
    requestHandler: {
      ...{ connectionTimeout: 3_000, requestTimeout: patience, socketTimeout: patience },
      throwOnRequestTimeout: true,
    },
  };
};

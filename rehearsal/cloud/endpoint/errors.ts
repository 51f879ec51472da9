import { CloudError } from "../faults";

/** An error that the endpoint answers as AWS would. */
export class AwsError extends Error {
  constructor(
    /** AWS's code, for example `RuleNotFound` or `ParameterNotFound`. */
    readonly code: string,
    message: string,
    /** The HTTP status. */
    readonly status = 400,
  ) {
    super(message);
    this.name = "AwsError";
  }
}

/** AWS's general error for a request that breaks a service's constraints, under Query's name for it. */
export const validationError = (message: string): AwsError => new AwsError("ValidationError", message);

/** What was thrown, as an error of AWS: an injected fault carries a code; anything else is a fault of the endpoint. */
export function asAwsError(thrown: unknown): AwsError {
  if (thrown instanceof AwsError) return thrown;
  if (thrown instanceof CloudError) return new AwsError(thrown.code, thrown.message, statusOf(thrown.code));
  return new AwsError(
    "InternalFailure",
    thrown instanceof Error ? String(thrown.stack) : String(thrown),
    500,
  );
}

/** The status that AWS's common errors have; those of one service are nearly all 400. */
function statusOf(code: string): number {
  if (/^Internal/.test(code)) return 500;
  if (/^ServiceUnavailable/.test(code)) return 503;
  return /^(AccessDenied|OptInRequired|InvalidClientTokenId)/.test(code) ? 403 : 400;
}

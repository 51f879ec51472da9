import { randomUUID } from "node:crypto";
import { CloudError } from "../../faults";
import type { Recipe } from "./recipe";

/** HTTP statuses other than 400 by which AWS answers with an error. */
const STATUS: readonly (readonly [code: RegExp, status: number])[] = [
  [/^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthFailure)$/, 403],
  [/^(ResourceNotFoundException|NoSuchEntity|NoSuchBucket|NoSuchDistribution|NoSuchHostedZone)$/, 404],
  [/^(ResourceInUseException|EntityAlreadyExists|ResourceConflictException|BucketAlreadyOwnedByYou)$/, 409],
  [/^(InternalFailure|InternalError|InternalServerError|ServerException)$/, 500],
  [/^(ServiceUnavailable|ServiceUnavailableException|RequestLimitExceeded)$/, 503],
];

/** A refusal in the words in which AWS's SDK for Go, and so Pulumi's provider, reports it. */
export function apiError(
  { service }: Pick<Recipe, "service">,
  operation: string,
  error: CloudError,
): CloudError {
  const status = STATUS.find(([code]) => code.test(error.code))?.[1] ?? 400;
  return new CloudError(
    error.code,
    `operation error ${service}: ${operation}, https response error StatusCode: ${status}, ` +
      `RequestID: ${randomUUID()}, api error ${error.code}: ${error.message}`,
  );
}

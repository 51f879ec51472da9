import { AwsError } from "./errors";

/** What a signed request says about its signer. */
export interface Scope {
  readonly accessKey: string;
  readonly region: string;
  /** The service's name, such as `elasticloadbalancing`. */
  readonly service: string;
}

/**
 * Reads the credential scope of a request's `Authorization` header. The signature itself is not verified:
 * the endpoint has no users and so no secret keys; it listens on loopback only and holds nothing but the
 * rehearsal. A request that a client forgot to sign, or signed for another service, is still refused.
 *
 * @throws AwsError as AWS does for a header that is missing or malformed.
 */
export function scopeOf(authorization: string | undefined): Scope {
  if (!authorization) {
    throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
  }
  const missing = ["Credential", "SignedHeaders", "Signature"].filter(
    (key) => !authorization.includes(`${key}=`),
  );
  if (!authorization.startsWith("AWS4-HMAC-SHA256 ") || missing.length > 0) {
    const list = missing.map((key) => `Authorization header requires '${key}' parameter.`).join(" ");
    throw new AwsError("IncompleteSignature", `${list} Authorization=${authorization.split(" ")[0]}`.trim());
  }
  const credential = /Credential=([^,\s]+)/.exec(authorization)?.[1] ?? "";
  const parts = /^(\w+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request$/.exec(credential);
  if (!parts) {
    throw new AwsError(
      "IncompleteSignature",
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  return { accessKey: parts[1] as string, region: parts[3] as string, service: parts[4] as string };
}

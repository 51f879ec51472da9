import type { DeliverySettings } from "../delivery/subjects";
import { type Fault, format, set } from "./faults";
import { type Fields, readFields, text } from "./fields";
import { gitHubId } from "./forms";

const DELIVERY: Fields<DeliverySettings> = {
  repository: {
    required: true,
    example: "owner/name",
    schema: text(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, "a repository on GitHub as owner/name"),
  },
  ownerId: { schema: gitHubId },
  repositoryId: { schema: gitHubId },
  provider: {
    schema: text(
      /^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/,
      "the ARN of GitHub's OIDC provider, such as arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
    ),
  },
  stateBucket: { schema: text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the name of an S3 bucket") },
  stateKey: {
    schema: text(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[\w-]+$/,
      "the ARN of a KMS key, such as arn:aws:kms:us-east-1:123456789012:key/…",
    ),
  },
};

/** Reads `sluice:delivery`; undefined where no workflow takes roles of the stack. */
export function readDelivery(raw: unknown, faults: Fault[]): DeliverySettings | undefined {
  if (raw === undefined) return undefined;
  const read = readFields(raw, ["delivery"], DELIVERY, faults);
  const { ownerId, repositoryId } = read;
  const missing = ownerId === undefined ? "ownerId" : "repositoryId";
  if ((ownerId === undefined) !== (repositoryId === undefined)) {
    faults.push({
      path: format(["delivery", missing]),
      found: undefined,
      allowed: "both ids or none, as GitHub's tokens have them; gh api repos/OWNER/NAME tells them",
      remedy: set(["delivery", missing], 1296269),
    });
  }
  // Whole where there is no fault, and with one there are no settings.
  return read as DeliverySettings;
}

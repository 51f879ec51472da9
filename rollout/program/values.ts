import { runtime } from "@pulumi/pulumi";

/** How a value that is not known, or not to be shown, is written. */
export interface Wording {
  /** For a value that exists only after a deployment. */
  readonly unknown: string;
  /** For a secret. */
  readonly secret: (value: unknown) => unknown;
}

/** What Pulumi's wire format writes for a value that is not known yet. */
const UNKNOWN = runtime.unknownValue;

/** A property as a program registers it, in plain JSON: what only Pulumi understands is put into words. */
export function plain(value: unknown, wording: Wording): unknown {
  if (value === UNKNOWN) return wording.unknown;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => plain(inner, wording));
  const record = value as Record<string, unknown>;
  switch (record[runtime.specialSigKey]) {
    case undefined:
      return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, plain(inner, wording)]));
    case runtime.specialSecretSig:
      return wording.secret(plain(record["value"], wording));
    case runtime.specialResourceSig:
      return plain(record["id"] ?? record["urn"], wording);
    default:
      // An asset or an archive: its text where it has one, else where it is.
      return plain(record["text"] ?? record["path"] ?? record["uri"] ?? wording.unknown, wording);
  }
}

/** A secret as the wire has it. */
export const secret = (value: unknown): Record<string, unknown> => ({
  [runtime.specialSigKey]: runtime.specialSecretSig,
  value,
});

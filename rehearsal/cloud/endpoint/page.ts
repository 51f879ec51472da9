import { validationError } from "./errors";
import { type Input, text } from "./service";

/** AWS's bounds for `PageSize` of ELBv2. */
const LARGEST_PAGE = 400;

/**
 * The page of a list that a call asks for with `Marker` and `PageSize`, and the marker of the next one.
 * A marker names the last thing on the page before, so that what is created or removed between two calls
 * neither repeats nor hides anything else.
 *
 * @throws AwsError for a size out of 1–400, and for a marker that isn't from this list.
 */
export function page<T>(
  all: readonly T[],
  key: (entry: T) => string,
  input: Input,
): { page: readonly T[]; NextMarker?: string } {
  const size = Number(text(input.PageSize) ?? LARGEST_PAGE);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_PAGE) {
    throw validationError(`Page size '${String(input.PageSize)}' must be from 1 to ${LARGEST_PAGE}`);
  }
  const marker = text(input.Marker);
  const keys = all.map(key);
  const start = marker === undefined ? 0 : keys.indexOf(Buffer.from(marker, "base64").toString()) + 1;
  if (marker !== undefined && start === 0) throw validationError(`Invalid marker '${marker}'`);
  const end = start + size;
  const next = end < all.length ? Buffer.from(keys[end - 1] as string).toString("base64") : undefined;
  return { page: all.slice(start, end), NextMarker: next };
}

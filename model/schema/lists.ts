import type { Fault, Path } from "./faults";
import { format, remove } from "./faults";

/**
 * Reads the elements of a list each by itself, so that one wrong element does not hide another's fault.
 *
 * @param what the list, as a person says it
 * @returns what `read` gave, without what could not be read
 */
export function readList<Value>(
  raw: unknown,
  path: Path,
  what: string,
  read: (element: unknown, path: Path) => Value | undefined,
  faults: Fault[],
): Value[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) {
    faults.push({ path: format(path), found: raw, allowed: what, remedy: remove(path) });
    return [];
  }
  return raw.flatMap((element: unknown, index) => read(element, [...path, index]) ?? []);
}

import { isRecord } from "../schema/faults";
import { canonical, keysOf } from "./canonical";

/** A stack's configuration, as its file has it. */
export type Config = Readonly<Record<string, unknown>>;

/** What a release has written, to be put into a file that others have changed too. */
export type Merged =
  | { readonly edit: Readonly<Record<string, unknown>> }
  /** Keys that both have changed, or that only a person can put together. */
  | { readonly conflicts: readonly string[] };

/** They say one thing together: where traffic is. */
const STAND = ["live", "traffic", "capacity"].map((key) => `sluice:release.${key}`);

/**
 * What a release has changed in configuration, where nobody else has changed the same.
 *
 * @param base what both began with
 * @param theirs what others made of it
 */
export function merged(base: Config, ours: Config, theirs: Config): Merged {
  const changed = changesIn(base, ours);
  const others = changesIn(base, theirs);
  const agreed = (path: string) => same(valueAt(ours, path), valueAt(theirs, path));
  const isStand = (path: string) => STAND.some((key) => overlap(path, key));
  const conflicts = changed.filter((path) => {
    if (valueAt(ours, path) === undefined) return valueAt(theirs, path) !== undefined;
    return others.some(
      (other) =>
        (overlap(path, other) && !(path === other && agreed(path))) ||
        (isStand(path) && isStand(other) && !agreed(other)),
    );
  });
  if (conflicts.length > 0) return { conflicts };
  const edits = changed.filter((path) => valueAt(ours, path) !== undefined);
  return { edit: Object.fromEntries(edits.map((path) => [path, valueAt(ours, path)])) };
}

/** Paths of what differs: keys of configuration and, of maps, theirs; what lies deeper is one value. */
function changesIn(before: Config, after: Config): string[] {
  return keysOf(before, after).flatMap((key) => {
    const [one, other] = [before[key], after[key]];
    if (same(one, other)) return [];
    if (!isRecord(one) || !isRecord(other)) return [key];
    return keysOf(one, other)
      .filter((name) => !same(one[name], other[name]))
      .map((name) => `${key}.${name}`);
  });
}

const overlap = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);

function valueAt(config: Config, path: string): unknown {
  if (path in config) return config[path];
  const at = path.indexOf(".");
  const outer = config[path.slice(0, at)];
  return isRecord(outer) ? outer[path.slice(at + 1)] : undefined;
}

const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

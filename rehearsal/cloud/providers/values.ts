/**
 * A value that is not known yet: in a preview, what only creating a resource can tell.
 * It stands wherever a value may stand, also within arrays and objects.
 */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A file or folder that a program hands to a resource (the code of a Lambda function, for example). */
export class Asset {
  constructor(
    /** `asset` is one file, `archive` is a folder or a packed one. */
    readonly kind: "asset" | "archive",
    /** What the engine said of it: `hash`, and one of `text`, `path`, `uri`, `assets`. */
    readonly content: Readonly<Record<string, unknown>>,
  ) {}

  /** The hash by which the engine tells one content from another. */
  get hash(): string {
    return String(this.content.hash ?? "");
  }
}

/** The texts by which the engine marks a secret, in what it sends and in its state. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Whether this is a secret as the engine writes it down. */
export const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (value as Record<string, unknown>)[SIGNATURE] === SECRET;

/** What a property may be: JSON, `UNKNOWN` or an `Asset`. */
export type Value = null | boolean | number | string | typeof UNKNOWN | Asset | Value[] | Values;

/** An object of properties by name, in Pulumi's property names. A property that is absent is not in it. */
export type Values = { [name: string]: Value };

export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Asset);
}

/** Whether the value is unknown, or anything within it is. */
export function containsUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

/** Whether two values are the same. An unknown value equals nothing, not even another unknown one. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return false;
  if (a instanceof Asset && b instanceof Asset) return a.kind === b.kind && a.hash === b.hash;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length && names.every((name) => name in b && equal(a[name], b[name]))
    );
  }
  return a === b;
}

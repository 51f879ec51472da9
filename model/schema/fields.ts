import { type ZodType, z } from "zod";
import { type Fault, type Path, format, isRecord, nearest, remove, set, suggestion } from "./faults";

/** One value of configuration: what it may be, and a value that would be right. */
export interface Field<Value> {
  /** Each of its messages says what is allowed. */
  readonly schema: ZodType<Value>;
  /** A right value, for the command that mends. Absent: no command can set it, only remove it. */
  readonly example?: string | number | undefined;
  /** The words it may be, where the nearest to what was found is the better example. */
  readonly words?: readonly string[];
  /** The first element of a right list: a command can set one element, and none can set a list. */
  readonly first?: string;
  /** A right value of one element of an object. Absent: a wrong element can only be removed. */
  readonly element?: string;
  readonly required?: boolean;
  /** Its value may be a secret, so messages give its type only. */
  readonly secret?: boolean;
}

export type Fields<Values> = { readonly [Key in keyof Values]: Field<Values[Key]> };

/** Text of one form. */
export const text = (form: RegExp, allowed: string, longest = Infinity): ZodType<string> =>
  z
    .string({ error: allowed })
    .refine((value) => value.length <= longest && form.test(value), { error: allowed });

/** A whole number within a range, both ends inclusive. */
export function whole(least: number, greatest: number): ZodType<number> {
  const error = `a whole number from ${least} to ${greatest}`;
  return z.int({ error }).min(least, { error }).max(greatest, { error });
}

/** A truth value; its two words in quotes can mean nothing else. */
export const flag = z.preprocess(
  (raw) => (raw === "true" ? true : raw === "false" ? false : raw),
  z.boolean({ error: "true or false" }),
) as ZodType<boolean>;

/** One of several words. */
export function oneOf<const Words extends readonly string[]>(words: Words): ZodType<Words[number]> {
  const error = (issue: { input?: unknown }) =>
    `one of ${words.join(", ")}` + (typeof issue.input === "string" ? suggestion(issue.input, words) : "");
  return z.enum(words, { error });
}

/** Reads one value; its faults are added to `faults`, one for each path. */
export function readField<Value>(
  raw: unknown,
  path: Path,
  field: Field<Value>,
  faults: Fault[],
): Value | undefined {
  if (raw === undefined && !field.required) return undefined;
  const result = field.schema.safeParse(raw);
  if (result.success) return result.data;
  const seen = new Set<string>();
  for (const issue of result.error.issues) {
    const at: Path = [...path, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
    if (seen.has(format(at))) continue;
    seen.add(format(at));
    const found = valueAt(raw, issue.path);
    faults.push({
      path: format(at),
      found: field.secret ? withheld(found) : found,
      allowed: issue.message,
      remedy: remedyFor(field, at, found, at.length > path.length, atMost(issue)),
    });
  }
  return undefined;
}

/** What may be a secret is told by its type. */
const withheld = (found: unknown): unknown =>
  found === undefined ? undefined : `(a value of type ${typeof found})`;

/** How many elements there may be, where there are more. */
const atMost = (issue: z.core.$ZodIssue): number =>
  issue.code === "too_big" ? Number(issue.maximum) : Infinity;

function remedyFor(field: Field<unknown>, at: Path, found: unknown, inside: boolean, most: number): string {
  // Each removal moves the next element to the same place.
  if (Array.isArray(found) && found.length > most) {
    return found
      .slice(most)
      .map(() => remove([...at, most]))
      .join(" && ");
  }
  const near = typeof found === "string" ? nearest(found, field.words ?? []) : undefined;
  const example = inside ? field.element : (near ?? field.example);
  // A list or an object stands in the way: to set a plain value on its path would be refused.
  const blocked = typeof found === "object" && found !== null;
  if (field.first !== undefined && !inside) {
    const first = set([...at, 0], field.first);
    return found === undefined || Array.isArray(found) ? first : `${remove(at)} && ${first}`;
  }
  if (example === undefined) return remove(at);
  return blocked ? `${remove(at)} && ${set(at, example)}` : set(at, example);
}

const valueAt = (raw: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, step) => (typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined),
    raw,
  );

/**
 * Reads the fields of an object each by itself, so that one wrong field does not hide another's fault.
 * Unknown keys are faults. Fields that are absent or wrong are absent in the answer.
 *
 * @param nested keys that somebody else reads
 * @param secret whether values of unknown keys may be secrets
 */
export function readFields<Values extends object>(
  raw: unknown,
  path: Path,
  fields: Fields<Values>,
  faults: Fault[],
  nested: readonly string[] = [],
  secret = false,
): Partial<Values> {
  const known = [...Object.keys(fields), ...nested];
  const record = readRecord(raw, path, `an object with the keys ${known.join(", ")}`, faults);
  if (!record) return {};
  rejectUnknown(record, path, known, faults, secret);
  const entries = (Object.keys(fields) as (keyof Values & string)[]).map((key) => {
    const value = Object.hasOwn(record, key) ? record[key] : undefined;
    return [key, readField(value, [...path, key], fields[key] as Field<unknown>, faults)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<Values>;
}

/** `raw` as an object, or a fault. */
export function readRecord(
  raw: unknown,
  path: Path,
  allowed: string,
  faults: Fault[],
): Readonly<Record<string, unknown>> | undefined {
  if (isRecord(raw)) return raw;
  faults.push({ path: format(path), found: raw, allowed, remedy: remove(path) });
  return undefined;
}

/** A fault for each key that nobody reads. */
export function rejectUnknown(
  record: Readonly<Record<string, unknown>>,
  path: Path,
  known: readonly string[],
  faults: Fault[],
  secret = false,
): void {
  for (const key of Object.keys(record)) {
    if (known.includes(key)) continue;
    faults.push({
      path: format([...path, key]),
      found: secret ? withheld(record[key]) : record[key],
      allowed: `no such key${suggestion(key, known)}; allowed are ${known.join(", ")}`,
      remedy: remove([...path, key]),
    });
  }
}

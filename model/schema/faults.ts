/** One thing that is wrong with configuration. */
export interface Fault {
  /** Where, in Pulumi's notation: `sluice:release.traffic.green`. */
  readonly path: string;
  /** The value there; `undefined` where there is none. */
  readonly found: unknown;
  /** What may stand there. */
  readonly allowed: string;
  /** The command that mends it. */
  readonly remedy: string;
}

/** Steps from the key under `sluice:` to a value. */
export type Path = readonly [string, ...(string | number)[]];

const PLAIN = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const LONGEST = 60;

/** `path` as `pulumi config --path` reads it. */
export const format = ([key, ...rest]: Path): string =>
  "sluice:" + [PLAIN.test(key) ? key : JSON.stringify(key), ...rest.map(part)].join("");

const part = (step: string | number): string => {
  if (typeof step === "number") return `[${step}]`;
  return PLAIN.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
};

const quote = (word: string): string =>
  /^[\w.:/@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The command that sets one value. */
export function set(path: Path, value: string | number | boolean): string {
  // On a path Pulumi reads digits as a number and true and false as truth values; a text must say so.
  const typed = typeof value === "string" && path.length > 1 && /^(-?\d+|true|false)$/.test(value);
  const options = path.length > 1 ? `--path ${typed ? "--type string " : ""}` : "";
  const key = path.length > 1 ? `'${format(path).replaceAll("'", `'\\''`)}'` : quote(format(path));
  return `pulumi config set ${options}${key} ${quote(String(value))}`;
}

/** The command that removes one value. */
export const remove = (path: Path): string =>
  path.length > 1
    ? `pulumi config rm --path '${format(path).replaceAll("'", `'\\''`)}'`
    : `pulumi config rm ${quote(format(path))}`;

/** Whether a value has keys; arrays do not count. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value on one line, cut where it is long. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = json(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function json(value: unknown): string {
  try {
    // Its type does not say so, but what JSON has no word for comes out as undefined.
    const text = JSON.stringify(value) as string | undefined;
    return text ?? typeof value;
  } catch {
    return typeof value;
  }
}

/** `; did you mean "traffic"?` where a known word is near, otherwise nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
}

/** The known word that somebody who wrote `word` most likely meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const extended = known.find((each) => each.length > 2 && lower.startsWith(each.toLowerCase()));
  const [best] = known
    .map((each) => ({ each, far: distance(lower, each.toLowerCase()) }))
    .filter(({ each, far }) => far <= Math.max(1, Math.floor(each.length / 3)))
    .sort((a, b) => a.far - b.far);
  return best?.each ?? extended;
}

/** Levenshtein's distance; long words are not looked at, nobody mistyped those. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 4) return Infinity;
  let above = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 0; i < one.length; i++) {
    let left = i + 1;
    let corner = i;
    above = [
      left,
      ...above.slice(1).map((up, j) => {
        left = Math.min(corner + (one[i] === other[j] ? 0 : 1), up + 1, left + 1);
        corner = up;
        return left;
      }),
    ];
  }
  return above.at(-1) ?? 0;
}

/** Keys may contain anything, and a fault has one line. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, " ");

/** One line: where, what was found, what is allowed, what mends it. */
export const line = (fault: Fault): string =>
  oneLine(`${fault.path}: found ${show(fault.found)}; allowed: ${fault.allowed}; mend it: ${fault.remedy}`);

/** Configuration that cannot be used, with every reason at once. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";

  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(line).join("\n"));
  }
}

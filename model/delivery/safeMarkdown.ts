/**
 * Text of others in Markdown that GitHub renders: a branch's name, a resource's, what the engine said. Nothing in it
 * may become markup, a mention that writes to people, a reference that shows up in other issues, or a link.
 */

/** Whatever is not seen, or turns what follows around: control characters, marks of direction, characters of no width. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Parts what GitHub would otherwise take for a mention, a reference or a link; nobody sees it. */
const APART = "\u200b";

/** What a backslash does not always keep from being markup. */
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", "|": "&#124;" };

const onOneLine = (value: string): string => value.replaceAll(/\s+/g, " ").replaceAll(UNSEEN, "").trim();

/** A sentence of others, on one line. */
export const safeText = (value: string): string =>
  onOneLine(value)
    .replaceAll(/[@#]/g, (mark) => mark + APART)
    .replaceAll("://", `:${APART}//`)
    .replaceAll(/\b(www)\./gi, `$1${APART}.`)
    .replaceAll(/\b(GH)-(?=\d)/gi, `$1${APART}-`)
    .replaceAll(/[\\`*_{}[\]()<>|~#&!$+=-]/g, (mark) => ENTITIES[mark] ?? `\\${mark}`);

/** A value of others as code, on one line. A table escapes the bars in its cells itself. */
export function safeCode(value: string): string {
  const line = onOneLine(value);
  if (line === "") return "(empty)";
  const fence = "`".repeat(longestRun(line) + 1);
  // A space keeps the fence apart from a backtick that begins or ends the text; GitHub takes one away again.
  const apart = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return fence + apart + line + apart + fence;
}

/** Lines of others as a block of code, which they cannot end. */
export function safeBlock(lines: readonly string[], language = ""): string[] {
  const cleaned = lines.flatMap((line) => line.split(/\r?\n/)).map((line) => line.replaceAll(UNSEEN, ""));
  const fence = "`".repeat(Math.max(3, ...cleaned.map((line) => longestRun(line) + 1)));
  return [fence + language, ...cleaned, fence];
}

const longestRun = (text: string): number =>
  Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

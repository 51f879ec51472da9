/** What is written where a secret stood. */
const MASK = "***";

/** Shapes of secrets that commands, drivers and services print, and what of each may stay. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  // Whoever has a webhook's URL can post by it.
  [/(https?:\/\/hooks\.[^\s/]+)\/[^\s"'<>)]*/gi, `$1/${MASK}`],
  // User and password in front of a host.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${MASK}@`],
  [/\b(A[KS]IA)[A-Z0-9]{16}\b/g, `$1${MASK}`],
  [/\b(gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|pul-|sk-)[\w-]{10,}/g, `$1${MASK}`],
  // JSON Web Tokens.
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(\.[\w-]*)?/g, MASK],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  [
    /((?:password|passwd|passphrase|secret|secret[_-]?(?:access[_-]?)?key|token|api[_-]?key|x-amz-signature)["']?\s*[=:]\s*["']?)[^\s"',;&]{4,}/gi,
    `$1${MASK}`,
  ],
];

/** A text without what looks like a secret: what a gate's command says goes into histories and channels. */
export const masked = (text: string): string =>
  SHAPES.reduce((left, [shape, kept]) => left.replace(shape, kept), text);

/** Characters that end lines, move a terminal's cursor, turn the direction of writing, or are half of one. */
const UNPRINTED = /[\s\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** A text on one line, as a terminal, an argument of a command and a channel can have it, and no longer than that. */
export function plainLine(text: string, longest = Infinity): string {
  const line = masked(text.replace(UNPRINTED, " ")).trim();
  const characters = Array.from(line);
  if (characters.length <= longest) return line;
  const kept = characters.slice(0, longest - 1).join("");
  // A mask may have been cut through.
  return masked(`${kept.trimEnd()}…`);
}

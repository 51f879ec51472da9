import { randomBytes, randomInt } from "node:crypto";
import type { Values } from "../behaviour";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** The kinds of characters, each with the properties that turn it on and ask for a least number of it. */
const kinds = ({ lower, upper, numeric, number, special, overrideSpecial, ...least }: Values) => [
  { on: lower !== false, letters: LOWER, least: Number(least.minLower ?? 0) },
  { on: upper !== false, letters: LOWER.toUpperCase(), least: Number(least.minUpper ?? 0) },
  { on: (number ?? numeric) !== false, letters: "0123456789", least: Number(least.minNumeric ?? 0) },
  {
    on: special !== false,
    letters: typeof overrideSpecial === "string" && overrideSpecial !== "" ? overrideSpecial : SPECIAL,
    least: Number(least.minSpecial ?? 0),
  },
];

const pick = (letters: string): string => letters.charAt(randomInt(letters.length));

/** What is wrong with what is asked of a text; undefined where it can be made. */
export function impossible(inputs: Values): string | undefined {
  const wanted = kinds(inputs);
  const least = wanted.reduce((sum, kind) => sum + kind.least, 0);
  if (typeof inputs.length === "number" && least > inputs.length)
    return `found ${inputs.length}; the least numbers of characters add up to ${least}`;
  return wanted.some(({ on }) => on) ? undefined : "no kind of character is allowed";
}

/** A random text of the length and the characters that the inputs ask for. */
export function randomText(inputs: Values): string {
  const wanted = kinds(inputs);
  const all = wanted.map(({ on, letters }) => (on ? letters : "")).join("");
  const chosen = wanted.flatMap(({ letters, least }) => Array.from({ length: least }, () => pick(letters)));
  while (chosen.length < Number(inputs.length)) chosen.push(pick(all));
  for (let i = chosen.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [chosen[i], chosen[j]] = [chosen[j]!, chosen[i]!];
  }
  return chosen.join("");
}

/** A random number of so many bytes, in the notations of `RandomId`. */
export function randomId({ byteLength, prefix }: Values): { id: string; outputs: Values } {
  const bytes = randomBytes(Number(byteLength));
  const before = typeof prefix === "string" ? prefix : "";
  const id = bytes.toString("base64url");
  return {
    id,
    outputs: {
      b64Std: before + bytes.toString("base64"),
      b64Url: before + id,
      dec: before + BigInt(`0x${bytes.toString("hex")}`).toString(),
      hex: before + bytes.toString("hex"),
    },
  };
}

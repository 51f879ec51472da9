/** A text on lines of so many characters; a word that is longer has its own. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}

/** Characters of a terminal's line. */
export const WIDTH = 80;

/** A name, and beside it a text that goes on below itself, on lines of a terminal. */
export const beside = (name: string, text: string, margin = 10): string[] =>
  wrapped(text, WIDTH - margin).map((line, index) =>
    ((index === 0 ? name : "").padEnd(margin) + line).trimEnd(),
  );

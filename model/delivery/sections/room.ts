/** How much of each list is shown. */
export interface Room {
  readonly resources: number;
  readonly messages: number;
  /** Characters of a message. */
  readonly message: number;
}

/** A box that GitHub draws in a colour of its own. */
export const quoted = (kind: "CAUTION" | "WARNING", lines: readonly string[]): string[] => [
  `> [!${kind}]`,
  ...lines.map((line) => (line === "" ? ">" : `> ${line}`)),
];

/** Lines that show on a click. */
export const folded = (title: string, lines: readonly string[]): string[] => [
  `<details><summary>${title}</summary>`,
  "",
  ...lines,
  "",
  "</details>",
];

/** What says how many of a list are left out; nothing where none are. */
export const more = (count: number): string[] => (count > 0 ? ["", `… and ${count} more.`] : []);

/** A text of at most so many characters. */
export const shortened = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${Array.from(text)
        .slice(0, most - 1)
        .join("")}…`;

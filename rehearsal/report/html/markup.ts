/** Text that is HTML already. Only {@link html} and {@link trusted} make it. */
export class Markup {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What may stand in a page: text is escaped, markup is not, and what is absent leaves nothing. */
export type Part = Markup | string | number | undefined | false | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What no page may contain: controls but tab and line breaks, lone surrogates, and what is no character. */
const ILLEGAL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]|\p{Surrogate}/gu;

/** Text as it may stand between tags and in quoted attributes. It reads as it was, whatever it was. */
export const escaped = (text: string): string =>
  text.replace(ILLEGAL, "\ufffd").replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

/** A template of HTML, in which every value but markup is escaped: so nothing can be forgotten. */
export function html(pieces: TemplateStringsArray, ...values: readonly Part[]): Markup {
  // The sources' indentation is for whoever reads them.
  const [first = "", ...rest] = pieces.map((piece) => piece.replace(/\n\s+/g, "\n"));
  return new Markup(rest.reduce((text, piece, at) => text + rendered(values[at]) + piece, first));
}

/** Text of our own, such as the style sheet, as markup. */
export const trusted = (text: string): Markup => new Markup(text);

function rendered(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.toString();
  if (typeof part === "object") return part.map(rendered).join("");
  return escaped(String(part));
}

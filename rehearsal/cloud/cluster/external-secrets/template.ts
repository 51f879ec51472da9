/** A token of a template's action. */
type Token =
  | { readonly kind: "name" | "field" | "string"; readonly text: string }
  | { readonly kind: "(" | ")" | "|"; readonly text: string };

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|(\.[A-Za-z_]\w*|\.)|([A-Za-z_]\w*)|([()|]))/y;

/** What a template may call; Sprig and Go have more, and what is not here is an error. */
const FUNCTIONS: Readonly<Record<string, (first: string, second?: string) => string>> = {
  b64dec: (text) => Buffer.from(text, "base64").toString("utf8"),
  b64enc: (text) => Buffer.from(text, "utf8").toString("base64"),
  default: (otherwise, text) => text || otherwise,
  fail: (why) => {
    throw new Error(`error calling fail: ${why}`);
  },
  lower: (text) => text.toLowerCase(),
  quote: (text) => JSON.stringify(text),
  regexMatch: (pattern, text) => String(new RegExp(pattern).test(text ?? "")),
  squote: (text) => `'${text}'`,
  toString: (text: string) => text,
  trim: (text) => text.trim(),
  upper: (text) => text.toUpperCase(),
  // Go's url.QueryEscape: a blank becomes a plus sign.
  urlquery: (text) =>
    encodeURIComponent(text)
      .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
      .replace(/%20/g, "+"),
};

/**
 * Renders a template of the External Secrets Operator's engine v2, of which it knows fields (`.password`),
 * `index . "auth-token"`, literals, brackets, pipes, `if` with its `else` but none inside another, and the functions
 * above.
 *
 * @throws Error for anything else, and for a key that there is not
 */
export function render(template: string, values: Readonly<Record<string, string>>): string {
  const chosen = template.replace(
    /\{\{\s*if\s([^}]*(?:\}[^}]+)*)\}\}([\s\S]*?)\{\{\s*else\s*\}\}([\s\S]*?)\{\{\s*end\s*\}\}/g,
    (_, condition: string, yes: string, no: string) =>
      ["", "false"].includes(new Action(condition, values).run()) ? no : yes,
  );
  return chosen.replace(
    /(\s*)\{\{(-?)([\s\S]*?)(-?)\}\}(\s*)/g,
    (_, before: string, trimBefore: string, action: string, trimAfter: string, after: string) => {
      const result = /^\s*\/\*[\s\S]*\*\/\s*$/.test(action) ? "" : new Action(action, values).run();
      return (trimBefore ? "" : before) + result + (trimAfter ? "" : after);
    },
  );
}

class Action {
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(
    readonly text: string,
    readonly values: Readonly<Record<string, string>>,
  ) {
    TOKEN.lastIndex = 0;
    const source = text.trim();
    while (TOKEN.lastIndex < source.length) {
      const from = TOKEN.lastIndex;
      const match = TOKEN.exec(source);
      if (!match)
        throw new Error(`unexpected ${JSON.stringify(source.slice(from, from + 10))} in {{${text}}}`);
      const [, quoted, raw, field, name, sign] = match;
      if (quoted !== undefined)
        this.#tokens.push({ kind: "string", text: JSON.parse(`"${quoted}"`) as string });
      else if (raw !== undefined) this.#tokens.push({ kind: "string", text: raw });
      else if (field !== undefined) this.#tokens.push({ kind: "field", text: field.slice(1) });
      else if (name !== undefined) this.#tokens.push({ kind: "name", text: name });
      else this.#tokens.push({ kind: sign as "(", text: sign! });
    }
  }

  run(): string {
    const result = this.#pipeline();
    if (this.#at < this.#tokens.length) throw this.#unexpected();
    return result;
  }

  #pipeline(): string {
    let result = this.#command([]);
    while (this.#tokens[this.#at]?.kind === "|") {
      this.#at += 1;
      result = this.#command([result]);
    }
    return result;
  }

  /** A value, or a function with its arguments; what was piped in is the last of them. */
  #command(piped: readonly string[]): string {
    const first = this.#tokens[this.#at];
    if (first?.kind !== "name") {
      if (!first || piped.length > 0) throw this.#unexpected();
      return this.#operand();
    }
    this.#at += 1;
    if (first.text === "index") return this.#index();
    const run = Object.hasOwn(FUNCTIONS, first.text) ? FUNCTIONS[first.text] : undefined;
    if (!run) throw new Error(`function "${first.text}" not defined`);
    const given: string[] = [];
    while (this.#at < this.#tokens.length && !["|", ")"].includes(this.#tokens[this.#at]!.kind)) {
      given.push(this.#operand());
    }
    const [one, two, ...more] = [...given, ...piped];
    if (one === undefined || more.length > 0 || (two !== undefined && run.length < 2)) {
      throw new Error(`wrong number of args for ${first.text}: got ${given.length + piped.length}`);
    }
    return run(one, two);
  }

  /** `index . "key"`, for keys that are no Go names. */
  #index(): string {
    const [map, key] = [this.#tokens[this.#at], this.#tokens[this.#at + 1]];
    if (map?.kind !== "field" || map.text !== "" || key?.kind !== "string") throw this.#unexpected();
    this.#at += 2;
    return this.#value(key.text);
  }

  #operand(): string {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === "string") return token.text;
    if (token?.kind === "field" && token.text !== "") return this.#value(token.text);
    if (token?.kind !== "(") {
      this.#at -= 1;
      throw this.#unexpected();
    }
    const result = this.#pipeline();
    if (this.#tokens[this.#at]?.kind !== ")") throw this.#unexpected();
    this.#at += 1;
    return result;
  }

  #value(key: string): string {
    const value = Object.hasOwn(this.values, key) ? this.values[key] : undefined;
    if (value === undefined) throw new Error(`map has no entry for key "${key}"`);
    return value;
  }

  #unexpected(): Error {
    const token = this.#tokens[this.#at];
    return new Error(`unexpected ${token ? JSON.stringify(token.text || ".") : "end"} in {{${this.text}}}`);
  }
}

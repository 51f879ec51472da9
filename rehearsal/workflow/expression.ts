/** What an expression may name: `github`, `inputs`, `matrix`, `needs`, `steps`, `vars`, `env`. */
export type Contexts = Readonly<Record<string, unknown>>;

/** How the steps or jobs before have ended. */
export type Status = "success" | "failure" | "cancelled";

const TOKEN = /\s*(?:('(?:[^']|'')*')|(-?\d+(?:\.\d+)?)|(&&|\|\||==|!=|[()[\].,!<>])|([A-Za-z_][\w-]*))/y;

/**
 * The value of a GitHub expression, without `${{ }}`: literals, contexts, the operators, and the functions that our
 * workflows use.
 *
 * @throws Error where it is none, or uses what is not known here
 */
export function evaluated(expression: string, contexts: Contexts, status: Status = "success"): unknown {
  const tokens = tokensOf(expression);
  let at = 0;
  const peek = () => tokens[at];
  const take = (token?: string): string => {
    const found = tokens[at];
    if (found === undefined || (token !== undefined && found !== token)) {
      throw new Error(`${expression}: found ${found ?? "the end"}; expected ${token ?? "a value"}`);
    }
    at += 1;
    return found;
  };
  let aside = 0;
  /** What stands behind a decided && or || is read, and not worked out. */
  const skip = (read: () => unknown): void => {
    aside += 1;
    read();
    aside -= 1;
  };
  const or = (): unknown => {
    let left = and();
    while (peek() === "||") {
      take();
      if (isTrue(left)) skip(and);
      else left = and();
    }
    return left;
  };
  const and = (): unknown => {
    let left = equal();
    while (peek() === "&&") {
      take();
      if (isTrue(left)) left = equal();
      else skip(equal);
    }
    return left;
  };
  const equal = (): unknown => {
    const left = not();
    if (peek() !== "==" && peek() !== "!=") return left;
    const same = take() === "==";
    return (asText(left).toLowerCase() === asText(not()).toLowerCase()) === same;
  };
  const not = (): unknown => {
    if (peek() !== "!") return path();
    take();
    return !isTrue(not());
  };
  const path = (): unknown => {
    let value = primary();
    for (;;) {
      if (peek() === ".") {
        take();
        value = within(value, take());
      } else if (peek() === "[") {
        take();
        value = within(value, asText(or()));
        take("]");
      } else return value;
    }
  };
  const primary = (): unknown => {
    const token = take();
    if (token === "(") {
      const value = or();
      take(")");
      return value;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^-?\d/.test(token)) return Number(token);
    if (token === "true" || token === "false") return token === "true";
    if (token === "null") return null;
    if (peek() === "(") return called(token);
    if (!(token in contexts)) throw new Error(`${expression}: no context ${token} is known here`);
    return contexts[token];
  };
  const called = (name: string): unknown => {
    const args: unknown[] = [];
    take("(");
    while (peek() !== ")") {
      args.push(or());
      if (peek() === ",") take();
    }
    take(")");
    if (aside > 0) return null;
    switch (name.toLowerCase()) {
      case "fromjson":
        return JSON.parse(asText(args[0])) as unknown;
      case "format":
        return asText(args[0]).replaceAll(/\{(\d+)\}/g, (_, index: string) =>
          asText(args[Number(index) + 1]),
        );
      case "startswith":
        return asText(args[0]).toLowerCase().startsWith(asText(args[1]).toLowerCase());
      case "success":
      case "failure":
      case "cancelled":
        return status === name.toLowerCase();
      case "always":
        return true;
      default:
        throw new Error(`${expression}: the function ${name} is not known here`);
    }
  };
  const value = or();
  if (at < tokens.length) throw new Error(`${expression}: found ${tokens[at] ?? ""} behind its end`);
  return value;
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  const form = new RegExp(TOKEN);
  while (form.lastIndex < expression.trimEnd().length) {
    const from = form.lastIndex;
    const found = form.exec(expression);
    if (!found) throw new Error(`${expression}: cannot be read from "${expression.slice(from)}" on`);
    tokens.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? "");
  }
  return tokens;
}

const within = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? ((value as Record<string, unknown>)[key] ?? null) : null;

/** As GitHub does: empty text, 0 and null are false. */
export const isTrue = (value: unknown): boolean => Boolean(value);

/** A value as it stands in a text. */
export const asText = (value: unknown): string =>
  typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);

/** A text with its `${{ }}` filled in; one that is nothing else keeps its type. */
export function filled(text: string, contexts: Contexts, status?: Status): unknown {
  const whole = /^\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(text);
  if (whole) return evaluated((whole[1] ?? "").trim(), contexts, status);
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, inner: string) =>
    asText(evaluated(inner.trim(), contexts, status)),
  );
}

/** What `if:` says, with or without `${{ }}`. Without a function of its own it also wants all before to have succeeded. */
export function condition(text: string | boolean | undefined, contexts: Contexts, status: Status): boolean {
  if (text === undefined) return status === "success";
  const inner = String(text)
    .trim()
    .replace(/^\$\{\{(.*)\}\}$/s, "$1")
    .trim();
  const asks = /\b(?:success|failure|cancelled|always)\s*\(/i.test(inner);
  return (asks || status === "success") && isTrue(evaluated(inner, contexts, status));
}

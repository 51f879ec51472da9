import { nowMilliseconds } from "../../cloud/clock";

/** The cookies of one session, as a browser would keep them for one host. */
export class CookieJar {
  readonly #cookies = new Map<string, { value: string; expires: number }>();

  constructor(private readonly now: () => number = nowMilliseconds) {}

  /** Takes the cookies of an answer's `Set-Cookie` headers. */
  take(setCookie: string | readonly string[] | undefined): void {
    for (const line of setCookie === undefined ? [] : [setCookie].flat()) {
      const [pair = "", ...attributes] = line.split(";");
      const at = pair.indexOf("=");
      if (at <= 0) continue;
      this.#cookies.set(pair.slice(0, at).trim(), {
        value: pair.slice(at + 1).trim(),
        expires: this.#expiry(attributes),
      });
    }
  }

  has(name: string): boolean {
    const cookie = this.#cookies.get(name);
    return cookie !== undefined && cookie.expires > this.now();
  }

  /** When a cookie ends, in milliseconds since 1970; 0 where there is none. */
  end(name: string): number {
    return this.#cookies.get(name)?.expires ?? 0;
  }

  /** The `Cookie` header of the next request; undefined without cookies. */
  header(): string | undefined {
    const alive = [...this.#cookies].filter(([name]) => this.has(name));
    return alive.length > 0 ? alive.map(([name, { value }]) => `${name}=${value}`).join("; ") : undefined;
  }

  /** When a cookie ends, in milliseconds; `Max-Age` goes before `Expires`, and without either it never does. */
  #expiry(attributes: readonly string[]): number {
    const named = new Map(
      attributes.map((attribute) => {
        const [name = "", value = ""] = attribute.split("=");
        return [name.trim().toLowerCase(), value.trim()];
      }),
    );
    const age = named.get("max-age");
    if (age !== undefined) return this.now() + 1000 * Number(age);
    const date = named.get("expires");
    return date === undefined ? Infinity : Date.parse(date);
  }
}

import type { Pool } from "undici";
import { nowMilliseconds } from "../../cloud/clock";
import { GROUP_COOKIE } from "../cloud/balancer/stickiness";
import { CookieJar } from "./cookies";
import { colourOf, type Outcome, type Seen } from "./counts";

/** A public service, as users reach it. */
export interface TrafficTarget {
  readonly service: string;
  /** For example `http://127.0.0.1:40123/voice`. */
  readonly url: string;
  /** For example `{ host: "admin.example.com" }`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One user with a cookie jar who uses one service for a while. */
export class Session {
  readonly #jar = new CookieJar();
  readonly #path: string;
  #colour: Seen = "unknown";

  constructor(
    private readonly target: TrafficTarget,
    private readonly pool: Pool,
  ) {
    const { pathname, search } = new URL(target.url);
    this.#path = pathname + search;
  }

  /** Sends one request and waits for the whole answer. Never rejects: what went wrong is the outcome. */
  async request(): Promise<Outcome> {
    const bound = this.#jar.has(GROUP_COOKIE);
    const service = this.target.service;
    // A failure that nobody signed is the colour's that the cookie led to, if there was one.
    const was = this.#colour;
    let colour: Seen = bound ? was : "unknown";
    const cookie = this.#jar.header();
    const end = this.#jar.end(GROUP_COOKIE);
    const started = performance.now();
    const ended = (failed: boolean): Outcome => {
      // One that is over by now may have been over where it was read: it bound nobody for certain.
      const held = bound && nowMilliseconds() < end;
      return {
        ...{ service, colour, assigned: !bound, failed, started },
        milliseconds: performance.now() - started,
        ...(held && was !== "unknown" && colour !== was && { strayedFrom: was }),
      };
    };
    try {
      const { statusCode, headers, body } = await this.pool.request({
        method: "GET",
        path: this.#path,
        headers: { ...this.target.headers, ...(cookie && { cookie }) },
      });
      colour = colourOf(headers["x-colour"]) ?? colour;
      this.#jar.take(headers["set-cookie"]);
      // A cookie that it keeps binds it to whom it did before, whoever has answered.
      if (!bound || headers["set-cookie"] !== undefined) this.#colour = colour;
      await body.arrayBuffer();
      return ended(statusCode < 200 || statusCode >= 400);
    } catch {
      return ended(true);
    }
  }
}

import type { Pool } from "undici";
import { meanwhile } from "../../cloud/clock";
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

/**
 * Seconds that an answer and the next request may take on a busy machine. A cookie that has less left may be over where
 * it is read, since its life began there earlier: it binds nobody for certain.
 */
const ON_THE_WAY = 2;

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
    const holds = bound && this.#jar.left(GROUP_COOKIE) > 1_000 * meanwhile(ON_THE_WAY);
    const started = performance.now();
    const ended = (failed: boolean): Outcome => {
      return {
        ...{ service, colour, assigned: !bound, failed, started },
        milliseconds: performance.now() - started,
        ...(holds && was !== "unknown" && colour !== was && { strayedFrom: was }),
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

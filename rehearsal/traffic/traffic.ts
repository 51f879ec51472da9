import { Pool } from "undici";
import { type Chance, chanceOf } from "../chance";
import { Counter, type Counts, type Outcome } from "./counts";
import { Session, type TrafficTarget } from "./session";
import { MOST_UNDER_WAY, type Rates, nextRate } from "./throttle";

export type { Counts } from "./counts";
export type { TrafficTarget } from "./session";

export interface TrafficOptions {
  readonly targets: readonly TrafficTarget[];
  /** How many users there are at any time. Default: 200. */
  readonly sessions?: number;
  /** Requests a second over all users; without it each waits `thinkMs` after an answer. */
  readonly ratePerSecond?: number;
  /** The same where it follows what the machine can bear: it begins with the least. */
  readonly rates?: Rates;
  /** Default: 5 ms. */
  readonly thinkMs?: number;
  /** How many requests a user makes on average before another takes the place. Default: 20. */
  readonly requestsPerSession?: number;
  /** Seconds without an answer, or without more of it, after which a request failed. Default: 5. */
  readonly timeoutSeconds?: number;
  /** Of how long users stay and think. Default: another each time. */
  readonly seed?: number;
}

/** Traffic that runs until it is stopped. */
export interface Traffic {
  /**
   * Begins to count. The function that it returns ends that, waits for what is still in flight, and
   * gives the counts of exactly the requests that started in between.
   *
   * @param name says what is measured; two measurements at one time may not have the same.
   */
  measure(name: string): () => Promise<Counts>;
  /** Ends a lap and begins the next: counts exactly the requests that started since the last call, or the start. */
  lap(): Promise<Counts>;
  /** Everything since the start that has ended. */
  counts(): Counts;
  /** Calls `seen` with each request as it ends, until the function that it returns is called. */
  observe(seen: (outcome: Outcome) => void): () => void;
  /** Starts no more requests, and waits for those in flight. */
  quiesce(): Promise<void>;
  /** Goes on after `quiesce`. */
  resume(): void;
  /** Ends the traffic for good: waits for what is in flight and closes all connections. */
  stop(): Promise<void>;
}

type Optional = "ratePerSecond" | "rates" | "seed";

/** A time in which requests are counted. */
interface Window {
  readonly name: string;
  readonly counter: Counter;
  inFlight: number;
}

/** Starts users who visit the targets in turn. @throws RangeError without a target or a session. */
export function startTraffic(options: TrafficOptions): Traffic {
  const traffic = new RunningTraffic(options);
  traffic.start();
  return traffic;
}

class RunningTraffic implements Traffic {
  readonly #options: Required<Omit<TrafficOptions, Optional>> & Pick<TrafficOptions, Optional>;
  readonly #pools = new Map<string, Pool>();
  readonly #whole = windowOf("", false);
  #lap = windowOf("lap", false);
  #windows: readonly Window[] = [this.#whole, this.#lap];
  #stopped = false;
  #end: Promise<void> | undefined;
  readonly #asleep = new Set<() => void>();
  #resumed: Gate | undefined;
  #users: Promise<void>[] = [];
  #ended: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #observers = new Set<(outcome: Outcome) => void>();
  #rate: number | undefined;
  #times: number[] = [];

  constructor(options: TrafficOptions) {
    this.#options = {
      sessions: 200,
      thinkMs: 5,
      requestsPerSession: 20,
      timeoutSeconds: 5,
      ...options,
    };
    const { targets, sessions, ratePerSecond, rates } = this.#options;
    this.#rate = ratePerSecond ?? rates?.least;
    if (targets.length === 0) throw new RangeError("targets is empty; traffic needs at least one service");
    if (!(Number.isInteger(sessions) && sessions > 0)) {
      throw new RangeError(`sessions is ${sessions}; it must be a whole number above 0`);
    }
  }

  start(): void {
    const { sessions, rates } = this.#options;
    this.#users = Array.from({ length: sessions }, (_, i) => this.#user(i));
    if (rates) this.#users.push(this.#follow(rates));
  }

  measure(name: string): () => Promise<Counts> {
    if (this.#windows.some((window) => window.name === name)) {
      throw new Error(`"${name}" is being measured already; end that first or use another name`);
    }
    const window = windowOf(name);
    this.#windows = [...this.#windows, window];
    return async () => {
      this.#windows = this.#windows.filter((other) => other !== window);
      await this.#idle(window);
      return window.counter.counts();
    };
  }

  async lap(): Promise<Counts> {
    const [over, next] = [this.#lap, windowOf("lap", false)];
    this.#lap = next;
    this.#windows = this.#windows.map((window) => (window === over ? next : window));
    await this.#idle(over);
    return over.counter.counts();
  }

  counts(): Counts {
    return this.#whole.counter.counts();
  }

  observe(seen: (outcome: Outcome) => void): () => void {
    this.#observers.add(seen);
    return () => void this.#observers.delete(seen);
  }

  async quiesce(): Promise<void> {
    this.#resumed ??= gate();
    await this.#idle(this.#whole);
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  stop(): Promise<void> {
    this.#end ??= this.#finish();
    return this.#end;
  }

  async #finish(): Promise<void> {
    this.#stopped = true;
    for (const wake of [...this.#asleep, ...this.#waiting.splice(0)]) wake();
    this.resume();
    await Promise.all(this.#users);
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  /** A method, because the property can change while a user waits. */
  #isStopped(): boolean {
    return this.#stopped;
  }

  /** Sends as much as the machine can bear, by how long answers take. */
  async #follow(rates: Rates): Promise<void> {
    while (!this.#isStopped()) {
      await this.#pause(1000);
      this.#rate = nextRate(this.#rate ?? rates.least, this.#times.splice(0), rates);
    }
  }

  /** One place, taken by one user after another, each for a random number of requests. */
  async #user(place: number): Promise<void> {
    const { targets, requestsPerSession, seed } = this.#options;
    // A sequence for each place: whoever is answered first takes nothing from another's.
    const chance: Chance = seed === undefined ? Math.random : chanceOf(seed, `user ${place}`);
    // Spread over the first round, so that the users don't march in step.
    await this.#pause(chance() * this.#gapMs());
    for (let visit = 0; !this.#isStopped(); visit += 1) {
      const target = targets[(place + visit) % targets.length] as TrafficTarget;
      const session = new Session(target, this.#pool(target.url));
      for (let left = geometric(requestsPerSession, chance); left > 0 && !this.#isStopped(); left -= 1) {
        while (this.#resumed) await this.#resumed.promise;
        while (this.#isFull()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
        if (this.#isStopped()) return;
        const started = performance.now();
        await this.#request(session);
        // A rate is kept from start to start, thinking begins with the answer.
        const used = this.#rate === undefined ? 0 : performance.now() - started;
        await this.#pause(this.#gapMs() * (0.5 + chance()) - used);
      }
    }
  }

  async #request(session: Session): Promise<void> {
    const windows = this.#windows;
    for (const window of windows) window.inFlight += 1;
    const outcome = await session.request();
    if (this.#options.rates) this.#times.push(outcome.milliseconds);
    for (const window of windows) {
      window.counter.add(outcome);
      window.inFlight -= 1;
    }
    for (const seen of this.#observers) seen(outcome);
    // One place has become free.
    this.#waiting.shift()?.();
    if (this.#ended.length > 0) for (const ended of this.#ended.splice(0)) ended();
  }

  async #idle(window: Window): Promise<void> {
    while (window.inFlight > 0) await new Promise<void>((resolve) => this.#ended.push(resolve));
  }

  #isFull(): boolean {
    return !this.#stopped && this.#options.rates !== undefined && this.#whole.inFlight >= MOST_UNDER_WAY;
  }

  /** Milliseconds from one request of a user to the next, on average. */
  #gapMs(): number {
    const { sessions, thinkMs } = this.#options;
    return this.#rate === undefined ? thinkMs : (1000 * sessions) / this.#rate;
  }

  #pause(ms: number): Promise<void> {
    if (ms <= 0 || this.#isStopped()) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#asleep.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#asleep.add(wake);
    });
  }

  #pool(url: string): Pool {
    const { origin } = new URL(url);
    const { timeoutSeconds, sessions } = this.#options;
    let pool = this.#pools.get(origin);
    if (!pool) {
      const timeout = 1000 * timeoutSeconds;
      pool = new Pool(origin, {
        // A connection for each user: none has to wait for another's, which would look like a slow answer.
        connections: sessions,
        pipelining: 1,
        connectTimeout: timeout,
        headersTimeout: timeout,
        bodyTimeout: timeout,
      });
      this.#pools.set(origin, pool);
    }
    return pool;
  }
}

const windowOf = (name: string, keepsOrder = true): Window => ({
  ...{ name, counter: new Counter(keepsOrder), inFlight: 0 },
});

interface Gate {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function gate(): Gate {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** A random whole number from 1 with this mean, without memory, as if each request could be the last. */
function geometric(mean: number, chance: Chance): number {
  return mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - chance()) / Math.log(1 - 1 / mean));
}

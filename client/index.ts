import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { isAmong } from "./bucket";
import { type FlagValue, type SettingsOf, formatValue, off, parseValue } from "./value";

export { bucketOf, isAmong } from "./bucket";
export { type FlagValue, PARTIAL_RESULTS, type Setting, type SettingsOf } from "./value";

/** Where the client says what it has loaded, and what it could not; `console` is one. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
}

export interface FlagOptions<Names extends string = never> {
  /** Name of the SSM parameter, such as `/audio-transcription/partial-results/config`. */
  readonly parameter: string;
  /**
   * Name of the environment variable that overrides the parameter, such as `PARTIAL_RESULTS_ENABLED`. `false`: nobody
   * has the flag. `true`: all sessions have it, unless the parameter disables it: the kill switch is stronger.
   * Default: none.
   */
  readonly override?: string;
  /** Numbers that the parameter may carry. Default: none. */
  readonly settings?: SettingsOf<Names>;
  /** What is so until the parameter has been read once. Default: nobody has the flag, settings are the usual ones. */
  readonly defaults?: FlagValue<Names>;
  /** Default: `console`. */
  readonly logger?: Logger;
  /** Region, credentials and endpoint are the SDK's. Default: one of its own, that gives up after two seconds. */
  readonly client?: Pick<SSMClient, "send">;
  /** A monotonic clock, in milliseconds. Default: the machine's. */
  readonly now?: () => number;
}

/** How long a value is fresh, and how long nobody asks again where SSM did not answer, in milliseconds. */
export const CACHE = 60_000;

/** How much older than that a value may be that is given out while a look is under way. */
const GRACE = 5_000;

/** How long one look at SSM may take in all, credentials and attempts included, in milliseconds. */
const PATIENCE = 2_000;

/**
 * A percentage flag, as an application asks for it.
 *
 * It asks SSM at most once a minute, whoever calls and however often. While it asks, and while SSM is away, callers get
 * the last good value without waiting. Two calls wait, for two seconds at most: the first, which then gets the defaults;
 * and one after a pause, whose value is older than the cache allows. So a kill switch is heard within 65 s.
 */
export class Flag<Names extends string = never> {
  readonly #options: FlagOptions<Names>;
  readonly #settings: SettingsOf<Names>;
  readonly #logger: Logger;
  readonly #now: () => number;
  #client: Pick<SSMClient, "send"> | undefined;
  #last: { readonly value: FlagValue<Names>; readonly text: string; readonly at: number } | undefined;
  #asked: number | undefined;
  #asking: Promise<void> | undefined;
  /** What was said of each, by kind: it is not said again before all is well. */
  readonly #said = { parameter: new Set<string>(), override: new Set<string>() };

  constructor(options: FlagOptions<Names>) {
    this.#options = options;
    this.#settings = options.settings ?? ({} as SettingsOf<Names>);
    this.#logger = options.logger ?? console;
    this.#now = options.now ?? (() => performance.now());
    this.#client = options.client;
  }

  /** Whether a session has the flag: always the same answer, as long as nobody changes the flag. */
  async isEnabled(sessionId: string): Promise<boolean> {
    const { enabled, percentage } = await this.value();
    return enabled && isAmong(sessionId, percentage);
  }

  /** What the flag says now, its override counted in. It never throws. */
  async value(): Promise<FlagValue<Names>> {
    const forced = this.#override();
    // What is off needs no look at SSM, and must not wait for one.
    if (forced === false) return { ...this.#known(), enabled: false };
    await this.#refreshed();
    const value = this.#known();
    const killed = this.#last?.value.enabled === false;
    return forced && !killed ? { ...value, enabled: true, percentage: 100 } : value;
  }

  #known(): FlagValue<Names> {
    return this.#last?.value ?? this.#options.defaults ?? off(this.#settings);
  }

  /** Asks where it is time to; waits for the answer where nothing better than it can be given out. */
  async #refreshed(): Promise<void> {
    const now = this.#now();
    if (this.#asked === undefined || now - this.#asked >= CACHE) {
      this.#asked = now;
      this.#asking = this.#ask().finally(() => (this.#asking = undefined));
    }
    // While SSM is away nobody waits for it again and again.
    const isOld = this.#said.parameter.size === 0 && now - (this.#last?.at ?? now) >= CACHE + GRACE;
    if (!this.#last || isOld) await this.#asking;
  }

  async #ask(): Promise<void> {
    const { parameter } = this.#options;
    try {
      const client = (this.#client ??= new SSMClient({
        maxAttempts: 2,
        requestHandler: { connectionTimeout: PATIENCE / 2, requestTimeout: PATIENCE },
      }));
      const command = new GetParameterCommand({ Name: parameter, WithDecryption: true });
      const { Parameter } = await within(PATIENCE, (abortSignal) => client.send(command, { abortSignal }));
      const text = Parameter?.Value ?? "";
      const value = parseValue(text, this.#settings);
      const isNews = this.#last?.text !== text || this.#said.parameter.size > 0;
      this.#last = { value, text, at: this.#now() };
      this.#said.parameter.clear();
      if (isNews)
        this.#logger.info(`flag ${parameter}: version ${Parameter?.Version ?? "?"} is ${formatValue(value)}`);
    } catch (error) {
      const kept = this.#last ? "its last good value" : "its defaults";
      this.#complain("parameter", error instanceof Error ? error : new Error(String(error)), kept);
    }
  }

  /** Every value but the two words is none: a typing error must not decide who has a flag. */
  #override(): boolean | undefined {
    const { override } = this.#options;
    const text = override === undefined ? "" : (process.env[override]?.trim().toLowerCase() ?? "");
    if (text !== "" && text !== "true" && text !== "false") {
      const what = new Error(`${override}: found ${text}; allowed are true and false`);
      this.#complain("override", what, "what its parameter says");
      return undefined;
    }
    this.#said.override.clear();
    return text === "" ? undefined : text === "true";
  }

  /** Once, until all is well again: callers ask for every session. */
  #complain(about: "parameter" | "override", { name, message }: Error, kept: string): void {
    // What AWS says of one fault differs from call to call; what a person wrote does not.
    const kind = name === "Error" ? message : name;
    if (this.#said[about].has(kind)) return;
    this.#said[about].add(kind);
    const what = (name === "Error" ? message : `${name}: ${message}`).replaceAll(/\s+/g, " ").trim();
    this.#logger.warn(`flag ${this.#options.parameter} keeps ${kept}: ${what}`);
  }
}

/** @throws Error of the name TimeoutError where it takes longer, in milliseconds */
async function within<Value>(
  milliseconds: number,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(Object.assign(new Error(`no answer within ${milliseconds} ms`), { name: "TimeoutError" }));
      stop.abort();
    }, milliseconds);
  });
  try {
    // Where credentials come from, the SDK looks without heeding the signal.
    return await Promise.race([run(stop.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

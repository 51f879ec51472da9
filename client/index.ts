import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { isAmong } from "./bucket";
import { type FlagValue, type SettingsOf, formatValue, off, parseValue } from "./value";

export { bucketOf, isAmong } from "./bucket";
export { type FlagValue, PARTIAL_RESULTS, type Setting, type SettingsOf } from "./value";

/** Where the client says what it has loaded, and what it could not; `console` is one. What it returns does not matter. */
export interface Logger {
  info(message: string): unknown;
  warn(message: string): unknown;
}

export interface FlagOptions<Names extends string = never> {
  /** Name of the SSM parameter, such as `/audio-transcription/partial-results/config`. */
  readonly parameter: string;
  /**
   * Name of the environment variable that overrides the parameter, such as `PARTIAL_RESULTS_ENABLED`. `false`, `off`,
   * `no` or `0`: nobody has the flag. `true`: all sessions have it, unless the parameter disables it: the kill switch is
   * stronger. Default: none.
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

/** What has taken so many milliseconds was frozen with the process, as Lambda does between two calls. */
const FROZEN = 2 * PATIENCE;

/** What `override` may say for nobody. There is one word for all sessions: this is the side to err on. */
const OFF = ["false", "off", "no", "0"];

/** What is told once: what SSM says, what the environment says, and who calls. */
type Subject = "parameter" | "override" | "session";

/** One look at SSM. Times are by the clock, in milliseconds. */
interface Look {
  readonly began: number;
  /** Absent: it is under way. */
  took?: number;
  ended: Promise<void>;
}

/**
 * A percentage flag, as an application asks for it.
 *
 * It asks SSM at most once a minute, whoever calls and however often; a look that was frozen with the process tells
 * nothing, and is made anew. While it asks, callers get the last good value without waiting, unless that is older than
 * 65 s, or there is none: then they wait for the look, for two seconds at most. So a kill switch is heard within 65 s
 * wherever SSM answers; where it did not, the next look is after 60 s, and until then nobody waits.
 */
export class Flag<Names extends string = never> {
  readonly #options: FlagOptions<Names>;
  readonly #settings: SettingsOf<Names>;
  readonly #logger: Logger;
  readonly #now: () => number;
  #client: Pick<SSMClient, "send"> | undefined;
  #last: { readonly value: FlagValue<Names>; readonly text: string; readonly at: number } | undefined;
  #look: Look | undefined;
  /** What was said of each, by kind: it is not said again before all is well. */
  readonly #said: Readonly<Record<Subject, Set<string>>> = {
    parameter: new Set(),
    override: new Set(),
    session: new Set(),
  };

  constructor(options: FlagOptions<Names>) {
    this.#options = options;
    this.#settings = options.settings ?? ({} as SettingsOf<Names>);
    this.#logger = options.logger ?? console;
    this.#now = options.now ?? (() => performance.now());
    this.#client = options.client;
  }

  /**
   * Whether a session has the flag: always the same answer, as long as nobody changes the flag. It never throws: what is
   * no text, as callers without types may have it, is no session that could have the flag.
   */
  async isEnabled(sessionId: string): Promise<boolean> {
    const { enabled, percentage } = await this.value();
    const id: unknown = sessionId;
    if (typeof id === "string") return enabled && isAmong(id, percentage);
    // It is said while the flag is off already, and not only to those who raise it.
    const found = id === null ? "null" : typeof id;
    this.#complain("session", new Error(`its id: found ${found}; allowed is a text`), "a session out");
    return false;
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
    const look = this.#isDue(now) ? this.#begin(now) : this.#look;
    const isOld = !this.#last || now - this.#last.at >= CACHE + GRACE;
    if (isOld) await look?.ended;
  }

  #isDue(now: number): boolean {
    const look = this.#look;
    if (!look) return true;
    const age = now - look.began;
    return age >= CACHE || (look.took ?? age) > FROZEN;
  }

  #begin(began: number): Look {
    const look: Look = { began, ended: Promise.resolve() };
    this.#look = look;
    look.ended = this.#ask(look);
    return look;
  }

  async #ask(look: Look): Promise<void> {
    const { parameter } = this.#options;
    try {
      const client = (this.#client ??= new SSMClient({
        maxAttempts: 2,
        // The second attempt is worth more than the rest of the first, whose connection may be long dead.
        requestHandler: {
          ...{ connectionTimeout: PATIENCE / 2, requestTimeout: PATIENCE / 2 },
          throwOnRequestTimeout: true,
        },
      }));
      const command = new GetParameterCommand({ Name: parameter, WithDecryption: true });
      const { Parameter } = await within(PATIENCE, (abortSignal) => client.send(command, { abortSignal }));
      // What a look heard that another one has overtaken is older than what that one hears.
      if (this.#look !== look) return;
      const text = Parameter?.Value ?? "";
      const value = parseValue(text, this.#settings);
      const isNews = this.#last?.text !== text || this.#said.parameter.size > 0;
      this.#last = { value, text, at: look.began };
      this.#said.parameter.clear();
      if (isNews)
        void this.#say(
          "info",
          `flag ${parameter}: version ${Parameter?.Version ?? "?"} is ${formatValue(value)}`,
        );
    } catch (error) {
      if (this.#look !== look || this.#now() - look.began > FROZEN) return;
      const kept = this.#last ? "its last good value" : "its defaults";
      this.#complain("parameter", error instanceof Error ? error : new Error(String(error)), kept);
    } finally {
      look.took = this.#now() - look.began;
    }
  }

  /** Every value but these words is none: a typing error must not decide who has a flag. */
  #override(): boolean | undefined {
    const { override } = this.#options;
    const text = override === undefined ? "" : (process.env[override]?.trim().toLowerCase() ?? "");
    if (text !== "" && text !== "true" && !OFF.includes(text)) {
      const what = new Error(`${override}: found ${text}; allowed are true, ${OFF.join(", ")}`);
      this.#complain("override", what, "what its parameter says");
      return undefined;
    }
    this.#said.override.clear();
    return text === "" ? undefined : text === "true";
  }

  /** Once, until all is well again: callers ask for every session. */
  #complain(about: Subject, { name, message }: Error, kept: string): void {
    // What AWS says of one fault differs from call to call; what a person wrote does not.
    const kind = name === "Error" ? message : name;
    if (this.#said[about].has(kind)) return;
    this.#said[about].add(kind);
    const what = (name === "Error" ? message : `${name}: ${message}`).replaceAll(/\s+/g, " ").trim();
    void this.#say("warn", `flag ${this.#options.parameter} keeps ${kept}: ${what}`);
  }

  /** Whatever a logger does, at once or later, must not reach who asks for a flag, nor end the process. */
  async #say(level: keyof Logger, message: string): Promise<void> {
    try {
      await this.#logger[level](message);
    } catch {
      // Nobody is left who could be told.
    }
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

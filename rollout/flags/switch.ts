import { setTimeout as pause } from "node:timers/promises";
import { ATTEMPTS } from "../../cloud/client";
import { Parameters } from "../../cloud/parameters";
import { flagParameter } from "../../model/flags/parameter";
import { disabledText, isOff } from "../../model/flags/value";
import { UnobservedError, reasonOf } from "../failure";
import type { Journal } from "../rollback/journal";
import { seen } from "../seen";
import type { Subject } from "../subject";
import { flagNames } from "./live";
import { noSuchFlag } from "./missing";

/** What the switch did. */
export type Switched = "disabled" | "already" | "absent" | "failed";

/** How long SSM may take to say what it has, and to take what is written, before somebody is told, in milliseconds. */
const PATIENCE = 1_000;

/** The kill switch of one flag: its parameter, and nothing else. */
export class KillSwitch {
  readonly #parameters: Parameters;
  readonly #parameter: string;

  /** @param fallback what to write where applications cannot read the parameter, or nobody can. Absent: nothing is known */
  constructor(
    private readonly subject: Subject,
    private readonly flag: string,
    private readonly journal: Journal,
    private readonly fallback: () => string | undefined,
  ) {
    const { app, environment, region } = subject;
    this.#parameters = new Parameters(region, ATTEMPTS.insisting);
    this.#parameter = flagParameter(app, environment, flag);
  }

  /**
   * Turns the flag off. What the parameter says beside that stays, so that it can be turned on again as it was, unless
   * applications would not take it.
   *
   * @throws UnobservedError where the parameter cannot be read and nobody knows whether there is such a flag
   */
  async turnOff(): Promise<Switched> {
    const { text, isAbsent } = await this.#textThatIsOff();
    if (isAbsent) return "absent";
    return text === undefined ? "already" : this.#put(text);
  }

  /** Makes the parameter anew, turned off: applications that have read one that is gone keep what it said. */
  async makeAnew(): Promise<Switched> {
    return this.#put(this.fallback() ?? disabledText(""));
  }

  /** Turns it off once more where somebody's update has turned it on since. It never throws. */
  async keepOff(): Promise<Switched> {
    try {
      return await this.turnOff();
    } catch (error) {
      this.journal.tell(`${this.#parameter} could not be observed: ${reasonOf(error)}`);
      return "failed";
    }
  }

  async #put(text: string): Promise<Switched> {
    try {
      const putting = this.#parameters.put(this.#parameter, text);
      if (await isLate(putting)) this.journal.tell(`${this.#parameter}: SSM takes long; it is tried again`);
      await putting;
      this.journal.tell(`${this.#parameter}: disabled; applications hear of it within 65 s`);
      return "disabled";
    } catch (error) {
      this.journal.tell(`${this.#parameter}: NOT disabled: ${reasonOf(error)}`);
      return "failed";
    }
  }

  /** What to write; neither where it is off already. What is known is not waited for. */
  async #textThatIsOff(): Promise<{ text?: string; isAbsent?: true }> {
    const stop = new AbortController();
    const reading = seen(this.#parameters.get(this.#parameter, stop.signal));
    if (await isLate(reading)) {
      const text = this.fallback();
      const what = text === undefined ? "it is waited for" : "what configuration says is written, but off";
      this.journal.tell(`${this.#parameter}: SSM takes long to say what it has; ${what}`);
      if (text !== undefined) {
        stop.abort();
        return { text };
      }
    }
    const before = await reading;
    if ("unseen" in before) {
      const text = this.fallback();
      if (text !== undefined) return { text };
      throw new UnobservedError(`NOT disabled: ${this.#parameter} could not be observed: ${before.unseen}`);
    }
    if (before.value === undefined) return { isAbsent: true };
    return isOff(before.value) ? {} : { text: disabledText(before.value, this.fallback) };
  }

  /** @returns the error for a name that no flag of the stack has; a new parameter would turn nothing off */
  async missing(): Promise<Error> {
    const names = await flagNames(this.subject);
    if ("unseen" in names)
      return new UnobservedError(`no parameter ${this.#parameter}; others: ${names.unseen}`);
    return noSuchFlag(this.flag, names.value);
  }
}

/** Whether something has not ended in time, well or badly. */
async function isLate(what: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController();
  const late = pause(PATIENCE, true, { signal: stop.signal, ref: false });
  const ended = what.then(
    () => false,
    () => false,
  );
  return Promise.race([ended, late]).finally(() => stop.abort());
}

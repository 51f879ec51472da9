import { Parameters } from "../../cloud/parameters";
import { ATTEMPTS } from "../../cloud/client";
import { flagParameter } from "../../model/flags/parameter";
import { disabledText, parseFlag } from "../../model/flags/value";
import { UnobservedError, reasonOf } from "../failure";
import type { Journal } from "../rollback/journal";
import type { Subject } from "../subject";
import { liveFlags } from "./live";
import { noSuchFlag } from "./missing";

/** What the switch did. */
export type Switched = "disabled" | "already" | "absent" | "failed";

/** The kill switch of one flag: its parameter, and nothing else. */
export class KillSwitch {
  readonly #parameters: Parameters;
  readonly #parameter: string;

  /** @param fallback what to write where the parameter cannot be read or is no JSON. Absent: nothing is known */
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
   * Turns the flag off. What the parameter says beside that stays, so that it can be turned on again as it was.
   *
   * @throws UnobservedError where the parameter cannot be read and nobody knows whether there is such a flag
   */
  async turnOff(): Promise<Switched> {
    const { text, isAbsent } = await this.#textThatIsOff();
    if (isAbsent) return "absent";
    if (text === undefined) return "already";
    try {
      await this.#parameters.put(this.#parameter, text);
      this.journal.tell(`${this.#parameter}: disabled; applications hear of it within 65 s`);
      return "disabled";
    } catch (error) {
      this.journal.tell(`${this.#parameter}: NOT disabled: ${reasonOf(error)}`);
      return "failed";
    }
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

  /** What to write; neither where it is off already. */
  async #textThatIsOff(): Promise<{ text?: string; isAbsent?: true }> {
    let before: string | undefined;
    try {
      before = await this.#parameters.get(this.#parameter);
    } catch (error) {
      const text = this.fallback();
      if (text !== undefined) return { text };
      throw new UnobservedError(`NOT disabled: ${this.#parameter} could not be observed: ${reasonOf(error)}`);
    }
    if (before === undefined) return { isAbsent: true };
    if (isOff(before)) return {};
    return {
      text:
        disabledText(before) ?? this.fallback() ?? JSON.stringify({ enabled: false, rollout_percentage: 0 }),
    };
  }

  /** @returns the error for a name that no flag of the stack has; a new parameter would turn nothing off */
  async missing(): Promise<Error> {
    const live = await liveFlags(this.subject);
    if ("unseen" in live)
      return new UnobservedError(`no parameter ${this.#parameter}; others: ${live.unseen}`);
    return noSuchFlag(this.flag, Object.keys(live.value));
  }
}

const isOff = (text: string): boolean => {
  try {
    return !parseFlag(text).enabled;
  } catch {
    return false;
  }
};

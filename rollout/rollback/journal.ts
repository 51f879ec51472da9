import { nowIso } from "../../cloud/clock";
import type { Terminal } from "../terminal";

/**
 * What a command changes outside of itself, in the order in which it does: the fence, a flag's parameter, a rule's
 * shares, the stack file, the stack by an update that has begun and ended.
 */
export const EFFECTS = ["fence", "flag", "move", "write", "update"] as const;
export type Effect = (typeof EFFECTS)[number];

/** Something that a command did or found, and when. */
export interface Entry {
  /** ISO time. */
  readonly at: string;
  /** Since the caller began to wait. */
  readonly milliseconds: number;
  readonly what: string;
  /** Absent: it changed nothing. */
  readonly effect?: Effect;
}

/** What a command does, told as it happens. */
export class Journal {
  readonly entries: Entry[] = [];
  readonly #began: number;

  /**
   * @param quiet whether somebody reads the entries at the end instead
   * @param observe told of each effect when it has happened
   */
  constructor(
    private readonly terminal: Terminal,
    private readonly quiet: boolean,
    private readonly observe: (effect: Effect) => void = () => undefined,
  ) {
    this.#began = terminal.began ?? performance.now();
  }

  /** Milliseconds since the caller began to wait. */
  elapsed(): number {
    return Math.round(performance.now() - this.#began);
  }

  /** Tells of an effect: by whoever has it, and as soon as it has happened. */
  did(effect: Effect, what: string): void {
    this.#enter(what, effect);
    this.observe(effect);
  }

  tell(what: string): void {
    this.#enter(what);
  }

  #enter(what: string, effect?: Effect): void {
    const entry: Entry = {
      ...{ at: nowIso(), milliseconds: this.elapsed(), what },
      ...(effect && { effect }),
    };
    this.entries.push(entry);
    if (this.quiet) return;
    const [first = "", ...rest] = what.split("\n");
    const margin = " ".repeat(26);
    const lines = [`${entry.at.slice(11, 23)} +${String(entry.milliseconds).padStart(6)} ms  ${first}`];
    this.terminal.print([...lines, ...rest.map((line) => margin + line)].join("\n"));
  }
}

import type { Terminal } from "../terminal";

/** Something that a command did, and when. */
export interface Entry {
  /** ISO time. */
  readonly at: string;
  /** Since the caller began to wait. */
  readonly milliseconds: number;
  readonly what: string;
}

/** What a command does, told as it happens. */
export class Journal {
  readonly entries: Entry[] = [];
  readonly #began: number;

  /** @param quiet whether somebody reads the entries at the end instead */
  constructor(
    private readonly terminal: Terminal,
    private readonly quiet: boolean,
  ) {
    this.#began = terminal.began ?? performance.now();
  }

  /** Milliseconds since the caller began to wait. */
  elapsed(): number {
    return Math.round(performance.now() - this.#began);
  }

  tell(what: string): void {
    const entry = { at: new Date().toISOString(), milliseconds: this.elapsed(), what };
    this.entries.push(entry);
    if (this.quiet) return;
    const [first = "", ...rest] = what.split("\n");
    const margin = " ".repeat(26);
    const lines = [`${entry.at.slice(11, 23)} +${String(entry.milliseconds).padStart(6)} ms  ${first}`];
    this.terminal.print([...lines, ...rest.map((line) => margin + line)].join("\n"));
  }
}

/** What a view is drawn on: a terminal's output. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Whether something can be redrawn there. */
export const isScreen = (output: Output, environment: NodeJS.ProcessEnv = process.env): boolean =>
  output.isTTY === true && environment["TERM"] !== "dumb" && !environment["CI"];

/** A terminal that nobody has told its size says 0. */
const known = (size = 0): number => (size > 0 ? size : Infinity);

const CLEAR_BELOW = "\u001b[J";
const up = (lines: number): string => (lines > 0 ? `\u001b[${lines}A` : "");

/** Lines that are redrawn in place at the end of what a terminal shows, below lines that stay. */
export class Screen {
  #drawn = 0;

  constructor(readonly output: Output) {}

  /** Columns that a line may have without the terminal breaking it. */
  get width(): number {
    return known(this.output.columns);
  }

  /** Draws the lines in the place of those that were drawn last, and puts others above them that stay. */
  draw(lines: readonly string[], above: readonly string[] = []): void {
    // What has left the screen at its top can't be redrawn.
    const shown = lines.slice(0, Math.max(0, known(this.output.rows) - 1));
    const text = [...above, ...shown].map((line) => `${line}\n`).join("");
    this.output.write(`\r${up(this.#drawn)}${CLEAR_BELOW}${text}`);
    this.#drawn = shown.length;
  }

  /** Takes the lines away. */
  end(): void {
    this.draw([]);
  }
}

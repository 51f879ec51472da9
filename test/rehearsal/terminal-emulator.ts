import type { Output } from "../../rehearsal/report/live/screen";

/** As much of a terminal as a redrawn view needs: it keeps what it shows, and what has left it at the top. */
export class Terminal implements Output {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  readonly #lines: string[] = [""];
  #row = 0;
  #column = 0;

  constructor({ columns, rows }: { columns: number; rows: number }) {
    this.columns = columns;
    this.rows = rows;
  }

  /** All lines so far, without empty ones at the end. */
  lines(): string[] {
    const lines = this.#lines.map((line) => line.trimEnd());
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  write(text: string): boolean {
    for (const [sign] of text.matchAll(/\u001b\[\d*[A-Za-z]|[^]/gu)) this.#take(sign);
    return true;
  }

  #take(sign: string): void {
    const [, count = "", command = ""] = /^\u001b\[(\d*)([A-Za-z])$/.exec(sign) ?? [];
    // What has left the screen at its top can't be reached.
    if (command === "A") this.#row = Math.max(this.#lines.length - this.rows, this.#row - Number(count));
    else if (command === "J") this.#clear();
    else if (command !== "") throw new Error(`the terminal does not know ${JSON.stringify(sign)}`);
    else if (sign === "\r") this.#column = 0;
    else if (sign === "\n") this.#next();
    else this.#put(sign);
  }

  #clear(): void {
    this.#lines.splice(this.#row + 1);
    this.#lines[this.#row] = (this.#lines[this.#row] ?? "").slice(0, this.#column);
  }

  #next(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.#lines.length) this.#lines.push("");
  }

  #put(sign: string): void {
    if (this.#column === this.columns) this.#next();
    const line = (this.#lines[this.#row] ?? "").padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + sign + line.slice(this.#column + 1);
    this.#column += 1;
  }
}

/** Tells the user how far a long piece of work is. */
export interface Progress {
  /** Says what is being done now; a later text replaces it. */
  show(text: string): void;
  /** Ends the line, if one is being drawn. */
  done(): void;
}

/** Where progress is written; a terminal or a log. */
export type Out = Pick<NodeJS.WriteStream, "write"> & { isTTY?: boolean; columns?: number };

/**
 * On a terminal one line that is redrawn; elsewhere a line at first and then every 15 seconds, so that a log shows
 * that work goes on and stays short. Writes to standard error by default: standard output may be somebody's JSON.
 */
export function progressOn(out: Out = process.stderr, now: () => number = () => performance.now()): Progress {
  let last = -Infinity;
  let drawn = false;
  return {
    show(text) {
      const wait = out.isTTY ? 100 : 15_000;
      if (now() - last < wait) return;
      last = now();
      drawn = true;
      out.write(out.isTTY ? `\r\u001b[K${text.slice(0, (out.columns ?? 80) - 1)}` : `${text}\n`);
    },
    done() {
      if (out.isTTY && drawn) out.write("\n");
      drawn = false;
      last = -Infinity;
    },
  };
}

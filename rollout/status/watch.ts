import { setTimeout as pause } from "node:timers/promises";
import { nowIso } from "../../cloud/clock";
import { changesOf, factsOf } from "../../model/statusFacts";
import { UsageError } from "../failure";
import type { Screen, Terminal } from "../terminal";
import type { Glance } from "./glance";
import { SIGNALS } from "../signals";

/** What a look gives: the figures, and how they are shown to people and to machines. */
export interface Shown extends Glance {
  readonly text: () => string;
  readonly record: () => object;
}

/** How terminals are told to hide and show their cursor, and to forget what is below it. */
const ESCAPES = { hide: "\u001b[?25l", show: "\u001b[?25h", clear: "\u001b[J" } as const;

/**
 * Looks again and again until somebody ends it. On a screen the status is drawn in its place; elsewhere what has
 * changed is told, a line each, or as a record a line for each look that saw something new.
 *
 * @returns the last look
 */
export async function watching(
  look: () => Promise<Shown>,
  { terminal, json, seconds }: { terminal: Terminal; json: boolean; seconds: number },
): Promise<Shown | undefined> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  for (const signal of SIGNALS) process.on(signal, end);
  const view = json
    ? records(terminal)
    : terminal.screen
      ? drawing(terminal, terminal.screen)
      : lines(terminal);
  const ended = new Promise<undefined>((resolve) => {
    ending.signal.addEventListener("abort", () => resolve(undefined));
  });
  let last: Shown | undefined;
  try {
    for (;;) {
      const shown = await Promise.race([looked(look), ended]);
      if (shown === undefined) return last;
      if (typeof shown === "string") {
        view.fault(shown);
      } else {
        last = shown;
        view.show(shown);
      }
      await pause(1_000 * seconds, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  } finally {
    view.close();
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

/** Configuration that somebody is in the midst of editing does not end it. */
async function looked(look: () => Promise<Shown>): Promise<Shown | string> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

interface View {
  show(shown: Shown): void;
  fault(message: string): void;
  close(): void;
}

function drawing(terminal: Terminal, screen: Screen): View {
  let height = 0;
  const draw = (text: string): void => {
    const back = height === 0 ? ESCAPES.hide : `\r\u001b[${height}A`;
    const frame = clipped(text.split("\n"), screen);
    terminal.print(back + ESCAPES.clear + frame.join("\n"));
    height = frame.length;
  };
  return {
    show: (shown) => draw(shown.text()),
    fault: draw,
    close: () => terminal.print(ESCAPES.show),
  };
}

/** What is drawn over again must not have made the screen roll, nor a line go on in the next. */
export function clipped(all: readonly string[], { columns, rows }: Screen): string[] {
  const most = Math.max(1, rows - 2);
  const kept =
    all.length <= most
      ? all
      : [...all.slice(0, most - 1), `… ${all.length - most + 1} more lines: make it higher`];
  return kept.map((line) => {
    const bare = line.replaceAll(/\u001b\[\d+m/g, "");
    return bare.length <= columns ? line : bare.slice(0, columns);
  });
}

function lines(terminal: Terminal): View {
  const news = newsSince();
  return {
    show: (shown) => {
      for (const { what, from, to } of news(shown)) {
        const change = from === undefined ? (to ?? "") : `${from} → ${to ?? "not known"}`;
        terminal.print(`${time(shown.at)}  ${what}: ${change}`);
      }
    },
    fault: (message) => terminal.print(`${time(nowIso())}  ${message}`),
    close: () => undefined,
  };
}

function records(terminal: Terminal): View {
  const news = newsSince();
  return {
    show: (shown) => {
      if (news(shown).length > 0) terminal.print(JSON.stringify(shown.record()));
    },
    fault: (message) => terminal.print(JSON.stringify({ schema: 1, at: nowIso(), fault: message })),
    close: () => undefined,
  };
}

/** What is new in each look since the one before it. */
function newsSince() {
  let before: ReadonlyMap<string, string> = new Map();
  return ({ status, unseen }: Shown) => {
    const after = factsOf(status, unseen);
    const changes = changesOf(before, after);
    before = after;
    return changes;
  };
}

/** `2026-03-01 18:00:00Z`. */
const time = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;

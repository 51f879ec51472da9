import { COLOURS } from "../release";
import { isRecord } from "../schema/faults";
import type { Configured } from "../stand";
import { canonical, keysOf } from "./canonical";

const RELEASE = "sluice:release";
const PLAN = "sluice:plan";
const FLAGS = "sluice:flags";

/** A part of configuration that an update would change. */
export interface WaitingPart {
  /** A key with its namespace, or that and the name of what is in it. */
  readonly path: string;
  /** The same as people are told it: a colour by its version. */
  readonly told: string;
}

/**
 * What configuration asks for that the last whole update did not deploy, as keys of it, a colour by its version. What a
 * release's own steps write is none of it: shares, sizes and the live colour, percentages of flags, and holds.
 *
 * @param deployed as the engine's history has it; the value of a secret is not there, and is not compared
 * @param asked by key with its namespace, objects as JSON
 */
export const waitingKeys = (
  deployed: Readonly<Record<string, Configured>>,
  asked: Readonly<Record<string, string>>,
): string[] => waitingParts(deployed, asked).map(({ told }) => told);

/** The same, with where in configuration each is. */
export function waitingParts(
  deployed: Readonly<Record<string, Configured>>,
  asked: Readonly<Record<string, string>>,
): WaitingPart[] {
  const keys = keysOf(deployed, asked);
  return keys.flatMap((key) => {
    const before = deployed[key];
    const after = asked[key];
    if (before?.secret) return after === undefined ? [{ path: key, told: key }] : [];
    return differing(key, readable(key, before?.value), readable(key, after));
  });
}

function differing(key: string, before: unknown, after: unknown): WaitingPart[] {
  if (canonical(before) === canonical(after)) return [];
  if (!isRecord(before) || !isRecord(after)) return [{ path: key, told: key }];
  return keysOf(before, after)
    .filter((name) => canonical(before[name]) !== canonical(after[name]))
    .map((name) => {
      const path = `${key}.${name}`;
      return { path, told: key === RELEASE && isColour(name) ? coloured(name, after[name]) : path };
    });
}

const isColour = (name: string): boolean => COLOURS.some((colour) => colour === name);

/** `green 2.4.0`. */
const coloured = (colour: string, manifest: unknown): string =>
  `${colour} ${isRecord(manifest) && typeof manifest["version"] === "string" ? manifest["version"] : "without a version"}`;

/** A value of configuration without what a release's own steps write. */
function readable(key: string, text: string | undefined): unknown {
  const value = parsed(text);
  if (key === PLAN) return withoutHold(value);
  if (!isRecord(value)) return value;
  if (key === RELEASE) {
    const { live: _, traffic: __, capacity: ___, ...rest } = value;
    return rest;
  }
  // More of a flag is a decision of its own, and stands before a release's.
  return key === FLAGS ? Object.fromEntries(Object.keys(value).map((name) => [name, true])) : value;
}

/** A plan that is a name alone becomes one with a hold, and stays so when the hold is over. */
export function withoutHold(value: unknown): unknown {
  if (value === undefined || value === "") return {};
  if (!isRecord(value)) return { name: value };
  const { hold: _, ...rest } = value;
  return rest;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

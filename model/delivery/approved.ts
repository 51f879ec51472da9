import type { Colour } from "../release";
import type { Configured } from "../stand";
import { waitingParts } from "./waiting";

/** A stack's configuration by key with its namespace, objects as JSON: as it was, and as it is. */
export interface Approving {
  /** As it was when somebody was asked. */
  readonly approved: Readonly<Record<string, string>>;
  /** As the last update of the whole stack had it, by the engine's history. Absent: there is none. */
  readonly deployed?: Readonly<Record<string, Configured>> | undefined;
  readonly asked: Readonly<Record<string, string>>;
  /** The candidate's colour where it gets, or has, what was packed for the approval. */
  readonly carried?: Colour | undefined;
  /** Keys with an encrypted value that is another than the approved one. */
  readonly secrets: readonly string[];
}

/**
 * What an update would deploy that nobody has approved, as people are told it. What a release's own steps write is none
 * of it, nor what is deployed already: a run that was approved earlier has brought that.
 */
export function unapproved({ approved, deployed, asked, carried, secrets }: Approving): string[] {
  const before = Object.entries(approved).map(([key, value]) => [key, { value }] as const);
  const since = waitingParts(Object.fromEntries(before), asked).filter(
    ({ path }) => carried === undefined || path !== `sluice:release.${carried}`,
  );
  const waits = deployed && waitingPaths(deployed, asked);
  const news = since.filter(({ path }) => !waits || waits.some((other) => overlap(path, other)));
  return [...new Set([...news.map(({ told }) => told), ...secrets])];
}

/** History withholds secrets: what is deployed of them may be anything. */
function waitingPaths(
  deployed: Readonly<Record<string, Configured>>,
  asked: Readonly<Record<string, string>>,
): string[] {
  const entries = Object.entries(deployed);
  const known = Object.fromEntries(entries.filter(([, { secret }]) => !secret));
  const withheld = entries.flatMap(([key, { secret }]) => (secret ? [key] : []));
  return [...waitingParts(known, asked).map(({ path }) => path), ...withheld];
}

const overlap = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);

/** Why nothing is deployed with what nobody has approved; undefined where there is nothing of that. */
export const notApproved = (keys: readonly string[], commit: string): string | undefined =>
  keys.length === 0 ? undefined : changedAfter(keys, `${commit.slice(0, 12)}, which was approved`);

const SHOWN = 3;

/** That too much has changed for what somebody approved, and what helps. */
export function changedAfter(names: readonly string[], what: string): string {
  const others = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return (
    `${names.slice(0, SHOWN).join(", ")}${others} changed after ${what}: ` +
    "approve the newest run of deploy.yml instead, or start one"
  );
}

import { type Migrating, isServed, pending } from "../evolution";
import { drainSeconds } from "../limits";
import { COLOURS, type Colour, type Recorded } from "../release";
import type { Transition, Violation } from "../rule";
import { format, set } from "../schema/faults";
import { mostOf } from "../shares";
import { isDraining, isInPlace, retentionPhase } from "../trust";
import { after, list, takeAway } from "./wording";

/** A version that a migration would leave behind though it runs, or may come back. */
interface Needed {
  readonly colour: Colour;
  readonly version: string;
  readonly why: string;
  readonly remedy: string;
}

/**
 * Migrations that this update would run while a version that they do not serve still runs or may come back.
 * The phase is a word for people: what counts is the oldest version that is served afterwards.
 */
export const contractions = (transition: Transition): Violation[] =>
  pending(transition).flatMap((one) => {
    const left = COLOURS.flatMap((colour) => needed(transition, one, colour) ?? []);
    return left.length === 0 ? [] : [violation(one, left)];
  });

/** Why a colour's version is needed, the strongest reason; undefined where it is served or not needed. */
function needed(transition: Transition, one: Migrating, colour: Colour): Needed | undefined {
  const { from, to } = transition;
  const { serves } = one.migration;
  const left = (version: string | undefined): version is string =>
    version !== undefined && !isServed({ serves }, version);
  const asked = to[colour].version;
  const reason = from && running(transition, from, one, colour);
  const runs = from?.release[colour].version;
  if (reason && left(runs)) return { colour, version: runs, ...reason };
  const kept = from && retained(transition, from, colour);
  if (kept && left(kept.version)) return { colour, ...kept };
  if (!left(asked)) return undefined;
  if (colour === to.live) return { colour, version: asked, why: "is live", remedy: later(one, asked) };
  const why = "is deployed";
  const gone = takeAway(colour, to[colour]);
  return { colour, version: asked, why, remedy: `take it away in an update of its own: ${gone}; pulumi up` };
}

/** What runs until the update has replaced it, and longer where the update fails half-way. */
function running(
  transition: Transition,
  from: Recorded,
  one: Migrating,
  colour: Colour,
): Pick<Needed, "why" | "remedy"> | undefined {
  const version = from.release[colour].version ?? "none";
  const remedy = later(one, version);
  if (isInPlace(transition, colour)) return { why: "runs until its pods are replaced", remedy };
  if (from.release.live === colour) return { why: "is live", remedy };
  const share = mostOf(from, colour);
  if (share > 0) return { why: `has ${share} % of the traffic`, remedy };
  const drainedAt = from.drainedAt?.[colour];
  if (drainedAt === undefined || !isDraining(transition, colour)) return undefined;
  return {
    why: "still drains",
    remedy: `wait until ${after(drainedAt, drainSeconds(transition.limits))}`,
  };
}

/** The predecessor inside its retention, also where this very update would overwrite it. */
function retained(
  { to, now }: Transition,
  from: Recorded,
  colour: Colour,
): Pick<Needed, "version" | "why" | "remedy"> | undefined {
  const { predecessor } = from.trusted;
  const phase = retentionPhase(from, now);
  const version = predecessor?.manifest.version;
  if (predecessor?.colour !== colour || version === undefined || !from.retention) return undefined;
  if (phase !== "warm" && phase !== "cold") return undefined;
  const { warmUntil, coldUntil } = from.retention;
  const gone = [set(["release", "supersedes"], version), takeAway(colour, to[colour])].join(" && ");
  return {
    version,
    why: `is kept as the way back until ${coldUntil}`,
    remedy:
      `wait until ${coldUntil}; or${phase === "warm" ? `, from ${warmUntil} on,` : ""} give the way back up ` +
      `in an update of its own: ${gone}; pulumi up`,
  };
}

const later = ({ colour, version, migration: { serves } }: Migrating, older: string): string =>
  `leave in ${version} what ${older} needs and say so ` +
  `(${set(["release", colour, "migration", "serves"], older)}), and take it away in a later version, ` +
  `once ${older} is no longer kept and ${serves} or newer is the oldest that is`;

function violation({ colour, version, migration }: Migrating, left: readonly Needed[]): Violation {
  const { revision, phase, serves } = migration;
  const found = list(left.map((one) => `${one.colour} (version ${one.version}) ${one.why}`));
  const limit = `version ${serves} or newer wherever something runs or may come back`;
  const remedy = [...new Set(left.map((one) => one.remedy))].join("; and ");
  return {
    id: "T7",
    severity: "critical",
    where: format(["release", colour, "migration"]),
    found,
    limit,
    remedy,
    message:
      `The migration of ${version} on ${colour} (revision ${revision}, ${phase}) would leave a schema that serves ` +
      `${serves} and newer; found: ${found}. The limit: ${limit}. The way out: ${remedy}.`,
  };
}

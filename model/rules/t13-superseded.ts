import { sameManifest } from "../manifest";
import { type Colour, type Recorded, otherColour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, set } from "../schema/faults";
import { mostOf } from "../shares";
import { isInPlace, predecessorColour, retentionPhase } from "../trust";
import { giveTraffic } from "./wording";

/** What a release under way goes by, and what is kept to go back to, change when somebody says so. */
export const t13: Rule = {
  id: "T13",
  title: "Another strategy under a release, or a way back given up in silence",
  severity: "high",
  protects: "a release from other rules half-way, and the way back from being overwritten by oversight",
  wayOut: "Finish the release or take it back first; name in `supersedes` the version that is given up.",
  judge: (transition) => {
    const { from } = transition;
    return from ? [...restyled(transition, from), ...superseded(transition, from)] : [];
  },
};

/**
 * The strategy says which steps a release takes, so it changes between two of them. A share that the same edit gives
 * counts as well: if the update fails half-way, nobody can tell it from a release that was under way.
 */
function restyled(transition: Transition, from: Recorded): Violation[] {
  const { to } = transition;
  const { strategy, live } = from.release;
  if (to.strategy === strategy) return [];
  const candidate = otherColour(live);
  const [has, gets] = [mostOf(from, candidate), to.traffic[candidate]];
  if (has === 0 && gets === 0) return [];
  const keep = set(["release", "strategy"], strategy);
  const limit = `a strategy changes while ${candidate} has 0 % and gets none`;
  const remedy =
    has === 0
      ? `${giveTraffic(candidate, 0)}; pulumi up; then shift`
      : `${keep}, and finish the release, or take it back (${giveTraffic(candidate, 0)}; pulumi up), before the strategy changes`;
  return [
    {
      id: "T13",
      severity: t13.severity,
      where: "sluice:release.strategy",
      found: `${strategy} → ${to.strategy}, with ${Math.max(has, gets)} % on ${candidate}`,
      limit,
      remedy,
      message:
        `The strategy would change from ${strategy} to ${to.strategy} while ${candidate} ` +
        `(version ${to[candidate].version ?? "none"}) ${has === 0 ? `gets ${gets}` : `has ${has}`} % of the traffic. ` +
        `The limit: ${limit}. The way out: ${remedy}. Or answer for it, once and in your name (sluice:overrides).`,
    },
  ];
}

/** A retained version that the update would no longer go back to, and nobody said so. */
function superseded(transition: Transition, from: Recorded): Violation[] {
  const { to } = transition;
  const colour = predecessorColour(from);
  const version = colour && from.release[colour].version;
  if (!version || !from.retention || version === to.supersedes) return [];
  const how = givenUp(transition, from, colour);
  if (how === undefined) return [];
  const { coldUntil } = from.retention;
  const path = ["release", "supersedes"] as const;
  const found = to.supersedes === undefined ? "nothing" : `version ${to.supersedes}`;
  const limit = `version ${version}, which is kept until ${coldUntil}`;
  const remedy = set(path, version);
  return [
    {
      id: "T13",
      severity: t13.severity,
      where: format(path),
      found,
      limit,
      remedy,
      message:
        `${colour} keeps version ${version} as a way back until ${coldUntil}, and ${how}. ` +
        `${format(path)} names ${found}. The limit: ${limit}. Say that it is given up: ${remedy}. ` +
        `Or wait until ${coldUntil}.`,
    },
  ];
}

/** How the way back would be lost. In the warm phase T6 keeps its colour as it is, whatever is said. */
function givenUp(transition: Transition, from: Recorded, colour: Colour): string | undefined {
  const { to, now } = transition;
  const phase = retentionPhase(from, now);
  if (phase !== "warm" && phase !== "cold") return undefined;
  const { live } = from.release;
  // Whatever is replaced in place is the way back from then on.
  if (isInPlace(transition, live) && !sameManifest(from.release[live], to[live])) {
    return `${live} would be replaced in place, so that the way back is to ${from.release[live].version ?? "none"}`;
  }
  const [kept, after] = [from.release[colour], to[colour]];
  if (phase === "warm" || sameManifest(kept, after)) return undefined;
  if (after.version === undefined) return "it would be removed";
  return `it would give way to ${after.version === kept.version ? "another manifest of it" : `version ${after.version}`}`;
}

import { gaining } from "./movement";
import { COLOURS, type Colour, type TakenBack } from "./release";
import type { Transition } from "./rule";
import { mostOf } from "./shares";
import { goesBack, isRestored, isTrusted } from "./trust";

/** How many versions that were taken back are kept, the latest. */
const KEPT = 20;

/**
 * The versions that are taken back once the update has succeeded. One is until it gets users again, for which
 * somebody has answered, or is trusted.
 *
 * @param judged ISO time at which the transition was judged; it ends later
 */
export function takenBackAfter(transition: Transition, judged: string): readonly TakenBack[] {
  const { from, to, now } = transition;
  const before = from?.takenBack ?? [];
  const asJudged = { ...transition, now: judged };
  const lost = lostVersions(asJudged);
  const becomesLive = from === undefined || from.release.live !== to.live ? [to.live] : [];
  const again = [...gaining(asJudged), ...becomesLive].map((colour) => to[colour].version);
  const kept = before.filter(({ version }) => ![...again, ...lost].includes(version));
  return [...kept, ...lost.map((version) => ({ version, at: now }))].slice(-KEPT);
}

/** The versions from which this update takes the users away for good. */
const lostVersions = (transition: Transition): string[] => [
  ...new Set(
    COLOURS.filter((colour) => isAbandoned(transition, colour) || isLost(transition, colour)).flatMap(
      (colour) => transition.from?.release[colour].version ?? [],
    ),
  ),
];

/**
 * A live version from which somebody goes back to its predecessor. It was trusted, but going back says more against
 * it than its bake time said for it, and nothing keeps it as a way back either.
 */
function isAbandoned({ from, to }: Transition, colour: Colour): boolean {
  return from?.release.live === colour && (goesBack({ from, to }) || isRestored({ from, to }));
}

/** A version that had users and was not trusted, and has none any more: its colour has no share, or runs another. */
function isLost(transition: Transition, colour: Colour): boolean {
  const { from, to } = transition;
  if (!from || from.release.live === colour || mostOf(from, colour) === 0) return false;
  const unchanged = from.release[colour].version === to[colour].version;
  if (unchanged && (to.live === colour || to.traffic[colour] > 0)) return false;
  // Whether the version was trusted, not what takes its place.
  return !isTrusted({ ...transition, to: from.release }, colour);
}

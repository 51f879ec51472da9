import { sameManifest } from "./manifest";
import { COLOURS, type Recorded, type Release, otherColour } from "./release";
import { leastOf, mostOf } from "./shares";
import { isRestored, predecessorColour } from "./trust";

/** What an update does to the release, in one word. */
export type Kind = "deploy" | "shift" | "promote" | "flip" | "rollback" | "hold";

/**
 * The kind of a change, by what moves most: the live colour, then traffic, then what the colours run.
 *
 * A rollback gives all traffic to the live colour, or to its predecessor; a partial fall is a shift.
 */
export function classify(from: Recorded | undefined, to: Release): Kind {
  if (!from) return "deploy";
  const predecessor = predecessorColour(from);
  const moves = COLOURS.some(
    (colour) => leastOf(from, colour) !== to.traffic[colour] || mostOf(from, colour) !== to.traffic[colour],
  );
  if (to.live !== from.release.live) {
    if (to.live === predecessor) return "rollback";
    return moves ? "flip" : "promote";
  }
  if (moves) {
    const back =
      to.traffic[to.live] === 100 || (predecessor !== undefined && to.traffic[predecessor] === 100);
    return back ? "rollback" : "shift";
  }
  if (isRestored({ from, to })) return "rollback";
  const same = [to.live, otherColour(to.live)].every((colour) =>
    sameManifest(from.release[colour], to[colour]),
  );
  return same ? "hold" : "deploy";
}

import { type Known, isWarm } from "../known";
import type { LiveRule } from "../live";
import { type Colour, otherColour } from "../release";
import type { Move } from "../rollback";
import type { Reason } from "./action";
import { awaited, remarked, urged } from "./urged";
import type { Watched } from "./urgency";

/** What whoever may only look, fence and lower does next. */
export type Watch =
  /** Nothing is urgent, or all that is urgent is done. */
  | { readonly kind: "quiet"; readonly reasons: readonly Reason[] }
  /** It is urgent, and nothing may or can be moved: somebody has to come. */
  | { readonly kind: "held"; readonly reasons: readonly Reason[] }
  | {
      readonly kind: "lower";
      /** The version to fence before traffic moves; absent where there is none to be fenced. */
      readonly fence?: string;
      /** Where traffic goes, and its share from then on, in percent. */
      readonly to: Colour;
      readonly share: number;
      /** Rules to be changed at the load balancer; one at least. */
      readonly moves: readonly Move[];
      readonly reasons: readonly Reason[];
    };

/**
 * What is to be done at once, decided without an engine and without configuration.
 *
 * It comes to the fence and the moves of `decide`'s retreat in the same situation, and does nothing where that would
 * not retreat: no share of a version rises by it that is not trusted. What follows in configuration and state is
 * left to the next tick, which adopts it.
 */
export function watch(watched: Watched): Watch {
  const found = urged(watched);
  if (!found) return { kind: "quiet", reasons: [] };
  const { reasons, answer } = found;
  if ("code" in answer) return { kind: "held", reasons: [...reasons, answer] };
  if (answer.held.length > 0) return { kind: "held", reasons: [...reasons, ...awaited(answer)] };
  const { fence, moves, to, share } = answer;
  return {
    kind: "lower",
    ...{ to, share },
    ...(fence !== undefined && { fence }),
    moves,
    reasons: [...reasons, ...remarked(answer)],
  };
}

/**
 * How far a watcher looks back, in seconds: three times the window of the limits that ask for a retreat, so that
 * little traffic is judged too. It does not know when the present step began, so a longer time would hold more of
 * what earlier steps did; the ticks look at all of it.
 */
export const LOOKED_BACK_SECONDS = 900;

/**
 * The colour whose metrics may take traffic from it: the candidate, or the live one for as long as its predecessor is
 * warm. Undefined: it has no share anywhere.
 */
export function watchedColour(known: Known, rules: readonly LiveRule[], now: string): Colour | undefined {
  const colour = isWarm(known, now) ? known.live : otherColour(known.live);
  return rules.some(({ shares }) => shares[colour] > 0) ? colour : undefined;
}

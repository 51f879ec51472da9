import { type ShareRise, untrustedRises } from "../movement";
import { COLOURS, type Colour, otherColour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { mostOf, reached } from "../shares";
import { isFlip } from "../trust";
import { giveTraffic, list } from "./wording";

/** A version that is not trusted gains traffic in steps. */
export const t1: Rule = {
  id: "T1",
  title: "A rise beyond the environment's step",
  severity: "high",
  protects: "users from a version that has served few of them",
  wayOut: "Take a smaller step, or go back.",
  judge: (transition) => {
    // Blue-green moves everything at once by design; T5 says when.
    if (isFlip(transition)) return [];
    const tooHigh = untrustedRises(transition).filter((rise) => isTooHigh(transition, rise));
    return COLOURS.flatMap((colour) => {
      const rises = tooHigh.filter((rise) => rise.colour === colour);
      return rises.length === 0 ? [] : [violation(transition, colour, rises)];
    });
  },
};

/**
 * Rules that a half-failed update left uneven may be brought to a share that was asked for and that one of
 * them has: that rise was permitted when it was asked for. Beyond it each counts from where it truly is.
 */
const isTooHigh = ({ from, limits }: Transition, { colour, from: before, to }: ShareRise): boolean =>
  to > Math.max(before + limits.step, from ? reached(from, colour) : 0);

function violation(transition: Transition, colour: Colour, rises: readonly ShareRise[]): Violation {
  const { from, to, limits } = transition;
  const [first] = rises;
  const before = Math.min(...rises.map((rise) => rise.from));
  const share = to.traffic[colour];
  const permitted = Math.max(before + limits.step, from ? reached(from, colour) : 0);
  const remedy = giveTraffic(colour, Math.min(100, permitted));
  const at = list(rises.map((rise) => rise.service));
  const uneven = from !== undefined && first !== undefined && mostOf(from, colour) !== before;
  return {
    id: "T1",
    severity: t1.severity,
    where: `sluice:release.traffic.${colour}`,
    found: `${share} %, ${share - before} points above ${before} %`,
    limit: `${limits.step} points`,
    remedy,
    message:
      `${colour} (version ${to[colour].version ?? "none"}) would rise from ${before} % to ${share} % at ${at}, ` +
      `by ${share - before} points. A version that is not trusted may rise by ${limits.step} points at a time` +
      (uneven ? `, counted from the lowest rule: an earlier update left the rules uneven. ` : `. `) +
      `Take a smaller step: ${remedy}. Or go back: ${giveTraffic(otherColour(colour), 100)}.`,
  };
}

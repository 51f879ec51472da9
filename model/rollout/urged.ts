import type { LiveRule } from "../live";
import type { Colour } from "../release";
import { NoTargetError, type Rollback, rollback } from "../rollback";
import type { Obstacle, Reason } from "./action";
import { valueOf } from "./seen";
import { type Watched, urgencies } from "./urgency";

/** What is urgent, and what the load balancer is to do about it. */
export interface Urged {
  /** Why, the decisive first. */
  readonly reasons: readonly Reason[];
  /** Some rule is to be changed by it, or it is held; `unseen` and `no-target`: why there is none. */
  readonly answer: Rollback | Obstacle;
}

/**
 * What takes traffic back where it is urgent, by nothing but what the load balancer, the fence, the metrics and the
 * published release say: whoever has no engine and no configuration comes to the same moves as whoever has.
 *
 * @returns undefined where nothing is urgent, or no rule has to be moved any more
 */
export function urged(watched: Watched): Urged | undefined {
  const [first, ...others] = urgencies(watched);
  if (!first) return undefined;
  const reasons = [first.reason, ...others.filter(({ to }) => to === first.to).map(({ reason }) => reason)];
  const { rules } = watched;
  if ("unseen" in rules) {
    return { reasons, answer: { code: "unobserved", text: `the rules: ${rules.unseen}`, awaits: "look" } };
  }
  try {
    const decision = lightened(watched, rules.value, first.to);
    if (decision.moves.length === 0) return undefined;
    // That a rule lost its weights says nothing against a version.
    const { fence: _, ...unfenced } = decision;
    const isWeightless = reasons.some(({ code }) => code === "weightless");
    return { reasons, answer: isWeightless ? unfenced : decision };
  } catch (error) {
    if (!(error instanceof NoTargetError)) throw error;
    return { reasons, answer: { code: "no-target", text: error.message, awaits: "person" } };
  }
}

/** All traffic, or as much as the target carries where it does not carry all of it. */
function lightened(watched: Watched, rules: readonly LiveRule[], to: Colour): Rollback {
  const { known, targets, fence, now } = watched;
  const sight = { rules, targets, fence: valueOf(fence), known, now };
  const whole = rollback(sight, { to });
  if (whole.held.length === 0) return whole;
  const carries = whole.carries ?? 0;
  const isMore = rules.some(({ shares }) => shares[to] < carries);
  return isMore ? rollback(sight, { to, share: carries }) : whole;
}

/** What stands against leaving a version, while what is urgent goes on. */
export const standing = (reasons: readonly Reason[]): Obstacle[] =>
  reasons.map((reason) => ({ ...reason, awaits: "person" }));

/** What a rollback that is held waits for. */
export const awaited = ({ held }: Rollback): Obstacle[] =>
  held.map((text) => ({ code: "targets", text, awaits: "targets" }));

/** What somebody should know of a rollback all the same. */
export const remarked = ({ remarks }: Rollback): Reason[] =>
  remarks.map((text) => ({ code: "remark", text }));

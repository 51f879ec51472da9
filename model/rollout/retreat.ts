import type { LiveRule } from "../live";
import { knownOf } from "../known";
import type { Colour } from "../release";
import { NoTargetError, type Rollback, rollback } from "../rollback";
import { judge } from "../transition";
import { type Action, type Edit, type Obstacle, type Reason, hold } from "./action";
import { carrying } from "./carrying";
import { valueOf } from "./seen";
import { type Scene, sharesFor, transitionTo } from "./situation";
import { urgencies } from "./urgency";

/**
 * Takes traffic back without waiting for anything: not for the bake, for a lock, for what could not be seen, nor for
 * capacity where what is there will do.
 *
 * @returns undefined where nothing is urgent, or no rule has to be moved any more
 */
export function urgentRetreat(scene: Scene): Action | undefined {
  const [first, ...others] = urgencies(scene);
  if (!first) return undefined;
  const reasons = [first.reason, ...others.filter(({ to }) => to === first.to).map(({ reason }) => reason)];
  const rules = valueOf(scene.rules);
  if (!rules) {
    const why = "unseen" in scene.rules ? scene.rules.unseen : "";
    return hold([
      ...reasons.map(standing),
      { code: "unobserved", text: `the rules: ${why}`, awaits: "look" },
    ]);
  }
  let decision: Rollback;
  try {
    decision = lightened(scene, rules, first.to);
  } catch (error) {
    if (!(error instanceof NoTargetError)) throw error;
    return hold([...reasons.map(standing), { code: "no-target", text: error.message, awaits: "person" }]);
  }
  return decision.moves.length === 0 ? undefined : back(scene, rules, decision, reasons);
}

const standing = (reason: Reason): Obstacle => ({ ...reason, awaits: "person" });

/** All traffic, or as much as the target carries where it does not carry all of it. */
function lightened(scene: Scene, rules: readonly LiveRule[], to: Colour): Rollback {
  const { state, targets, fence, now } = scene;
  const sight = { rules, targets, fence: valueOf(fence), known: knownOf(state), now };
  const whole = rollback(sight, { to });
  if (whole.held.length === 0) return whole;
  const carries = whole.carries ?? 0;
  const isMore = rules.some(({ shares }) => shares[to] < carries);
  return isMore ? rollback(sight, { to, share: carries }) : whole;
}

function back(scene: Scene, rules: readonly LiveRule[], decision: Rollback, why: readonly Reason[]): Action {
  const { state, asked } = scene;
  const { to, share, fence, moves, held, remarks } = decision;
  const { raise } = carrying(scene, rules, to, 100);
  if (held.length > 0) return unreachable(scene, held, raise, why);
  const edit: Edit = {
    live: share === 100 ? to : state.release.live,
    traffic: sharesFor(to, share),
    ...(raise && { capacity: raise }),
  };
  return {
    kind: "retreat",
    // That a rule lost its weights says nothing against a version.
    ...(fence !== undefined && why.some(({ code }) => code !== "weightless") && { fence }),
    moves,
    edit,
    release: { ...asked.release, ...edit },
    refused: judge(transitionTo(scene, edit)),
    reasons: [...why, ...remarks.map((text): Reason => ({ code: "remark", text }))],
  };
}

/** Users would be worse off there: what can be done is to make it larger. */
function unreachable(
  scene: Scene,
  held: readonly string[],
  raise: Edit["capacity"],
  why: readonly Reason[],
): Action {
  const { state, asked, lock } = scene;
  const edit: Edit = {
    live: state.release.live,
    traffic: state.release.traffic,
    ...(raise && { capacity: raise }),
  };
  const isFree = "value" in lock && lock.value === undefined;
  if (raise && isFree && judge(transitionTo(scene, edit)).length === 0) {
    const reasons = [...why, ...held.map((text): Reason => ({ code: "targets", text }))];
    return { kind: "prepare", edit, release: { ...asked.release, ...edit }, reasons };
  }
  return hold([
    ...why.map(standing),
    ...held.map((text): Obstacle => ({ code: "targets", text, awaits: "targets" })),
  ]);
}

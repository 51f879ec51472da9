import type { Rollback } from "../rollback";
import { judge } from "../transition";
import { type Action, type Edit, type Reason, hold } from "./action";
import { carrying } from "./carrying";
import { valueOf } from "./seen";
import { type Scene, sharesFor, transitionTo } from "./situation";
import { watchedIn } from "./urgency";
import { awaited, remarked, standing, urged } from "./urged";

/**
 * Takes traffic back without waiting for anything: not for the bake, for a lock, for what could not be seen, nor for
 * capacity where what is there will do.
 *
 * @returns undefined where nothing is urgent, or no rule has to be moved any more
 */
export function urgentRetreat(scene: Scene): Action | undefined {
  const found = urged(watchedIn(scene));
  if (!found) return undefined;
  const { reasons, answer } = found;
  return "code" in answer ? hold([...standing(reasons), answer]) : back(scene, answer, reasons);
}

function back(scene: Scene, decision: Rollback, why: readonly Reason[]): Action {
  const { state, asked } = scene;
  const { to, share, fence, moves, held } = decision;
  const { raise } = carrying(scene, valueOf(scene.rules) ?? [], to, 100);
  if (held.length > 0) return unreachable(scene, decision, raise, why);
  const edit: Edit = {
    live: share === 100 ? to : state.release.live,
    traffic: sharesFor(to, share),
    ...(raise && { capacity: raise }),
  };
  return {
    kind: "retreat",
    ...(fence !== undefined && { fence }),
    moves,
    edit,
    release: { ...asked.release, ...edit },
    refused: judge(transitionTo(scene, edit)),
    reasons: [...why, ...remarked(decision)],
  };
}

/** Users would be worse off there: what can be done is to make it larger. */
function unreachable(
  scene: Scene,
  decision: Rollback,
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
    const reasons = [...why, ...decision.held.map((text): Reason => ({ code: "targets", text }))];
    return { kind: "prepare", edit, release: { ...asked.release, ...edit }, reasons };
  }
  return hold([...standing(why), ...awaited(decision)]);
}

import { type Action, type Obstacle, hold } from "./action";
import { askedBack, finished, pending, stopped } from "./course";
import { advance } from "./advance";
import { drift, levelled } from "./drift";
import { clockObstacles } from "./evidence";
import { urgentRetreat } from "./retreat";
import { valueOf } from "./seen";
import { type Scene, type Situation, sceneOf } from "./situation";

/**
 * What is to be done next, and why.
 *
 * What is urgent comes first and waits for nothing. Then traffic, state and configuration are brought together, always
 * downward. Only then does anything rise, and only if all that it needs was seen to be good.
 */
export function decide(situation: Situation): Action {
  const { recorded } = situation;
  if ("unseen" in recorded) return hold([unseen("the state", recorded.unseen)]);
  if (!recorded.value) {
    return hold([
      { code: "behind", text: "no update of the stack has completed yet: pulumi up", awaits: "person" },
    ]);
  }
  const scene = sceneOf(situation, recorded.value);
  return urgentRetreat(scene) ?? together(scene);
}

function together(scene: Scene): Action {
  const obstacles = [...locked(scene), ...clockObstacles(scene)];
  const rules = valueOf(scene.rules);
  if (!rules || obstacles.length > 0) {
    return hold([
      ...obstacles,
      ...("unseen" in scene.rules ? [unseen("the rules", scene.rules.unseen)] : []),
    ]);
  }
  const first = drift(scene, rules) ?? askedBack(scene, rules) ?? levelled(scene) ?? pending(scene);
  if (first) return first;
  const over = finished(scene);
  if (over !== undefined) return { kind: "done", reasons: [{ code: "finished", text: over }] };
  const held = stopped(scene);
  return held.length > 0 ? hold(held) : advance(scene, rules);
}

/** That something could not be seen. */
export const unseen = (what: string, why: string): Obstacle => ({
  code: "unobserved",
  text: `${what} could not be observed: ${why}`,
  awaits: "look",
});

/** Somebody else's update changes what a decision would be made from. */
export function locked({ lock }: Pick<Scene, "lock">): Obstacle[] {
  if ("unseen" in lock) return [unseen("the lock", lock.unseen)];
  if (!lock.value) return [];
  const by = lock.value.by === undefined ? "somebody" : lock.value.by;
  return [{ code: "lock", text: `an update by ${by} holds the stack`, awaits: "update" }];
}

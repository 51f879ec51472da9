import { stricter } from "../limits";
import type { LiveRule } from "../live";
import { sameManifest } from "../manifest";
import { waypoint } from "../waypoint";
import { type Action, type Edit, type Obstacle, type Reason, hold, named } from "./action";
import { carrying } from "./carrying";
import { changed, goalOf } from "./course";
import { evidenceAgainst } from "./evidence";
import { stopsOf } from "./plan";
import { refusals } from "./rules";
import type { Scene } from "./situation";

/** The next rise or promote, if nothing stands against it; else what does, all of it. */
export function advance(scene: Scene, rules: readonly LiveRule[]): Action {
  const { state, colour } = scene;
  const edit = nextEdit(scene);
  const share = edit.traffic[colour];
  const { raise, lacks, unseen } = carrying(scene, rules, colour, share);
  const { against, asks } = evidenceAgainst(scene);
  const obstacles = [...fenced(scene), ...against, ...unseen];
  const refused = refusals(scene, edit, goalOf(scene));
  if (obstacles.length > 0) {
    const others = [...refused, ...(raise ? [] : lacks)];
    const isAsking = others.length === 0 && obstacles.every((one) => isUnasked(one));
    return hold([...obstacles, ...others], isAsking ? asks : []);
  }
  const isPromote = edit.live !== state.release.live;
  const what = isPromote ? `${named(state.release, colour)} becomes live` : `${colour} gets ${share} %`;
  if (raise) {
    const { live, traffic } = state.release;
    const text = `${colour} is made larger before it gets ${share} %`;
    return changed(scene, "prepare", { live, traffic, capacity: raise }, [{ code: "capacity", text }]);
  }
  if (refused.length > 0 || lacks.length > 0) return hold([...refused, ...lacks]);
  const reasons: Reason[] = [
    { code: "passed", text: `${what}: everything that it needs was seen to be good` },
  ];
  return changed(scene, isPromote ? "promote" : "shift", edit, reasons);
}

/** Nobody has answered yet; what was answered badly is not asked at once again. */
export const isUnasked = ({ awaits, code }: Obstacle): boolean =>
  awaits === "answer" && (code === "unobserved" || code === "gate");

/** What configuration says at the next stop. */
function nextEdit(scene: Scene): Edit & Required<Pick<Edit, "live" | "traffic">> {
  const { state, asked, now, wish } = scene;
  const goal = goalOf(scene);
  const stops = wish === undefined ? stopsOf(asked.plan) : [100];
  const limits = { ...stricter(state.limits, asked.limits), steps: stops };
  const to = waypoint({ from: state, target: goal, limits, now });
  // What would have to be deployed anew first is no edit of traffic: the rules say what to do about it.
  const isSame = sameManifest(to.blue, goal.blue) && sameManifest(to.green, goal.green);
  return isSame ? { live: to.live, traffic: to.traffic } : { live: goal.live, traffic: goal.traffic };
}

function fenced({ fence, state, colour }: Scene): Obstacle[] {
  if ("unseen" in fence) {
    return [{ code: "unobserved", text: `the fence: ${fence.unseen}`, awaits: "look" }];
  }
  const { value } = fence;
  if (!value || value.version !== state.release[colour].version) return [];
  const text = `${named(state.release, colour)} was fenced at ${value.at} by ${value.by}: ${value.reason}`;
  return [{ code: "fence", text, awaits: "person" }];
}

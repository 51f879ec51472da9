import { NoPlanError, plan } from "../plan";
import type { Release } from "../release";
import { judge } from "../transition";
import type { Edit, Obstacle } from "./action";
import { type Scene, transitionTo } from "./situation";

/**
 * What the rules refuse of an edit, each with its own reason.
 *
 * @param goal where the release is to go, by which it is told when time alone will permit it
 */
export function refusals(scene: Scene, edit: Edit, goal?: Release): Obstacle[] {
  const violations = judge(transitionTo(scene, edit));
  const until = violations.length > 0 && goal ? permittedFrom(scene, goal) : undefined;
  return violations.map(({ id, message }) => ({
    code: "rule",
    rule: id,
    text: message,
    awaits: until === undefined ? "person" : "time",
    ...(until !== undefined && { until }),
  }));
}

/** When the next step of the way becomes permitted; undefined where no time makes it so. */
function permittedFrom({ state, asked, now }: Scene, goal: Release): string | undefined {
  try {
    const [step] = plan(state, goal, asked.limits, now);
    if (!step || step.waitSeconds === 0) return undefined;
    return new Date(Date.parse(now) + step.waitSeconds * 1000).toISOString();
  } catch (error) {
    if (error instanceof NoPlanError) return undefined;
    throw error;
  }
}

import type { Values } from "../providers/behaviour";
import type { Ended } from "./job-pod";
import { listOf, objectOf } from "./objects";

/** What becomes of a Job whose pod has failed: the failure counts, is passed over, or ends the Job. */
export type Action = "Count" | "FailJob" | "Ignore";

/** A Job's `podFailurePolicy`: the first rule that a failure matches decides; without one it counts. */
export function podFailurePolicy(spec: Values): (ended: Ended) => Action {
  const rules = listOf(objectOf(spec.podFailurePolicy).rules).map(objectOf);
  return (ended) => {
    const rule = rules.find((one) => disrupted(one, ended) || exited(one, ended));
    return rule?.action === "FailJob" || rule?.action === "Ignore" ? rule.action : "Count";
  };
}

const disrupted = ({ onPodConditions }: Values, { how }: Ended): boolean =>
  how === "lost" &&
  listOf(onPodConditions)
    .map(objectOf)
    .some(({ type, status = "True" }) => type === "DisruptionTarget" && status === "True");

function exited({ onExitCodes }: Values, { how, exitCode }: Ended): boolean {
  if (onExitCodes === undefined || how === "lost") return false;
  const { operator, values } = objectOf(onExitCodes);
  return listOf(values).includes(exitCode) === (operator === "In");
}

import { isObject } from "../providers/behaviour";
import type { Routes } from "../endpoint/server";
import type { Controllers } from "./controllers";
import type { PodBehaviour } from "./workload";

/** What a behaviour may say, with the type of each. */
const BEHAVIOUR: Readonly<Record<keyof PodBehaviour, "boolean" | "number">> = {
  crash: "boolean",
  errorRate: "number",
  exitCode: "number",
  latencyMs: "number",
  runSeconds: "number",
  startupMs: "number",
  unhealthy: "boolean",
};

/** The control API's routes for pods: look at them, tell them how to behave, end one as a lost node does. */
export const clusterRoutes = (controllers: Controllers): Routes => ({
  "GET /_local/pods": () => controllers.pods(),
  "DELETE /_local/pods": ({ query }) => {
    controllers.destroyPod(query.get("name") ?? "");
    return { destroyed: true };
  },
  "POST /_local/behaviour": ({ body }) => {
    const { selector, behaviour } = behaviourFrom(body);
    controllers.setBehaviour(selector, behaviour);
    return { set: true };
  },
  "DELETE /_local/behaviour": () => {
    controllers.clearBehaviours();
    return { cleared: true };
  },
});

function behaviourFrom(body: unknown): { selector: Record<string, string>; behaviour: PodBehaviour } {
  const { selector = {}, behaviour } = isObject(body) ? body : {};
  const wrong = isObject(behaviour)
    ? Object.entries(behaviour).filter(
        ([name, value]) => typeof value !== BEHAVIOUR[name as keyof PodBehaviour],
      )
    : [];
  const labels = isObject(selector) && Object.values(selector).every((value) => typeof value === "string");
  if (isObject(behaviour) && labels && wrong.length === 0) {
    return { selector: selector as Record<string, string>, behaviour: behaviour };
  }
  const allowed = Object.entries(BEHAVIOUR).map(([name, type]) => `${name}: ${type}`);
  throw new Error(
    `/_local/behaviour got ${JSON.stringify(body)}; it takes {selector: {label: value}, behaviour: ` +
      `{${allowed.join(", ")}}}, each optional`,
  );
}

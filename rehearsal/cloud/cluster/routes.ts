import { isObject } from "../providers/behaviour";
import type { Routes } from "../endpoint/server";
import type { Controllers } from "./controllers";
import type { ProviderFault } from "./provider-calls";
import type { PodBehaviour } from "./workload";

/** The type that a value has, or those of an object's. */
type Shape = "boolean" | "number" | "string" | { readonly [name: string]: Shape };

const PROVIDER: Readonly<Record<keyof ProviderFault, Shape>> = {
  errorRate: "number",
  latencyMs: "number",
  name: "string",
  rateLimited: "number",
};

/** What a behaviour may say, with the type of each. */
const BEHAVIOUR: Readonly<Record<keyof PodBehaviour, Shape>> = {
  cpuMs: "number",
  crash: "boolean",
  errorRate: "number",
  exitCode: "number",
  latencyMs: "number",
  provider: PROVIDER,
  runSeconds: "number",
  startupMs: "number",
  unhealthy: "boolean",
};

/** The control API's routes for pods: look at them, tell them how to behave, end one as a lost node does. */
export const clusterRoutes = (controllers: Controllers): Routes => ({
  "GET /_local/pods": () => controllers.pods(),
  "DELETE /_local/pods": ({ query }) => {
    controllers.destroyPod(query.get("name") ?? "", query.get("gracefully") === "true");
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
  const labels = isObject(selector) && Object.values(selector).every((value) => typeof value === "string");
  if (labels && has(behaviour, BEHAVIOUR)) {
    return { selector: selector as Record<string, string>, behaviour: behaviour as PodBehaviour };
  }
  throw new Error(
    `/_local/behaviour got ${JSON.stringify(body)}; it takes {selector: {label: value}, behaviour: ` +
      `${words(BEHAVIOUR)}}, each optional`,
  );
}

/** Whether a value has a shape, and of an object's values each that is there its own. */
function has(value: unknown, shape: Shape | undefined): boolean {
  if (typeof shape !== "object") return typeof value === shape;
  return isObject(value) && Object.entries(value).every(([name, one]) => has(one, shape[name]));
}

const words = (shape: Shape): string =>
  typeof shape === "string"
    ? shape
    : `{${Object.entries(shape)
        .map(([name, one]) => `${name}: ${words(one)}`)
        .join(", ")}}`;

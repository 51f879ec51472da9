import type { Routes } from "../endpoint/local";
import { isObject } from "../providers/behaviour";
import type { Balancer } from "./balancer";
import type { Publishing } from "./measurements";

/** What the control API tells of a load balancer; to be passed to `serveEndpoint`. */
export const balancerRoutes = (balancer: Balancer): Routes => ({
  "GET /_local/listeners": () => balancer.listeners(),
  "GET /_local/counts": () => balancer.counts(),
  "POST /_local/metrics": ({ body }) => {
    balancer.measurements.publish(publishingFrom(body));
    return { set: true };
  },
});

const PUBLISHING: readonly (keyof Publishing)[] = ["delaySeconds", "backdateSeconds"];

function publishingFrom(body: unknown): Publishing {
  const fits = ([name, value]: [string, unknown]) =>
    PUBLISHING.some((key) => key === name) && typeof value === "number" && value >= 0;
  if (isObject(body) && Object.entries(body).every(fits)) return body;
  const allowed = PUBLISHING.map((key) => `${key}: seconds, 0 or more`).join(", ");
  throw new Error(`/_local/metrics got ${JSON.stringify(body)}; it takes {${allowed}}, each optional`);
}

import type { Routes } from "../endpoint/local";
import type { Balancer } from "./balancer";

/** What the control API tells of a load balancer; to be passed to `serveEndpoint`. */
export const balancerRoutes = (balancer: Balancer): Routes => ({
  "GET /_local/listeners": () => balancer.listeners(),
  "GET /_local/counts": () => balancer.counts(),
});

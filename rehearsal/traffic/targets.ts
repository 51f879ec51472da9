import { routeOf } from "../../model/services";
import type { Settings } from "../../model/settings";
import type { Cloud } from "../cloud/start";
import type { TrafficTarget } from "./session";

/** Where the local load balancer answers: the listener that has the rules, the HTTPS one where there is one. */
export async function balancerUrl(cloud: Cloud): Promise<string> {
  const listeners = await cloud.listeners();
  const [first] = listeners.toSorted((one, other) => other.port - one.port);
  if (!first) throw new Error("the load balancer has no listener");
  return first.url;
}

/** Every public service, as its users reach it. @param url of the load balancer */
export const targetsAt = (url: string, { services, domain }: Settings): TrafficTarget[] =>
  Object.entries(services).flatMap(([service, { public: address }]) => {
    const route = address && routeOf(address, domain);
    if (!route) return [];
    return "host" in route
      ? [{ service, url: `${url}/`, headers: { host: route.host } }]
      : [{ service, url: `${url}${route.path}` }];
  });

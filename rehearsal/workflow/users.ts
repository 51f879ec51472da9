import { routeOf } from "../../model/services";
import type { Settings } from "../../model/settings";
import type { Cloud } from "../cloud/start";
import { type Traffic, startTraffic } from "../traffic/traffic";

/** Where the local load balancer answers: the listener that has the rules, the HTTPS one where there is one. */
export async function balancerUrl(cloud: Cloud): Promise<string> {
  const listeners = await cloud.listeners();
  const [first] = listeners.toSorted((one, other) => other.port - one.port);
  if (!first) throw new Error("the load balancer has no listener");
  return first.url;
}

/** Users of every public service, few, but as many as an analysis wants before it judges a release. */
export function startUsers(url: string, { services, domain }: Settings): Traffic {
  const targets = Object.entries(services).flatMap(([service, { public: address }]) => {
    const route = address && routeOf(address, domain);
    if (!route) return [];
    return "host" in route
      ? [{ service, url: `${url}/`, headers: { host: route.host } }]
      : [{ service, url: `${url}${route.path}` }];
  });
  return startTraffic({ targets, sessions: 10, ratePerSecond: 40, requestsPerSession: 2 });
}

import { PUBLIC_SERVICES } from "../limits";
import { LENGTHS, targetGroupName } from "../names";
import { floorOf } from "../capacity";
import { COLOURS, type Release } from "../release";
import { slotFaults } from "./slots";
import { type PublicAddress, type ServiceSettings, routeOf } from "../services";
import type { Readable } from "./combinations";
import { type Fault, format, remove, set } from "./faults";

/** Combinations of services, or of a service and the stack, that can never be. */
export function serviceFaults(readable: Readable): Fault[] {
  const services = Object.entries(readable.services.complete);
  const world = services.flatMap(([name, service]) =>
    service.public ? [[name, service.public] as const] : [],
  );
  const addressed = world.filter(([name]) => !readable.services.misaddressed.has(name));
  return [
    ...services.flatMap(([name, service]) => unreachable(name, service)),
    ...services.flatMap(([name, service]) => sizeFaults(name, service, readable.release)),
    ...addressed.flatMap(([name, address]) => routeFaults(name, address, readable.domain)),
    ...sharedRoutes(addressed, readable.domain),
    ...slotFaults(addressed, readable.domain),
    ...tooMany(world.map(([name]) => name)),
    ...sharedNames(readable),
  ];
}

function unreachable(name: string, { kind, public: address }: ServiceSettings): Fault[] {
  if (kind === "http" || !address) return [];
  return [
    {
      path: format(["services", name, "kind"]),
      found: kind,
      allowed: "http, because the service is public and only http runs in both colours",
      remedy: set(["services", name, "kind"], "http"),
    },
  ];
}

/** An autoscaler's least number of pods, at full size or at the capacity that a colour is given, is not above its greatest. */
function sizeFaults(
  name: string,
  service: ServiceSettings,
  { capacity }: Pick<Partial<Release>, "capacity">,
): Fault[] {
  const { replicas, maxReplicas } = service;
  const path = ["services", name, "maxReplicas"] as const;
  if (maxReplicas < replicas) {
    return [
      {
        path: format(path),
        found: maxReplicas,
        allowed: `${replicas} at least, which is replicas`,
        remedy: set(path, replicas),
      },
    ];
  }
  return COLOURS.flatMap((colour) => {
    const floor = floorOf(service, capacity?.[colour] ?? 100);
    if (floor <= maxReplicas) return [];
    return [
      {
        path: format(["release", "capacity", colour]),
        found: capacity?.[colour],
        allowed: `a capacity within ${name}'s maxReplicas, ${maxReplicas}; this one is ${floor} pods`,
        remedy: set(path, floor),
      },
    ];
  });
}

function routeFaults(name: string, address: PublicAddress, domain: string | undefined): Fault[] {
  const route = routeOf(address, domain);
  const key = domain ? "host" : "path";
  if (!route) {
    return [
      {
        path: format(["services", name, "public", key]),
        found: undefined,
        allowed: domain
          ? "a host label or a path for a public service"
          : "a path prefix for a public service while there is no sluice:domain",
        remedy: set(["services", name, "public", key], domain ? name : `/${name}`),
      },
    ];
  }
  if (!("host" in route) || route.host.length <= LENGTHS.host) return [];
  return [
    {
      path: format(["services", name, "public", "host"]),
      found: address.host,
      allowed: `a label that makes a host name of at most ${LENGTHS.host} characters; ${route.host.length} with the domain`,
      remedy: set(["services", name, "public", "host"], name.slice(0, 1)),
    },
  ];
}

function sharedRoutes(
  world: readonly (readonly [string, PublicAddress])[],
  domain: string | undefined,
): Fault[] {
  const owners = new Map<string, string>();
  return world.flatMap(([name, address]) => {
    const route = routeOf(address, domain);
    if (!route) return [];
    const [key, value] = "host" in route ? (["host", route.host] as const) : (["path", route.path] as const);
    const owner = owners.get(`${key} ${value}`);
    if (owner === undefined) {
      owners.set(`${key} ${value}`, name);
      return [];
    }
    return [
      {
        path: format(["services", name, "public", key]),
        found: address[key],
        allowed: `a ${key} of its own; ${owner} has ${value}`,
        remedy: set(["services", name, "public", key], key === "host" ? name : `/${name}`),
      },
    ];
  });
}

function tooMany(names: readonly string[]): Fault[] {
  const [extra] = names.slice(PUBLIC_SERVICES);
  if (extra === undefined) return [];
  return [
    {
      path: "sluice:services",
      found: `${names.length} public services`,
      allowed: `at most ${PUBLIC_SERVICES} public services: each takes two of a load balancer's 100 target groups and three of its 100 rules`,
      remedy: remove(["services", extra, "public"]),
    },
  ];
}

/** Shortened names carry a hash; that two are equal all the same is unlikely and would cross their traffic. */
function sharedNames({ app, environment, services }: Readable): Fault[] {
  if (!app || !environment) return [];
  const owners = new Map<string, string>();
  return Object.keys(services.complete).flatMap((service) =>
    COLOURS.flatMap((colour) => {
      const name = targetGroupName(app, environment, service, colour);
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, service);
      return owner === undefined
        ? []
        : [
            {
              path: format(["services", service]),
              found: name,
              allowed: `another name for the service: its target group would be called as ${owner}'s`,
              remedy: remove(["services", service]),
            },
          ];
    }),
  );
}

import { type Environment, SIZES } from "./environments";
import type { Manifest } from "./release";

/** How a service may run while two colours do. */
export const KINDS = ["http", "worker", "singleton"] as const;
/**
 * `http` runs in both colours. `worker` (takes work from a queue) and `singleton` (one at a time, for
 * example a scheduler) run in the live colour only. At a promote the new live colour's start before the former
 * one's end, so for as long as a pod takes to start both are there.
 */
export type Kind = (typeof KINDS)[number];

/** Where the world reaches a service. */
export interface PublicAddress {
  /** First label of the host name, before `sluice:domain`. */
  readonly host?: string;
  /** Path prefix, used where there is no domain or no host label. */
  readonly path?: string;
  /** Place among the listener's rules, the lower asked first. Default: from the service's name. */
  readonly slot?: number;
}

/**
 * Paths that tell how a service is. `/health` is about the pod itself; the others are about what it depends on,
 * which all pods share.
 */
export interface Health {
  /** The pod is restarted where it fails. Default: `/health`. */
  readonly liveness: string;
  /**
   * The pod gets requests while it answers. Default: `/health`: a dependency that all pods share would take all
   * of them out of the load balancer at once, and mend nothing.
   */
  readonly readiness: string;
  /** The pod gets its first request once it answers. Default: `/health/detailed`, so what it needs was there. */
  readonly startup: string;
  /** What is asked of a colour before users are, beside the others. Default: `/health/db`, `/health/redis`. */
  readonly checks: readonly string[];
}

/** One service of the stack; both colours run it unless a manifest says otherwise. */
export interface ServiceSettings {
  readonly kind: Kind;
  /** Repository in the registry. Default: `<app>-<service>`. */
  readonly image: string;
  /** The container's port. Default: 8080. */
  readonly port: number;
  readonly health: Health;
  /** Pods of one colour at full size. Default by environment. */
  readonly replicas: number;
  /** Pods of one colour at most, whatever its load; `replicas` at least. Default: three times `replicas`. */
  readonly maxReplicas: number;
  /** Processor of a pod, as a Kubernetes quantity. Default by environment. */
  readonly cpu: string;
  /** Memory of a pod, as a Kubernetes quantity. Default by environment. */
  readonly memory: string;
  /** Absent: reached only from inside the cluster. */
  readonly public?: PublicAddress;
}

const HEALTH: Health = {
  liveness: "/health",
  readiness: "/health",
  startup: "/health/detailed",
  checks: ["/health/db", "/health/redis"],
};

/** Load in a busy hour is a few times the usual one; more than that somebody should know of. */
export const defaultMaxReplicas = (replicas: number): number => 3 * replicas;

/** What a service starts from where configuration names nothing else. */
export function serviceDefaults(app: string, environment: Environment, service: string): ServiceSettings {
  return {
    kind: "http",
    image: `${app}-${service}`,
    port: 8080,
    health: HEALTH,
    ...sized(SIZES[environment].replicas),
    cpu: SIZES[environment].cpu,
    memory: SIZES[environment].memory,
  };
}

const sized = (replicas: number) => ({ replicas, maxReplicas: defaultMaxReplicas(replicas) });

/** The services of the VoiceAssist deployment guide. */
export function defaultServices(app: string, environment: Environment): Record<string, ServiceSettings> {
  const defaults = (service: string) => serviceDefaults(app, environment, service);
  const adminPanel = { ...defaults("admin-panel"), ...(environment === "prod" && sized(2)) };
  return {
    "api-gateway": { ...defaults("api-gateway"), public: { host: "api", path: "/api" } },
    "voice-service": { ...defaults("voice-service"), public: { host: "voice", path: "/voice" } },
    "admin-panel": { ...adminPanel, public: { host: "admin", path: "/admin" } },
    storage: defaults("storage"),
    analytics: defaults("analytics"),
    notification: defaults("notification"),
  };
}

/** Where a public service is reached: by the whole host name, or by a path prefix on any host. */
export type Route = { readonly host: string } | { readonly path: string };

/** `undefined` where the address gives neither a host label under a domain nor a path. */
export function routeOf(address: PublicAddress, domain: string | undefined): Route | undefined {
  if (domain && address.host) return { host: `${address.host}.${domain}` };
  return address.path === undefined ? undefined : { path: address.path };
}

/** The full image reference that a colour runs for a service. */
export const imageOf = (
  registry: string,
  service: string,
  settings: ServiceSettings,
  manifest: Manifest,
): string => manifest.images?.[service] ?? `${registry}/${settings.image}:${manifest.version ?? ""}`;

/** Names of the services that the world reaches, in the stack's order. */
export const publicServices = (services: Readonly<Record<string, ServiceSettings>>): string[] =>
  Object.keys(services).filter((service) => services[service]?.public);

/**
 * Where a public service is reached, as a URL.
 *
 * @param balancer the load balancer's DNS name, for services that are told apart by path
 */
export function urlOf(
  address: PublicAddress,
  stack: {
    readonly domain?: string | undefined;
    readonly zoneId?: string | undefined;
    readonly certificateArn?: string | undefined;
  },
  balancer: string,
): string {
  const route = routeOf(address, stack.domain);
  const scheme = (stack.certificateArn ?? stack.zoneId) === undefined ? "http" : "https";
  return route && "host" in route
    ? `${scheme}://${route.host}`
    : `${scheme}://${balancer}${route?.path ?? ""}`;
}

/** Full names of the hosts by which the world reaches the services; none where they are told apart by path. */
export const hostsOf = (
  services: Readonly<Record<string, ServiceSettings>>,
  domain: string | undefined,
): string[] =>
  Object.values(services).flatMap(({ public: address }) => {
    const route = address && routeOf(address, domain);
    return route && "host" in route ? [route.host] : [];
  });

/** The ports on which public services' pods listen, each once. */
export const portsOfPublic = (services: Readonly<Record<string, ServiceSettings>>): number[] => [
  ...new Set(Object.values(services).flatMap((service) => (service.public ? [service.port] : []))),
];

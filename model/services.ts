import { type Environment, SIZES } from "./environments";
import type { Manifest } from "./release";

/** How a service may run while two colours do. */
export const KINDS = ["http", "worker", "singleton"] as const;
/**
 * `http` runs in both colours. `worker` (takes work from a queue) and `singleton` (one at a time, for
 * example a scheduler) run in the live colour only.
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

/** One service of the stack; both colours run it unless a manifest says otherwise. */
export interface ServiceSettings {
  readonly kind: Kind;
  /** Repository in the registry. Default: `<app>-<service>`. */
  readonly image: string;
  /** The container's port. Default: 8080. */
  readonly port: number;
  /** Paths of the probes. Defaults: `/health`, `/health/detailed`. */
  readonly health: { readonly liveness: string; readonly readiness: string };
  /** Pods of one colour at full size. Default by environment. */
  readonly replicas: number;
  /** Processor of a pod, as a Kubernetes quantity. Default by environment. */
  readonly cpu: string;
  /** Memory of a pod, as a Kubernetes quantity. Default by environment. */
  readonly memory: string;
  /** Absent: reached only from inside the cluster. */
  readonly public?: PublicAddress;
}

/** What a service starts from where configuration names nothing else. */
export function serviceDefaults(app: string, environment: Environment, service: string): ServiceSettings {
  return {
    kind: "http",
    image: `${app}-${service}`,
    port: 8080,
    health: { liveness: "/health", readiness: "/health/detailed" },
    ...SIZES[environment],
  };
}

/** The services of the VoiceAssist deployment guide. */
export function defaultServices(app: string, environment: Environment): Record<string, ServiceSettings> {
  const defaults = (service: string) => serviceDefaults(app, environment, service);
  const adminPanel = { ...defaults("admin-panel"), ...(environment === "prod" && { replicas: 2 }) };
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
  stack: { readonly domain?: string | undefined; readonly certificateArn?: string | undefined },
  balancer: string,
): string {
  const route = routeOf(address, stack.domain);
  const scheme = stack.certificateArn === undefined ? "http" : "https";
  return route && "host" in route
    ? `${scheme}://${route.host}`
    : `${scheme}://${balancer}${route?.path ?? ""}`;
}

/** The ports on which public services' pods listen, each once. */
export const portsOfPublic = (services: Readonly<Record<string, ServiceSettings>>): number[] => [
  ...new Set(Object.values(services).flatMap((service) => (service.public ? [service.port] : []))),
];

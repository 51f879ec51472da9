import type { Access, Runners } from "./access";
import { BACKENDS, type Backends } from "./backends";
import type { DeliverySettings } from "./delivery/subjects";
import { ENVIRONMENTS, type Environment, type EnvironmentSize, SIZES } from "./environments";
import type { Flag } from "./flags/flag";
import { type Limits, defaultLimits } from "./limits";
import type { Monitoring } from "./monitoring/monitoring";
import type { Slo } from "./monitoring/objectives";
import type { Notifications } from "./notifications";
import type { Override } from "./override";
import type { Providers } from "./providers/providers";
import type { Recovery } from "./recovery";
import type { Footprint, Release } from "./release";
import { type Plan, stopsOf } from "./rollout/plan";
import { defaultPlan } from "./rollout/plans";
import { readAccess, readRunners } from "./schema/access";
import { readBackends } from "./schema/backends";
import { crossFaults } from "./schema/combinations";
import { readDelivery } from "./schema/delivery";
import { type Fault, SettingsError, format, isRecord, remove, suggestion } from "./schema/faults";
import { readFlags } from "./schema/flags";
import { readLimits } from "./schema/limits";
import { readMonitoring } from "./schema/monitoring";
import { readNotifications } from "./schema/notifications";
import { readOverrides } from "./schema/overrides";
import { readPlan } from "./schema/plan";
import { readProviders } from "./schema/providers";
import { readRecovery } from "./schema/recovery";
import { type PartialRelease, readRelease } from "./schema/release";
import { readScalars } from "./schema/scalars";
import { readServices } from "./schema/services";
import { readSlo } from "./schema/slo";
import { readValidation } from "./schema/validation";
import { withServices } from "./serviceLists";
import { type ServiceSettings, routeOf } from "./services";
import type { ValidationSettings } from "./validation";

export { ENVIRONMENTS, type Environment, type EnvironmentSize } from "./environments";
export type { Limits } from "./limits";
export { type Fault, SettingsError } from "./schema/faults";
export type { Kind, PublicAddress, ServiceSettings } from "./services";

/** The keys of stack configuration under `sluice:`. */
export const KEYS = [
  "app",
  "environment",
  "release",
  "services",
  "backends",
  "registry",
  "repositories",
  "domain",
  "zoneId",
  "certificateArn",
  "previewSources",
  "apiSources",
  "bakedIn",
  "delivery",
  "access",
  "runners",
  "limits",
  "plan",
  "flags",
  "providers",
  "validation",
  "recovery",
  "overrides",
  "notifications",
  "slo",
  "monitoring",
] as const;

/** The values of `sluice:*` as parsed JSON, by key without its namespace; nothing of it is believed yet. */
export type RawConfig = { readonly [Key in (typeof KEYS)[number]]?: unknown };

/** The whole of stack configuration, checked and complete. */
export interface Settings {
  /** Prefix of every name; the namespace. */
  readonly app: string;
  readonly environment: Environment;
  /** Image registry, with a path where it has one, without scheme. */
  readonly registry: string;
  /**
   * Whether the stack owns the images' ECR repositories. Default: false, for the stacks of an account share
   * them and one of them owns them.
   */
  readonly repositories: boolean;
  /** DNS zone under which public services get their host names. Absent: they share one host, by path. */
  readonly domain?: string;
  /**
   * The domain's public hosted zone in Route 53. With it the stack makes certificates and records, and puts
   * CloudFront before the load balancer.
   */
  readonly zoneId?: string;
  /** ACM certificate of the listener, where DNS is kept elsewhere. */
  readonly certificateArn?: string;
  /** Address ranges from which a colour may be asked for by header. Absent: the VPC's own. */
  readonly previewSources?: readonly string[];
  /** Address ranges that reach the cluster's API from the internet. Absent: only the VPC does, but dev's is open. */
  readonly apiSources?: readonly string[];
  /** The environment in which a version has baked before it comes here, for T9. Absent: none comes before this one. */
  readonly bakedIn?: Environment;
  /** Whose workflows take roles of the stack. Absent: nobody's, and there are no roles. */
  readonly delivery?: DeliverySettings;
  /** IAM roles that reach the cluster's API. */
  readonly access: Access;
  /** CI's runners inside the VPC. Absent: none. */
  readonly runners?: Runners;
  /** Database, cache and vector store, with the environment's defaults filled in. */
  readonly backends: Backends;
  /** Every service of the stack, with its defaults filled in. */
  readonly services: Readonly<Record<string, ServiceSettings>>;
  /** Its colours name their services, whether or not configuration does. */
  readonly release: Release;
  /** A rollback of the schema, or a restore. Absent: nothing is asked for. */
  readonly recovery?: Recovery;
  /** What somebody answers for, rule by rule. */
  readonly overrides: readonly Override[];
  /** Who is told of a release. Absent: nobody. */
  readonly notifications?: Notifications;
  /** What is promised of services; alerts are generated from it. */
  readonly slo: Slo;
  /** How much is watched, and who is told. */
  readonly monitoring: Monitoring;
  readonly limits: Limits;
  /** How a candidate becomes live: steps, bake times and gates. */
  readonly plan: Plan;
  /** Percentage flags by name. */
  readonly flags: Readonly<Record<string, Flag>>;
  /** Providers of models by name, whom colours' settings may name. Empty: those settings are not looked at. */
  readonly providers: Providers;
  /** What a candidate is asked by the preview header before its share rises. */
  readonly validation: ValidationSettings;
  readonly size: EnvironmentSize;
}

/**
 * Settings from configuration.
 *
 * @param secret keys that hold a secret value anywhere inside
 * @throws SettingsError with every fault at once, one line each
 */
export function parseSettings(raw: RawConfig, secret: readonly string[] = []): Settings {
  const faults: Fault[] = secret.map(secretFault);
  const keys: Readonly<Record<string, unknown>> = isRecord(raw) ? raw : {};
  unknownKeys(keys, faults);
  const scalars = readScalars(keys, faults);
  // Faults of the other keys are reported as well where the environment is wrong, against dev's defaults.
  const environment = scalars.environment ?? ENVIRONMENTS[0];
  const app = scalars.app ?? "app";
  const services = readServices(keys["services"], { app, environment }, faults);
  const backends = readBackends(keys["backends"], BACKENDS[environment], faults);
  const access = readAccess(keys["access"], faults);
  const runners = readRunners(keys["runners"], faults);
  const delivery = readDelivery(keys["delivery"], faults);
  const limits = readLimits(keys["limits"], defaultLimits(environment), faults);
  const plan = readPlan(keys["plan"], defaultPlan(environment), faults);
  const validation = readValidation(keys["validation"], services.complete, faults);
  const flags = readFlags(keys["flags"], { app, environment }, faults);
  const providers = readProviders(keys["providers"], { app, environment }, faults);
  const recovery = readRecovery(keys["recovery"], faults);
  const overrides = readOverrides(keys["overrides"], faults);
  const notifications = readNotifications(keys["notifications"], { app, environment }, faults);
  const slo = readSlo(keys["slo"], Object.keys(services.complete), faults);
  const monitoring = readMonitoring(keys["monitoring"], { app, environment, notifications }, faults);
  const release = readRelease(keys["release"], faults);
  const given = new Set(Object.keys(keys).filter((key) => keys[key] !== undefined));
  crossFaults({ ...scalars, given, services, release, providers }, faults);
  const { registry } = scalars;
  if (faults.length > 0 || registry === undefined) throw new SettingsError(faults);
  return {
    app,
    environment,
    registry,
    repositories: scalars.repositories ?? false,
    ...(scalars.domain !== undefined && { domain: scalars.domain }),
    ...(scalars.zoneId !== undefined && { zoneId: scalars.zoneId }),
    ...(scalars.certificateArn !== undefined && { certificateArn: scalars.certificateArn }),
    ...(scalars.previewSources !== undefined && { previewSources: scalars.previewSources }),
    ...apiSources(environment, scalars.apiSources),
    ...bakedIn(environment, scalars.bakedIn),
    access,
    ...(runners && { runners }),
    ...(delivery && { delivery }),
    backends,
    services: services.complete,
    release: withServices(whole(release), services.complete),
    ...(recovery && { recovery }),
    overrides,
    ...(notifications && { notifications }),
    slo,
    monitoring,
    limits: { ...limits, steps: stopsOf(plan) },
    plan,
    flags,
    providers,
    validation,
    size: SIZES[environment],
  };
}

/** A release without faults, its colours by their own keys only. */
const whole = ({ named: _, ...release }: PartialRelease): Release => release as Release;

/** What the transition's rules need to know of every service. */
export const footprints = (
  settings: Pick<Settings, "services" | "registry" | "domain">,
): Record<string, Footprint> =>
  Object.fromEntries(
    Object.entries(settings.services).map(
      ([name, { public: exposed, image, port, replicas, maxReplicas, cpu, memory, kind, health }]) => {
        const route = exposed && routeOf(exposed, settings.domain);
        return [
          name,
          {
            public: exposed !== undefined,
            ...(route && { address: "host" in route ? route.host : route.path }),
            image: `${settings.registry}/${image}`,
            port,
            replicas,
            maxReplicas,
            cpu,
            memory,
            kind,
            health: { liveness: health.liveness, readiness: health.readiness, startup: health.startup },
          },
        ];
      },
    ),
  );

/** Whoever tries dev out need not name an address first; the others are closed until somebody does. */
function apiSources(
  environment: Environment,
  asked: readonly string[] | undefined,
): Pick<Settings, "apiSources"> {
  if (asked) return { apiSources: asked };
  return environment === "dev" ? { apiSources: ["0.0.0.0/0"] } : {};
}

/** By default prod takes what has baked in staging; the others take anything. */
function bakedIn(
  environment: Environment,
  asked: Environment | "none" | undefined,
): Pick<Settings, "bakedIn"> {
  const before = asked ?? (environment === "prod" ? "staging" : "none");
  return before === "none" ? {} : { bakedIn: before };
}

/** All of configuration is recorded with the release and shown in its diff. */
const secretFault = (key: string): Fault => ({
  path: format([key]),
  found: "(a secret)",
  allowed: "no secret; keep it in Secrets Manager and name it here",
  remedy: `pulumi config rm --path for the value that is marked secure under sluice:${key}`,
});

function unknownKeys(keys: Readonly<Record<string, unknown>>, faults: Fault[]): void {
  for (const key of Object.keys(keys)) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    faults.push({
      path: format([key]),
      found: keys[key],
      allowed: `no such key${suggestion(key, KEYS)}; allowed are ${KEYS.join(", ")}`,
      remedy: remove([key]),
    });
  }
}

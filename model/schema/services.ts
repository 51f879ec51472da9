import { z } from "zod";
import type { Environment } from "../environments";
import { LENGTHS } from "../names";
import { SLOTS } from "../priorities";
import { COLOURS } from "../release";
import {
  type Health,
  KINDS,
  type PublicAddress,
  type ServiceSettings,
  defaultMaxReplicas,
  defaultServices,
  serviceDefaults,
} from "../services";
import { type Fault, format, isRecord, remove, suggestion } from "./faults";
import { type Fields, oneOf, readFields, readRecord, whole } from "./fields";
import { cpu, label, memory, path, probePath, repository } from "./forms";

/** A colour is appended to a service's name, and the whole is a Kubernetes Service. */
const LONGEST = LENGTHS.label - Math.max(...COLOURS.map((colour) => `-${colour}`.length));
const NAME = label(LONGEST);

type Plain = Omit<ServiceSettings, "health" | "public">;

const FIELDS: Fields<Plain> = {
  kind: { schema: oneOf(KINDS), example: "http", words: KINDS },
  image: { schema: repository, example: "voiceassist-api-gateway" },
  port: { schema: whole(1, 65_535), example: 8080 },
  replicas: { schema: whole(1, 1_000), example: 2 },
  maxReplicas: { schema: whole(1, 3_000), example: 6 },
  cpu: { schema: cpu, example: "500m" },
  memory: { schema: memory, example: "512Mi" },
};

const HEALTH: Fields<Health> = {
  liveness: { schema: probePath, example: "/health" },
  readiness: { schema: probePath, example: "/health" },
  startup: { schema: probePath, example: "/health/detailed" },
  checks: { schema: z.array(probePath, { error: "a list of paths to ask" }), first: "/health/db" },
};

const PUBLIC: Fields<PublicAddress> = {
  host: { schema: label(LENGTHS.label), example: "api" },
  path: { schema: path, example: "/api" },
  slot: { schema: whole(0, SLOTS - 1), example: 1 },
};

export interface ReadServices {
  /** Every service that could be read, with defaults where a value was wrong. */
  readonly complete: Readonly<Record<string, ServiceSettings>>;
  /** Every name that configuration gives to a service, also where its settings are wrong. */
  readonly names: readonly string[];
  /** Services whose address is wrong already, so that nothing more can be said of it. */
  readonly misaddressed: ReadonlySet<string>;
}

interface Stack {
  readonly app: string;
  readonly environment: Environment;
}

/** The default services with what `sluice:services` adds, changes (key by key) or, by `null`, removes. */
export function readServices(raw: unknown, { app, environment }: Stack, faults: Fault[]): ReadServices {
  const complete = new Map(Object.entries(defaultServices(app, environment)));
  const record =
    raw === undefined ? {} : (readRecord(raw, ["services"], "settings by service", faults) ?? {});
  const misaddressed = new Set<string>();
  for (const [name, value] of Object.entries(record)) {
    if (value === null) removeService(name, complete, faults);
    else {
      checkName(name, value, faults);
      const base = complete.get(name) ?? serviceDefaults(app, environment, name);
      const inAddress = format(["services", name, "public"]);
      const own: Fault[] = [];
      complete.set(name, readService(name, value, base, own));
      if (own.some((fault) => fault.path.startsWith(inAddress))) misaddressed.add(name);
      faults.push(...own);
    }
  }
  return { complete: Object.fromEntries(complete), names: [...complete.keys()], misaddressed };
}

function removeService(name: string, services: Map<string, ServiceSettings>, faults: Fault[]): void {
  if (services.delete(name)) return;
  faults.push({
    path: format(["services", name]),
    found: null,
    allowed: `null removes a default service, and this is none${suggestion(name, [...services.keys()])}`,
    remedy: remove(["services", name]),
  });
}

function checkName(name: string, value: unknown, faults: Fault[]): void {
  const result = NAME.safeParse(name);
  const coloured = COLOURS.some((colour) => name.endsWith(`-${colour}`));
  if (result.success && !coloured) return;
  faults.push({
    path: format(["services", name]),
    found: value,
    allowed: coloured
      ? `as a service's name one that does not end in -${COLOURS.join(" or -")}: so the colours' own objects are called`
      : `as a service's name ${result.error?.issues[0]?.message ?? "a label"}`,
    remedy: remove(["services", name]),
  });
}

function readService(name: string, raw: unknown, base: ServiceSettings, faults: Fault[]): ServiceSettings {
  const at = ["services", name] as const;
  const read = readFields<Plain>(raw, at, FIELDS, faults, ["health", "public"]);
  const given = isRecord(raw) ? raw : {};
  const health =
    given["health"] === undefined ? {} : readFields(given["health"], [...at, "health"], HEALTH, faults);
  const { public: before, ...rest } = base;
  const address = readAddress(given["public"], before, [...at, "public"], faults);
  return {
    ...rest,
    ...read,
    // It follows `replicas` unless it is set itself.
    maxReplicas: read.maxReplicas ?? defaultMaxReplicas(read.replicas ?? base.replicas),
    health: { ...base.health, ...health },
    ...(address && { public: address }),
  };
}

/** `null` takes a service from the world. */
function readAddress(
  raw: unknown,
  before: PublicAddress | undefined,
  at: readonly [string, ...string[]],
  faults: Fault[],
): PublicAddress | undefined {
  if (raw === undefined) return before;
  return raw === null ? undefined : { ...before, ...readFields(raw, at, PUBLIC, faults) };
}

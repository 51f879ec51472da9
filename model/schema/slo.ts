import { type ZodType, z } from "zod";
import { SLOW_SECONDS, THRESHOLDS } from "../analysis/thresholds";
import { BOUNDS, WORK } from "../monitoring/families";
import { SLO, type ServiceObjective, type Slo, defaultObjective, defaultSlo } from "../monitoring/objectives";
import { type Fault, type Path, format, isRecord, remove, suggestion } from "./faults";
import { type Fields, oneOf, readFields, readRecord, whole } from "./fields";

/** A number; `pulumi config set --path` writes one with a fraction as text. */
const number = (schema: ZodType<number>): ZodType<number> =>
  z.preprocess((raw) => (typeof raw === "string" && /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw), schema);

/** A number within a range, both ends inclusive. */
function between(least: number, greatest: number): ZodType<number> {
  const error = `a number from ${least} to ${greatest}`;
  return number(z.number({ error }).min(least, { error }).max(greatest, { error }));
}

/**
 * Bounds that p95 may be promised below: above what the way through the load balancer takes, and not above the limit
 * that retreats, for what takes traffic back is no promise that was kept.
 */
const SECONDS = BOUNDS.filter((bound) => bound >= 0.1 && bound <= SLOW_SECONDS);

/** Failures that an objective may allow, in percent: not above the gate, for the same reason. */
const MOST_FAILED = THRESHOLDS.errorGate.above;

const FIELDS: Fields<Omit<Required<Slo>, "services">> = {
  availability: { schema: between(100 - MOST_FAILED, 99.999), example: SLO.availability },
  errorRate: { schema: between(0.001, MOST_FAILED), example: SLO.errorRate },
  // With fewer days the slowest burn would alert while the budget lasts; with more the fastest would ask for more slow
  // answers than there are answers.
  windowDays: { schema: whole(30, 40), example: SLO.windowDays },
  costPerThousand: { schema: between(0.001, 1_000_000), example: 10 },
};

const p95 = `one of ${SECONDS.join(", ")}, in seconds: a bound of http_request_duration_seconds`;

const SERVICE: Fields<ServiceObjective> = {
  work: { schema: oneOf(WORK), words: WORK, example: "api" },
  p95: {
    schema: number(
      z.number({ error: p95 }).refine((value) => SECONDS.some((bound) => bound === value), { error: p95 }),
    ),
    example: 2,
  },
};

/** Reads `sluice:slo`; what it does not set is guide 000's. @param services of the stack */
export function readSlo(raw: unknown, services: readonly string[], faults: Fault[]): Slo {
  const defaults = defaultSlo(services);
  if (raw === undefined) return defaults;
  const read = readFields(raw, ["slo"], FIELDS, faults, ["services"]);
  const named = isRecord(raw) ? readServices(raw["services"], services, faults) : {};
  return { ...defaults, ...read, services: { ...defaults.services, ...named } };
}

function readServices(
  raw: unknown,
  services: readonly string[],
  faults: Fault[],
): Record<string, ServiceObjective> {
  if (raw === undefined) return {};
  const at: Path = ["slo", "services"];
  const record = readRecord(raw, at, "objectives by service: work, p95", faults) ?? {};
  return Object.fromEntries(
    Object.entries(record).flatMap(([service, objective]): [string, ServiceObjective][] => {
      const path: Path = [...at, service];
      if (!services.includes(service)) {
        const allowed = `no such service${suggestion(service, services)}; there are ${services.join(", ") || "none"}`;
        faults.push({ path: format(path), found: objective, allowed, remedy: remove(path) });
        return [];
      }
      const read = readFields(objective, path, SERVICE, faults);
      return [[service, { ...defaultObjective(service, read.work), ...read }]];
    }),
  );
}

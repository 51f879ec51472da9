import { LIMITS, LIMIT_NAMES, type Limits } from "../limits";
import { type Fault, isRecord, set } from "./faults";
import { type Fields, readFields, whole } from "./fields";
import { readFreezes } from "./freezes";

const FIELDS = Object.fromEntries(
  LIMIT_NAMES.map((name) => {
    const [least, greatest] = LIMITS[name].range;
    return [name, { schema: whole(least, greatest), example: LIMITS[name].defaults.dev }];
  }),
) as unknown as Fields<Omit<Limits, "freezes" | "steps">>;

/** The defaults with what `sluice:limits` sets. */
export function readLimits(raw: unknown, defaults: Limits, faults: Fault[]): Limits {
  if (raw === undefined) return defaults;
  const read = readFields(raw, ["limits"], FIELDS, faults, ["freezes"]);
  const freezes = readFreezes(isRecord(raw) ? raw["freezes"] : undefined, faults);
  const limits = { ...defaults, ...read, ...(freezes && { freezes }) };
  const { stickinessSeconds, warmSeconds } = limits;
  if (stickinessSeconds > warmSeconds) {
    faults.push({
      path: "sluice:limits.stickinessSeconds",
      found: stickinessSeconds,
      allowed: `${warmSeconds} at most (S2): clients do not hold on to a colour longer than it stays warm`,
      remedy: set(["limits", "stickinessSeconds"], Math.max(1, warmSeconds)),
    });
  }
  return limits;
}

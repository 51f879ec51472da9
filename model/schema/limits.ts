import { z } from "zod";
import { LIMITS, LIMIT_NAMES, type Limits } from "../limits";
import { type Fault, isRecord, remove, set } from "./faults";
import { type Fields, readFields, whole } from "./fields";
import { readFreezes } from "./freezes";

const FIELDS = Object.fromEntries(
  LIMIT_NAMES.map((name) => {
    const [least, greatest] = LIMITS[name].range;
    const value = whole(least, greatest);
    if (name !== "steps") return [name, { schema: value, example: LIMITS[name].defaults.dev }];
    const list = z.array(value, { error: "a list of shares in percent, such as [10, 50, 100]" });
    return [name, { schema: list }];
  }),
) as unknown as Fields<Omit<Limits, "freezes">>;

/** The defaults with what `sluice:limits` sets. */
export function readLimits(raw: unknown, defaults: Limits, faults: Fault[]): Limits {
  if (raw === undefined) return defaults;
  const read = readFields(raw, ["limits"], FIELDS, faults, ["freezes"]);
  const freezes = readFreezes(isRecord(raw) ? raw["freezes"] : undefined, faults);
  const limits = { ...defaults, ...read, ...(freezes && { freezes }) };
  const { steps } = limits;
  const ascending = steps.every((share, i) => i === 0 || share > (steps[i - 1] ?? 0));
  if (read.steps && !(ascending && steps.at(-1) === 100)) {
    faults.push({
      path: "sluice:limits.steps",
      found: steps,
      allowed: "shares that ascend and end with 100",
      remedy: remove(["limits", "steps"]),
    });
  }
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

import { z } from "zod";
import { LIMITS, LIMIT_NAMES, type Limits } from "../limits";
import { type Fault, remove } from "./faults";
import { type Fields, readFields, whole } from "./fields";

const FIELDS = Object.fromEntries(
  LIMIT_NAMES.map((name) => {
    const [least, greatest] = LIMITS[name].range;
    const value = whole(least, greatest);
    if (name !== "steps") return [name, { schema: value, example: LIMITS[name].defaults.dev }];
    const list = z.array(value, { error: "a list of shares in percent, such as [10, 50, 100]" });
    return [name, { schema: list }];
  }),
) as unknown as Fields<Limits>;

/** The defaults with what `sluice:limits` sets. */
export function readLimits(raw: unknown, defaults: Limits, faults: Fault[]): Limits {
  if (raw === undefined) return defaults;
  const read = readFields<Limits>(raw, ["limits"], FIELDS, faults);
  const limits = { ...defaults, ...read };
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
  return limits;
}

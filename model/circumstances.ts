import { exposures } from "./flags/flag";
import { KUBERNETES_VERSION } from "./platform";
import type { Transition } from "./rule";
import { type Settings, footprints } from "./settings";

/** What a transition is judged by beside its two ends. */
export type Circumstances = Omit<Transition, "from" | "to" | "now">;

/** What configuration says of it: the program, and whoever looks before the program runs, judge by the same. */
export function circumstances(settings: Settings): Circumstances {
  const { environment, limits, overrides, recovery, backends } = settings;
  const flags = exposures(settings.flags);
  return {
    ...{ services: footprints(settings), limits, overrides },
    ...(recovery && { recovery }),
    ...(flags && { flags }),
    platform: { kubernetes: KUBERNETES_VERSION, backends },
    // Nothing tells yet what staging trusts, which is said.
    ...(environment === "prod" && { baked: "unknown" as const }),
  };
}

import { exposures } from "./flags/flag";
import { KUBERNETES_VERSION } from "./platform";
import { declaredOf } from "./providers/providers";
import type { Transition } from "./rule";
import { type Settings, footprints } from "./settings";

/** What a transition is judged by beside its two ends. */
export type Circumstances = Omit<Transition, "from" | "to" | "now">;

/** What configuration says of it: the program, and whoever looks before the program runs, judge by the same. */
export function circumstances(settings: Settings): Circumstances {
  const { bakedIn, limits, overrides, recovery, backends } = settings;
  const flags = exposures(settings.flags);
  const providers = declaredOf(settings.providers);
  return {
    ...{ services: footprints(settings), limits, overrides },
    ...(recovery && { recovery }),
    ...(flags && { flags }),
    ...(providers && { providers }),
    platform: { kubernetes: KUBERNETES_VERSION, backends },
    // Until somebody has read it.
    ...(bakedIn !== undefined && { baked: "unknown" as const }),
  };
}

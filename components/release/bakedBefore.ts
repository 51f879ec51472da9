import * as pulumi from "@pulumi/pulumi";
import { bakedBefore } from "../../cloud/baked";
import type { BakedBefore } from "../../model/baked";
import type { Settings } from "../../model/settings";

/**
 * What has baked in the environment before this one, for T9; undefined where none comes before it. A preview that
 * cannot read it tells so; an update is refused what it would have to know.
 */
export async function readBaked(
  { app, bakedIn }: Pick<Settings, "app" | "bakedIn">,
  region: string,
): Promise<BakedBefore | undefined> {
  if (bakedIn === undefined) return undefined;
  // Where the program is only read, as by `sluice manifests`, nobody is asked.
  if (!pulumi.runtime.hasEngine()) return "unknown";
  const found = await bakedBefore(app, bakedIn, region);
  return found === "unseen" && pulumi.runtime.isDryRun() ? "unknown" : found;
}

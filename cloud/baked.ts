import type { BakedBefore } from "../model/baked";
import type { Environment } from "../model/environments";
import { parseKnown, releaseParameter } from "../model/known";
import { Parameters } from "./parameters";

/**
 * What has baked in an environment, as its stack publishes it. A stack in another account or region publishes it there:
 * `sluice carry --pack` and `--unpack` bring a copy, of the same name, to where it is read.
 *
 * @param region in which it is read
 */
export async function bakedBefore(
  app: string,
  environment: Environment,
  region: string,
): Promise<BakedBefore> {
  try {
    const value = await new Parameters(region).get(releaseParameter(app, environment));
    return value === undefined ? "unknown" : (parseKnown(value).baked ?? "unknown");
  } catch {
    return "unseen";
  }
}

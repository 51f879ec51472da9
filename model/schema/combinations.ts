import type { Environment } from "../environments";
import type { Providers } from "../providers/providers";
import { edgeFaults } from "./edgeCombinations";
import type { Fault } from "./faults";
import { providerFaults } from "./providerCombinations";
import { releaseFaults } from "./releaseCombinations";
import { serviceFaults } from "./serviceCombinations";
import type { PartialRelease } from "./release";
import type { ReadServices } from "./services";

/** All that could be read, and therefore can be held against one another. */
export interface Readable {
  readonly app?: string;
  readonly environment?: Environment;
  readonly domain?: string;
  readonly certificateArn?: string;
  /** Keys that configuration has, right or wrong: one that is wrong is not missing too. */
  readonly given: ReadonlySet<string>;
  readonly services: ReadServices;
  readonly release: PartialRelease;
  readonly providers: Providers;
}

/** Faults of values that are each right and do not go together. */
export function crossFaults(readable: Readable, faults: Fault[]): void {
  faults.push(
    ...releaseFaults(readable.release, readable.services.names),
    ...serviceFaults(readable),
    ...edgeFaults(readable),
    ...providerFaults(readable.release, readable.providers),
  );
}

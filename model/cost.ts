import { type Assumptions, type CostLine, linesOf } from "./cost/lines";
import { PRICED_REGION, PRICES_AS_OF, PRICES_SOURCE } from "./cost/prices";
import type { Environment } from "./environments";
import type { Settings } from "./settings";

export type { Assumptions, CostLine } from "./cost/lines";

/** What a stack costs a month, by list prices. */
export interface CostEstimate {
  readonly currency: "USD";
  /** The region whose prices these are. */
  readonly pricedRegion: string;
  readonly lines: readonly CostLine[];
  /** Sums of the lines that have a price. */
  readonly total: CostTotal;
  /** What a reader must know of the sums, each a sentence. */
  readonly remarks: readonly string[];
}

/** USD a month, in whole dollars. */
export interface CostTotal {
  /** With one colour warm: between releases. */
  readonly oneColour: number;
  /** With both colours warm: during a release, and in the warm retention after it. */
  readonly bothColours: number;
}

/** What is supposed by environment where the caller does not say. */
export const ASSUMPTIONS: Readonly<Record<Environment, Assumptions>> = {
  dev: {
    logsGb: 10,
    natGb: 20,
    capacityUnits: 1,
    interfaceEndpoints: 0,
    keys: 1,
    secrets: 4,
    webAclRules: 0,
  },
  staging: {
    logsGb: 50,
    natGb: 100,
    capacityUnits: 1,
    interfaceEndpoints: 9,
    keys: 1,
    secrets: 6,
    webAclRules: 6,
  },
  prod: {
    logsGb: 300,
    natGb: 1_000,
    capacityUnits: 5,
    interfaceEndpoints: 9,
    keys: 1,
    secrets: 6,
    webAclRules: 6,
  },
};

/**
 * Estimates what a stack costs a month. Only what its settings decide is exact; traffic and logs are
 * supposed, and requests, transfer out, snapshots and metrics are left out.
 *
 * @param region where the stack runs, for example `us-east-1`
 */
export function estimateCost(
  settings: Pick<
    Settings,
    "environment" | "services" | "backends" | "monitoring" | "zoneId" | "repositories"
  >,
  region: string,
  assumed: Assumptions = ASSUMPTIONS[settings.environment],
): CostEstimate {
  const lines = linesOf(settings, assumed);
  const sum = (colours: "oneColour" | "bothColours") =>
    Math.round(lines.reduce((total, line) => total + (line[colours] ?? 0), 0));
  return {
    currency: "USD",
    pricedRegion: PRICED_REGION,
    lines,
    total: { oneColour: sum("oneColour"), bothColours: sum("bothColours") },
    remarks: [
      `On-demand list prices of ${PRICED_REGION}, without tax, as known in ${PRICES_AS_OF}: ` +
        `check them at ${PRICES_SOURCE} before you rely on a sum.`,
      ...(region === PRICED_REGION
        ? []
        : [`The stack runs in ${region}, whose prices differ and are not known here.`]),
      ...lines
        .filter((line) => line.oneColour === undefined)
        .map(({ item, counted }) => `No price is known for ${item} (${counted}): the sums are without it.`),
      "Not counted: requests, transfer out, capacity that load adds, snapshots, metrics and support.",
    ],
  };
}

import { type Fingerprints, fingerprints, footprintsFrom } from "./footprint";
import { COLOURS, type Colour, type Recorded, type Shares } from "./release";
import { sharesOfWeights } from "./shares";

/** One resource of a stack's state, as the engine's `readStackResourceOutputs` gives it. */
export interface StateResource {
  /** Pulumi's type token. */
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What the stack's `release` output holds: all of {@link Recorded} that no rule knows better. */
export type ReleaseOutput = Recorded["release"] &
  Omit<Recorded, "release" | "rules" | "services"> & { readonly services: Fingerprints };

const STACK = "pulumi:pulumi:Stack";
const RULE = "aws:lb/listenerRule:ListenerRule";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";

type Tagged = Readonly<Record<string, string>> | undefined;
type Forward = { forward?: { targetGroups?: { arn: string; weight: number }[] } }[] | undefined;

/**
 * What the stack's state last recorded. Outputs lag behind after a half-failed update, so each rule's
 * weights are its own.
 *
 * @returns undefined where no update has completed yet
 */
export function recordedFrom(resources: Iterable<StateResource>): Recorded | undefined {
  const all = [...resources];
  const output = all.find(({ type }) => type === STACK)?.outputs["release"] as ReleaseOutput | undefined;
  if (!output) return undefined;
  const { since, trusted, retention, drainedAt, limits, services, ...release } = output;
  return {
    release,
    rules: weights(all),
    since,
    trusted,
    ...(retention && { retention }),
    ...(drainedAt && { drainedAt }),
    ...(limits && { limits }),
    services: footprintsFrom(services),
  };
}

/** The inverse of {@link recordedFrom}, for the stack's outputs. */
export const releaseOutput = ({ release, rules: _, services, ...recorded }: Recorded): ReleaseOutput => ({
  ...release,
  ...recorded,
  services: fingerprints(services),
});

/** Shares of each weighted rule by service, from the rules themselves. */
function weights(resources: readonly StateResource[]): Record<string, Shares> {
  const colourOf = new Map<unknown, Colour>();
  for (const { type, outputs } of resources) {
    const colour = COLOURS.find((name) => name === (outputs["tags"] as Tagged)?.["sluice:colour"]);
    if (type === TARGET_GROUP && colour) colourOf.set(outputs["arn"], colour);
  }
  const rules: Record<string, Shares> = {};
  for (const { type, outputs } of resources) {
    const tags = outputs["tags"] as Tagged;
    const service = tags?.["sluice:service"];
    if (type !== RULE || tags?.["sluice:role"] !== "weighted" || service === undefined) continue;
    const weights = { blue: 0, green: 0 };
    for (const group of (outputs["actions"] as Forward)?.[0]?.forward?.targetGroups ?? []) {
      const colour = colourOf.get(group.arn);
      if (colour) weights[colour] = group.weight;
    }
    rules[service] = sharesOfWeights(weights);
  }
  return rules;
}

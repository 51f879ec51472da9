import type { Evolved } from "./evolution";
import { type Fingerprints, fingerprints, footprintsFrom } from "./footprint";
import type { Schema } from "./migration";
import { COLOURS, type Colour, type Recorded, type Shares, type Trusted } from "./release";
import { named, withServices } from "./serviceLists";
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
const JOB = "kubernetes:batch/v1:Job";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";

/** The annotation of a Job that says, as JSON, what schema it leaves behind: an {@link Evolved}. */
export const SCHEMA_ANNOTATION = "sluice/schema";

type Tagged = Readonly<Record<string, string>> | undefined;
type Forward = { forward?: { targetGroups?: { arn: string; weight: number }[] } }[] | undefined;

interface JobOutputs {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly completionTime?: string;
    readonly conditions?: readonly { readonly type?: string; readonly status?: string }[];
  };
}

/**
 * What the stack's state last recorded. Outputs lag behind after a half-failed update, so each rule's
 * weights are its own, and a schema is as the last completed Job left it.
 *
 * @returns undefined where no update has completed yet
 */
export function recordedFrom(resources: Iterable<StateResource>): Recorded | undefined {
  const all = [...resources];
  const output = all.find(({ type }) => type === STACK)?.outputs["release"] as ReleaseOutput | undefined;
  if (!output) return undefined;
  const { strategy, live, traffic, capacity, supersedes, blue, green, ...recorded } = output;
  const { services: lines, schema: told, trusted, ...rest } = recorded;
  const release = {
    ...{ strategy, live, traffic, blue, green },
    ...(capacity && { capacity }),
    ...(supersedes !== undefined && { supersedes }),
  };
  const services = footprintsFrom(lines);
  const schema = latest([...(told ? [told] : []), ...completed(all)]);
  return {
    ...rest,
    // Older states leave the default of a list to be looked up, and the stack's list may change since.
    release: withServices(release, services),
    rules: weights(all),
    trusted: withPredecessor(trusted, services),
    ...(schema && { schema }),
    services,
  };
}

/** The inverse of {@link recordedFrom}, for the stack's outputs. */
export const releaseOutput = ({ release, rules: _, services, ...recorded }: Recorded): ReleaseOutput => ({
  ...release,
  ...recorded,
  services: fingerprints(services),
});

const withPredecessor = (trusted: Trusted, services: Recorded["services"]): Trusted => {
  const { predecessor } = trusted;
  if (!predecessor) return trusted;
  return { ...trusted, predecessor: { ...predecessor, manifest: named(predecessor.manifest, services) } };
};

/** The schema of the latest time; the first of equals, which is the one that was told. */
const latest = (schemas: readonly Schema[]): Schema | undefined =>
  schemas.reduce<Schema | undefined>(
    (last, one) => (last && Date.parse(last.at) >= Date.parse(one.at) ? last : one),
    undefined,
  );

/** What each Job that has completed left behind: true also where the update failed after it. */
function completed(resources: readonly StateResource[]): Schema[] {
  return resources.flatMap(({ type, outputs }) => {
    const { metadata, status } = outputs as JobOutputs;
    const left = metadata?.annotations?.[SCHEMA_ANNOTATION];
    const done = status?.conditions?.some((one) => one.type === "Complete" && one.status === "True");
    if (type !== JOB || left === undefined || !done || status?.completionTime === undefined) return [];
    return [{ ...(JSON.parse(left) as Evolved), at: status.completionTime }];
  });
}

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

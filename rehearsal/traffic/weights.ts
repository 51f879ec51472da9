import { COLOURS, type Colour } from "../../model/release";
import { type Forward, LISTENER_RULE, TARGET_GROUP, forwardOf, ruleOf } from "../cloud/balancer/resources";
import type { Held } from "../cloud/world";

/** Shares of new users by colour, in percent: not whole where services differ. */
export type Configured = Readonly<Record<Colour, number>>;

/** A resource's tags, under the name that its provider has for them. */
const tagsOf = ({ properties: { tags, tagsAll } }: Held) => (tagsAll ?? tags ?? {}) as Record<string, string>;

/** A rule that shares a service's users between its colours. */
export interface WeightedRule {
  readonly arn: string;
  readonly groups: readonly {
    readonly arn: string;
    readonly weight: number;
    readonly colour: Colour | undefined;
  }[];
  readonly stickiness: Forward["stickiness"];
}

/** The weighted rules among what a cloud holds. @param held listener rules and target groups, others are passed over */
export function weightedRules(held: readonly Held[]): WeightedRule[] {
  const colours = new Map(
    held
      .filter(({ type }) => type === TARGET_GROUP)
      .map((group) => [group.id, COLOURS.find((colour) => colour === tagsOf(group)["sluice:colour"])]),
  );
  return held
    .filter((one) => one.type === LISTENER_RULE && tagsOf(one)["sluice:role"] === "weighted")
    .map((one) => {
      const forwards = ruleOf(one).actions.flatMap((action) => forwardOf(action) ?? []);
      const groups = forwards.flatMap(({ targetGroups }) => targetGroups);
      return {
        arn: one.id,
        groups: groups.map(({ arn, weight = 1 }) => ({ arn, weight, colour: colours.get(arn) })),
        stickiness: forwards[0]?.stickiness,
      };
    });
}

/**
 * Green's and blue's shares as the weighted rules have them: the mean over the rules, since users are spread over
 * the services evenly. While an update moves one rule after another it lies between. Undefined where no rule has
 * weights.
 */
export function configuredShares(held: readonly Held[]): Configured | undefined {
  const rules = weightedRules(held).flatMap(({ groups }) => {
    const weight = (colour?: Colour) =>
      groups
        .filter((group) => colour === undefined || group.colour === colour)
        .reduce((sum, { weight }) => sum + weight, 0);
    return weight() === 0 ? [] : [COLOURS.map((colour) => (100 * weight(colour)) / weight())];
  });
  if (rules.length === 0) return undefined;
  const [blue, green] = [0, 1].map((at) => {
    const mean = rules.reduce((sum, shares) => sum + (shares[at] ?? 0), 0) / rules.length;
    return Math.round(100 * mean) / 100;
  }) as [number, number];
  return { blue, green };
}

/** A cloud that is busy for longer than this has no answer, in milliseconds. */
const PATIENCE = 2_000;

/** Asks a local cloud for {@link configuredShares}. @throws Error where it does not answer */
export const askShares = async (endpoint: string): Promise<Configured | undefined> =>
  configuredShares(await askHeld(endpoint));

/** Asks a local cloud for its {@link weightedRules}. @throws Error where it does not answer */
export const askRules = async (endpoint: string): Promise<WeightedRule[]> =>
  weightedRules(await askHeld(endpoint));

async function askHeld(endpoint: string): Promise<Held[]> {
  const held = await Promise.all(
    [LISTENER_RULE, TARGET_GROUP].map(async (type) => {
      const url = `${endpoint}/_local/world?type=${encodeURIComponent(type)}`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
      return (await answer.json()) as Held[];
    }),
  );
  return held.flat();
}

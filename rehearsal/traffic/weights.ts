import { COLOURS, type Colour } from "../../model/release";
import { LISTENER_RULE, TARGET_GROUP, forwardOf, ruleOf } from "../cloud/balancer/resources";
import type { Held } from "../cloud/world";

/** Shares of new users by colour, in percent: not whole where services differ. */
export type Configured = Readonly<Record<Colour, number>>;

/** A resource's tags, under the name that its provider has for them. */
const tagsOf = ({ properties: { tags, tagsAll } }: Held) => (tagsAll ?? tags ?? {}) as Record<string, string>;

/**
 * Green's and blue's shares as the weighted rules have them: the mean over the rules, since users are spread over
 * the services evenly. While an update moves one rule after another it lies between. Undefined where no rule has
 * weights.
 *
 * @param held listener rules and target groups, others beside them are passed over
 */
export function configuredShares(held: readonly Held[]): Configured | undefined {
  const colours = new Map(
    held
      .filter(({ type }) => type === TARGET_GROUP)
      .map((group) => [group.id, tagsOf(group)["sluice:colour"]]),
  );
  const rules = held
    .filter((one) => one.type === LISTENER_RULE && tagsOf(one)["sluice:role"] === "weighted")
    .flatMap((one) => {
      const groups = ruleOf(one).actions.flatMap((action) => forwardOf(action)?.targetGroups ?? []);
      const weight = (colour?: Colour) =>
        groups
          .filter(({ arn }) => colour === undefined || colours.get(arn) === colour)
          .reduce((sum, { weight = 1 }) => sum + weight, 0);
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
export async function askShares(endpoint: string): Promise<Configured | undefined> {
  const held = await Promise.all(
    [LISTENER_RULE, TARGET_GROUP].map(async (type) => {
      const url = `${endpoint}/_local/world?type=${encodeURIComponent(type)}`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
      return (await answer.json()) as Held[];
    }),
  );
  return configuredShares(held.flat());
}

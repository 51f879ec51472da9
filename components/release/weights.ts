import { COLOURS, type Colour, type Shares } from "../../model/release";
import { sharesOfWeights } from "../../model/shares";

/** Name of each colour's target group: an ARN carries it, so colours are told apart without a lookup. */
export type TargetGroupNames = Readonly<Record<Colour, string>>;

/** Inputs of a resource, as a hook gets them. */
export type Inputs = Readonly<Record<string, unknown>> | undefined;

/** One target group of a forward; its ARN is text once it is known. */
interface Group {
  readonly arn?: unknown;
  readonly weight?: number;
}

interface ForwardInputs {
  readonly actions?: readonly { readonly forward?: { readonly targetGroups?: readonly Group[] } }[];
}

const groupsIn = (inputs: Inputs): readonly Group[] =>
  ((inputs ?? {}) as ForwardInputs).actions?.flatMap((action) => action.forward?.targetGroups ?? []) ?? [];

const nameIn = (arn: unknown): string | undefined =>
  typeof arn === "string" ? /:targetgroup\/([^/]+)\//.exec(arn)?.[1] : undefined;

/**
 * A colour's target group. In a preview its ARN may not be known yet; then its place tells, for a weighted
 * rule names both in the order of the colours.
 */
function groupOf(groups: readonly Group[], colour: Colour, names: TargetGroupNames): Group | undefined {
  const placed = groups[COLOURS.indexOf(colour)];
  const unknown = typeof placed?.arn === "string" ? undefined : placed;
  return groups.find(({ arn }) => nameIn(arn) === names[colour]) ?? unknown;
}

const sharesAmong = (groups: readonly Group[], names: TargetGroupNames): Shares => {
  const weight = (colour: Colour) => groupOf(groups, colour, names)?.weight ?? 0;
  return sharesOfWeights({ blue: weight("blue"), green: weight("green") });
};

/** Shares that a rule's inputs give; both 0 where there is no rule. */
export const sharesIn = (inputs: Inputs, names: TargetGroupNames): Shares =>
  sharesAmong(groupsIn(inputs), names);

/** Shares that weights by target group ARN give, as the load balancer tells them; both 0 where there are none. */
export const sharesLive = (weights: Readonly<Record<string, number>>, names: TargetGroupNames): Shares =>
  sharesAmong(
    Object.entries(weights).map(([arn, weight]) => ({ arn, weight })),
    names,
  );

/** Names of the target groups that have a weight at the load balancer and are not in the inputs. */
export function strangersIn(weights: Readonly<Record<string, number>>, inputs: Inputs): string[] {
  const known = groupsIn(inputs).map(({ arn }) => arn);
  return Object.entries(weights)
    .filter(([arn, weight]) => weight > 0 && !known.includes(arn))
    .map(([arn]) => nameIn(arn) ?? arn);
}

/** ARN of a colour's target group; undefined where it is not known yet. */
export function targetGroupArn(inputs: Inputs, colour: Colour, names: TargetGroupNames): string | undefined {
  const arn = groupOf(groupsIn(inputs), colour, names)?.arn;
  return typeof arn === "string" ? arn : undefined;
}

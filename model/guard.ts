import { type Fence, judgeFence } from "./guardFence";
import { type Measured, metricObjections } from "./guardMetrics";
import type { Objection, Unseen } from "./guardObjection";
import { type Serving, type Sizing, targetObjections } from "./guardTargets";
import { type Shares, otherColour } from "./release";
import { list } from "./rules/wording";

export { type Fence, judgeFence, parseFence } from "./guardFence";
export { demandOf, neededFor, targetsNeeded } from "./guardTargets";

/** The whole of a rise, which a guard is asked about in the moment before it happens. */
export interface Rise extends Sizing {
  readonly service: string;
  /** Of its pods, in the cluster. */
  readonly namespace: string;
  readonly version: string;
  /** The other colour's share before, in percent. */
  readonly otherFrom: number;
  /** Name of the parameter that fences a version off. */
  readonly fence: string;
  /** Requests that the colour must have answered with the share that it has. 0: its metrics are not asked. */
  readonly samples: number;
}

/** A rule as the load balancer has it. */
export interface RuleSeen {
  /** In percent of the two colours' weights. */
  readonly shares: Shares;
  /** Names of target groups with a weight that the state knows nothing of. */
  readonly strangers: readonly string[];
}

/** What the world looked like when it was asked. */
export interface Observation {
  /** Absent: the rule is being created, or could not be seen. `gone`: it is not there. */
  readonly rule?: RuleSeen | "gone";
  /** Absent: they could not be seen. */
  readonly targets?: Serving;
  /** Absent: there is none, or it could not be seen. */
  readonly fence?: Fence;
  /** Absent: they were not asked for, or could not be seen. */
  readonly metrics?: Measured;
  /** What could not be seen. Default: nothing. */
  readonly unseen?: readonly Unseen[];
}

/** Everything that speaks against the rise now; empty where it may happen. */
export const objections = (rise: Rise, observed: Observation): Objection[] => [
  ...(observed.targets ? targetObjections(rise, observed.targets) : []),
  ...standing(rise, observed).map((why): Objection => ({ kind: "standing", why })),
  ...(observed.metrics ? metricObjections(observed.metrics, rise.samples) : []),
  ...blind([...(observed.unseen ?? []), ...missing(rise, observed)]),
];

/** Whether the colour's metrics are asked: one that has no share yet has answered nobody. */
export const asksMetrics = ({ from, samples }: Pick<Rise, "from" | "samples">): boolean =>
  from > 0 && samples > 0;

/** What must have been looked at and was not: nobody gets a share because somebody forgot to look. */
const missing = (rise: Rise, { targets, metrics, unseen = [] }: Observation): Unseen[] =>
  [
    ...(targets ? [] : ["healthy targets" as const]),
    ...(metrics || !asksMetrics(rise) ? [] : ["metrics" as const]),
  ]
    .filter((what) => !unseen.some((one) => one.what === what))
    .map((what) => ({ what, why: "nobody looked" }));

/** What only somebody's deed mends. */
const standing = (rise: Rise, { rule, fence }: Observation): string[] => [
  ...(rule ? movedByHand(rise, rule) : []),
  ...judgeFence(rise.version, fence, rise.fence),
];

/**
 * The load balancer's own shares are compared with the recorded ones because somebody who moved them by hand has
 * taken a decision that this update knows nothing of: from a share that was lowered, a permitted step is a jump; and
 * where both are 0 all users may have been sent elsewhere for a while.
 */
function movedByHand({ service, colour, from, otherFrom }: Rise, rule: RuleSeen | "gone"): string[] {
  const together = "Bring state and load balancer together first: pulumi refresh";
  if (rule === "gone")
    return [`the load balancer has no rule for ${service}: somebody deleted it. ${together}`];
  const { shares, strangers } = rule;
  if (strangers.length > 0) {
    return [`${service} is forwarded to ${list(strangers)} as well: somebody added that. ${together}`];
  }
  const other = otherColour(colour);
  const moved = [
    { name: colour, live: shares[colour], state: from },
    { name: other, live: shares[other], state: otherFrom },
  ].find(({ live, state }) => live !== state);
  if (!moved) return [];
  const { name, live, state } = moved;
  return [
    `${service} ${name} has ${live} % at the load balancer and ${state} % in state: somebody ` +
      `${live > state ? "raised" : "lowered"} it. ${together}`,
  ];
}

/** What could not be seen, once for each reason: without credentials everything fails by the same one. */
function blind(unseen: readonly Unseen[]): Objection[] {
  const reasons = [...new Set(unseen.map(({ why }) => why))];
  return reasons.map((reason) => {
    const what = list(unseen.filter(({ why }) => why === reason).map((one) => one.what));
    return { kind: "unseen", why: `${what} could not be observed (${reason})` };
  });
}

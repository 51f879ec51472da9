import { capacityFor, partOf } from "./capacity";
import type { Objection } from "./guardObjection";
import type { Targets } from "./live";
import { type Colour, otherColour } from "./release";
import { set } from "./schema/faults";

/** What a rise of a colour's share at one rule needs targets for. */
export interface Sizing {
  readonly colour: Colour;
  /** Share before and after, in percent. */
  readonly from: number;
  readonly to: number;
  /** Pods that the colour has when it serves everything. */
  readonly replicas: number;
  /** The least number of pods of either colour: below it an autoscaler does not go, whatever the load. */
  readonly floors: Readonly<Record<Colour, number>>;
}

/** Targets of the colour's target group. */
export interface Serving extends Targets {
  /** Healthy ones of the other colour, where it has a share of the rule. */
  readonly other?: number;
}

/** What is kept above the demand of the moment, in percent of it: demand moves while a rule does. */
const HEADROOM = 10;

/** Healthy targets that a share needs: its part of full size, and one at least. */
export const targetsNeeded = (share: number, replicas: number): number => partOf(replicas, share);

/**
 * Pods that all of the service's traffic takes at the moment, where that can be told.
 *
 * It can where a colour has more pods than its floor: its load has made them. Pods up to the floor are there
 * with or without load, and those of a colour without a share serve nobody. What the pods of both colours
 * carry is not above their sum; and what the other colour's carry is its share of the whole.
 *
 * @returns undefined where both colours are at their floors, so that full size is the only measure
 */
export function demandOf(rise: Sizing, { healthy, other = 0 }: Serving): number | undefined {
  const { colour, from, floors } = rise;
  const share = 100 - from;
  const [mine, theirs] = [from > 0 ? healthy : 0, share > 0 ? other : 0];
  const loaded = theirs > floors[otherColour(colour)];
  if (!loaded && mine <= floors[colour]) return undefined;
  const sum = mine + theirs;
  return loaded ? Math.min(sum, (100 * theirs) / share) : sum;
}

/** Healthy targets that a rise needs: for its part of full size, and for its part of the present demand. */
export function neededFor(rise: Sizing, serving: Serving): number {
  const demand = demandOf(rise, serving);
  const planned = targetsNeeded(rise.to, rise.replicas);
  if (demand === undefined) return planned;
  // Whole pods: what rounding of fractions leaves over must not ask for another one.
  const wanted = (rise.to * demand * (100 + HEADROOM)) / 10_000;
  return Math.max(planned, Math.ceil(Number(wanted.toFixed(6))));
}

/**
 * Too few healthy targets for a rise. They come where the colour's floor asks for as many as it needs: they are on
 * their way while too few are even registered, and failing where they are there.
 *
 * @param service the pods' label, in this namespace of the cluster
 */
export function targetObjections(
  rise: Sizing & { readonly service: string; readonly namespace: string },
  serving: Serving,
): Objection[] {
  const { service, namespace, colour, to, replicas, floors } = rise;
  const needed = neededFor(rise, serving);
  const { healthy, registered } = serving;
  if (healthy >= needed) return [];
  const planned = targetsNeeded(to, replicas);
  const load = needed > planned ? ` for the load of the moment and ${HEADROOM} % above it` : "";
  const found = `${healthy} healthy targets for ${service} ${colour}; ${to} % needs ${needed}${load}`;
  if (needed > floors[colour]) {
    const raised = set(["release", "capacity", colour], capacityFor(needed, { replicas }));
    return [{ kind: "standing", why: `${found}. Raise its capacity in an update of its own: ${raised}` }];
  }
  const pods = `kubectl get pods -n ${namespace} -l app=${service},colour=${colour}`;
  return [
    {
      kind: registered < needed ? "coming" : "failing",
      why: `${found}. Wait until its pods are ready, or look at them: ${pods}`,
      progress: `${needed} healthy targets, ${healthy} so far`,
    },
  ];
}

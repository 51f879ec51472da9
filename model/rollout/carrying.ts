import { capacityFor, capacityOf, mostCapacity } from "../capacity";
import { type Sizing, neededFor } from "../guardTargets";
import { knownOf } from "../known";
import type { LiveRule } from "../live";
import { COLOURS, type Colour, type Release, otherColour } from "../release";
import type { Obstacle } from "./action";
import type { Scene } from "./situation";

/** What a colour lacks for a share. */
export interface Carrying {
  /** Capacity of both colours with which it would have enough pods; absent where it is not to be raised. */
  readonly raise?: NonNullable<Release["capacity"]>;
  /** What is on its way, or cannot be. */
  readonly lacks: readonly Obstacle[];
  /** What could not be seen. */
  readonly unseen: readonly Obstacle[];
}

/** The most that settings permit whatever the services, in percent of full size. */
const MOST = 1_000;

/** The most that a colour may be raised to: settings refuse a floor above what an autoscaler may make of a service. */
const mostOf = ({ asked }: Scene): number =>
  Math.min(MOST, ...Object.values(asked.services).map((service) => mostCapacity(service)));

/** Capacity is raised in tens of percent, so that load that grows a little does not ask for another update. */
const ROUND = 10;

/** Whether a colour has the pods, at the load of the moment, for a share of each rule where its share would rise. */
export function carrying(scene: Scene, rules: readonly LiveRule[], colour: Colour, share: number): Carrying {
  const { release } = scene.state;
  const needs = rules
    .filter(({ shares }) => shares[colour] < share)
    .map((rule) => need(scene, rule, colour, share));
  const before = capacityOf(release, colour);
  // T2 asks for as much capacity as share, whatever the load.
  const wanted = Math.max(share, ...needs.map(({ capacity = 0 }) => capacity));
  const rounded = Math.min(mostOf(scene), Math.ceil(wanted / ROUND) * ROUND);
  const other = otherColour(colour);
  const raised = { [colour]: rounded, [other]: capacityOf(release, other) };
  return {
    ...(wanted > before && rounded > before && { raise: raised }),
    lacks: needs.flatMap(({ lack }) => lack ?? []),
    unseen: needs.flatMap(({ unseen }) => unseen ?? []),
  };
}

interface Need {
  /** In percent of full size, where the floor is below what is needed. */
  readonly capacity?: number;
  readonly lack?: Obstacle;
  readonly unseen?: Obstacle;
}

function need(scene: Scene, { service, shares }: LiveRule, colour: Colour, share: number): Need {
  const { state, targets } = scene;
  const size = knownOf(state).sizes[service];
  const seen = targets[service] ?? {};
  const missing = COLOURS.filter((name) => (name === colour || shares[name] > 0) && !seen[name]);
  const mine = seen[colour];
  if (!size || !mine || missing.length > 0) {
    const what = size ? `targets of ${service} ${missing.join(" and ")}` : `the size of ${service}`;
    return { unseen: { code: "unobserved", text: `${what} could not be observed`, awaits: "look" } };
  }
  const sizing: Sizing = { colour, from: shares[colour], to: share, ...size };
  const other = seen[otherColour(colour)];
  const needed = neededFor(sizing, { ...mine, ...(other && { other: other.healthy }) });
  if (mine.healthy >= needed) return {};
  const capacity = needed > size.floors[colour] ? capacityFor(needed, size) : undefined;
  const isPossible = capacity === undefined || capacity <= mostOf(scene);
  return {
    ...(capacity !== undefined && { capacity }),
    lack: {
      code: "targets",
      text: `${service} ${colour} has ${mine.healthy} healthy targets; ${share} % needs ${needed}`,
      awaits: isPossible ? "targets" : "person",
    },
  };
}

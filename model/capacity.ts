import { quantity } from "./quantity";
import type { Colour, Release } from "./release";
import type { Kind, ServiceSettings } from "./services";

/** What the number of a service's pods depends on; an older state does not know the kind. */
export interface Sized {
  readonly kind?: Kind;
  /** Pods of one colour at full size. */
  readonly replicas: number;
}

/** The least size of a colour, in percent of its full one. */
export const capacityOf = (release: Pick<Release, "capacity">, colour: Colour): number =>
  release.capacity?.[colour] ?? 100;

/**
 * The least number of a service's pods in one colour: what its autoscaler starts from and comes back to.
 *
 * @param capacity in percent of full size
 */
export const floorOf = ({ kind, replicas }: Sized, capacity: number): number =>
  kind === "singleton" ? 1 : partOf(replicas, capacity);

/** So many percent of some pods, rounded up, and one at least. */
export const partOf = (replicas: number, percent: number): number =>
  Math.max(1, Math.ceil((percent * replicas) / 100));

/** The least capacity, in percent, at which a colour has so many pods of a service. */
export const capacityFor = (pods: number, { replicas }: Sized): number =>
  Math.floor((100 * (pods - 1)) / replicas) + 1;

/** The greatest capacity, in percent, whose floor an autoscaler can keep; Infinity where it has no limit. */
export const mostCapacity = ({
  kind,
  replicas,
  maxReplicas,
}: Sized & { readonly maxReplicas?: number }): number =>
  kind === "singleton" || maxReplicas === undefined ? Infinity : Math.floor((100 * maxReplicas) / replicas);

/** Processors that the services ask of the nodes, in whole ones and parts. */
export interface Processors {
  /** One colour at full size, which is what serves without a release and without load. */
  readonly least: number;
  /** Both colours with all the pods they may have, each Deployment replacing one of them. */
  readonly most: number;
}

/**
 * Between which numbers of processors the nodes must be able to give.
 *
 * @param beside what runs beside the services asks for, whatever their load
 */
export const processorsNeeded = (
  services: Readonly<Record<string, ServiceSettings>>,
  beside = 0,
): Processors =>
  Object.values(services).reduce(
    ({ least, most }, service) => ({
      least: least + floorOf(service, 100) * quantity(service.cpu),
      most: most + 2 * mostPods(service) * quantity(service.cpu),
    }),
    { least: beside, most: beside },
  );

/** A singleton is recreated without a second one beside it; the others surge by one pod. */
const mostPods = ({ kind, maxReplicas }: ServiceSettings): number =>
  kind === "singleton" ? 1 : maxReplicas + 1;

/** Part of a node's processors that is left for services: the kubelet and what runs on every node take the rest. */
const USABLE = 0.85;

/**
 * Nodes that carry so many processors.
 *
 * @param processors of all pods together
 * @param nodeProcessors of one node
 */
export const nodesNeeded = (processors: number, nodeProcessors: number): number =>
  Math.ceil(processors / (nodeProcessors * USABLE));

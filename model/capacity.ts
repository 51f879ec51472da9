import { quantity } from "./quantity";
import type { ServiceSettings } from "./services";

/** Part of a node's processors that is left for services: the kubelet and what runs on every node take the rest. */
const USABLE = 0.85;

/** Processors that every service asks for when both colours run at full size, as they do in a release. */
export const processorsNeeded = (services: Readonly<Record<string, ServiceSettings>>): number =>
  2 * Object.values(services).reduce((sum, { replicas, cpu }) => sum + replicas * quantity(cpu), 0);

/**
 * Nodes that carry so many processors.
 *
 * @param processors of all pods together
 * @param nodeProcessors of one node
 */
export const nodesNeeded = (processors: number, nodeProcessors: number): number =>
  Math.ceil(processors / (nodeProcessors * USABLE));

import { nodesNeeded } from "./capacity";
import type { Environment } from "./environments";

/** The nodes of an environment's cluster. */
export interface NodeSettings {
  /** EC2 instance type. */
  readonly instanceType: string;
  /** Processors of one node. */
  readonly processors: number;
  /** Nodes there are at least: one a zone. */
  readonly least: number;
  /** Root volume of a node, in GiB: images of both colours, logs, and what pods throw away. */
  readonly diskGb: number;
}

/** Nodes by environment. */
export const NODES: Readonly<Record<Environment, NodeSettings>> = {
  dev: { instanceType: "m6i.xlarge", processors: 4, least: 2, diskGb: 50 },
  staging: { instanceType: "m6i.2xlarge", processors: 8, least: 3, diskGb: 50 },
  prod: { instanceType: "m6i.4xlarge", processors: 16, least: 3, diskGb: 100 },
};

/** Zones and ways out by environment. */
export interface ZoneSettings {
  /** EKS needs two; a production quorum survives the loss of one of three. */
  readonly zones: number;
  /** One NAT gateway is a single point of failure, and a third of the price of three. */
  readonly natGateways: number;
}

/** Zones by environment. */
export const ZONES: Readonly<Record<Environment, ZoneSettings>> = {
  dev: { zones: 2, natGateways: 1 },
  staging: { zones: 3, natGateways: 1 },
  prod: { zones: 3, natGateways: 3 },
};

/** Nodes that carry so many processors in an environment. */
export const nodesFor = (environment: Environment, processors: number): number =>
  Math.max(NODES[environment].least, nodesNeeded(processors, NODES[environment].processors));

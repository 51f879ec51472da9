import { CLUSTER } from "./cluster";
import { DATA } from "./data";
import { ELB } from "./elb";
import type { Exception } from "./exception";
import { NETWORK } from "./network";
import { PLATFORM } from "./platform";

/** What was put right by hand. */
export const EXCEPTIONS: readonly Exception[] = [...ELB, ...NETWORK, ...CLUSTER, ...DATA, ...PLATFORM];

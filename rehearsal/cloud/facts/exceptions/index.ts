import { CLUSTER } from "./cluster";
import { DATA } from "./data";
import { ELB } from "./elb";
import type { Exception } from "./exception";
import { NETWORK } from "./network";
import { OPERATIONS } from "./operations";
import { PLATFORM } from "./platform";

/** What was put right by hand. */
export const EXCEPTIONS: readonly Exception[] = [
  ...ELB,
  ...NETWORK,
  ...CLUSTER,
  ...DATA,
  ...PLATFORM,
  ...OPERATIONS,
];

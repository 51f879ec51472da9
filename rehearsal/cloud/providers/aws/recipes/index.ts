import type { Recipe } from "../recipe";
import { CACHE } from "./cache";
import { DATA } from "./data";
import { BUILDS } from "./builds";
import { DELIVERY } from "./delivery";
import { EC2 } from "./ec2";
import { EDGE } from "./edge";
import { EKS } from "./eks";
import { ELB } from "./elb";
import { IAM } from "./iam";
import { GOVERNANCE } from "./governance";
import { OBSERVABILITY } from "./observability";
import { SECRETS } from "./secrets";
import { STORAGE } from "./storage";
import { SECURITY_GROUPS } from "./security-groups";
import { PLATFORM } from "./platform";

/** How AWS makes, names and words each type. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  ...EC2,
  ...SECURITY_GROUPS,
  ...ELB,
  ...EKS,
  ...IAM,
  ...DATA,
  ...CACHE,
  ...PLATFORM,
  ...EDGE,
  ...DELIVERY,
  ...STORAGE,
  ...SECRETS,
  ...OBSERVABILITY,
  ...BUILDS,
  ...GOVERNANCE,
};

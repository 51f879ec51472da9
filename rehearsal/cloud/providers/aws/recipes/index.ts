import type { Recipe } from "../recipe";
import { DATA } from "./data";
import { EC2 } from "./ec2";
import { EDGE } from "./edge";
import { EKS } from "./eks";
import { ELB } from "./elb";
import { IAM } from "./iam";
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
  ...PLATFORM,
  ...EDGE,
};

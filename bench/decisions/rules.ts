import { argo } from "./argo";
import { flagger } from "./flagger";
import type { Rule } from "./rule";
import { sluice } from "./sluice";

/** All rules that are compared, ours first. */
export const RULES: readonly Rule[] = [sluice, flagger, argo];

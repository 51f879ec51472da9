import type { Rule } from "../rule";
import { s6 } from "./s6-weights";
import { t1 } from "./t1-step";
import { t2 } from "./t2-target";
import { t3 } from "./t3-migrated";
import { t4 } from "./t4-unchanged";
import { t5 } from "./t5-bake";
import { t6 } from "./t6-retained";
import { t7 } from "./t7-schema";

/** Every rule about transitions, in the order in which violations are told. */
export const RULES: readonly Rule[] = [s6, t1, t2, t3, t4, t5, t6, t7];

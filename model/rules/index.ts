import type { Rule } from "../rule";
import { s6 } from "./s6-weights";
import { t1 } from "./t1-step";
import { t2 } from "./t2-target";
import { t3 } from "./t3-migrated";
import { t4 } from "./t4-unchanged";
import { t5 } from "./t5-bake";
import { t6 } from "./t6-retained";
import { t7 } from "./t7-schema";
import { t8 } from "./t8-platform";
import { t9 } from "./t9-baked";
import { t10 } from "./t10-freeze";
import { t11 } from "./t11-exposure";
import { t12 } from "./t12-retry";
import { t13 } from "./t13-superseded";
import { t14 } from "./t14-data";
import { t15 } from "./t15-providers";

/** Every rule about transitions, in the order in which violations are told. */
export const RULES: readonly Rule[] = [s6, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15];

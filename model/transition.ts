/** What a transition is, whether it may be, and what it leaves behind. */
export { classify } from "./classify";
export { candidate, isRetreat, isRise, rises } from "./movement";
export { next } from "./next";
export type { Rule, Transition, Violation } from "./rule";
export { coldColour, isDraining, isTrusted, retentionPhase, trustedColours } from "./trust";
export { type Overridden, type Verdict, judge, verdict } from "./verdict";

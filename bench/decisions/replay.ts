import type { Rule } from "./rule";
import type { Scenario } from "./scenario";
import { BINS, type Series } from "./series";

/** How one canary ended under one rule. */
export interface Outcome {
  /** `held`: neither, when it was followed no longer. */
  readonly ended: "rolled back" | "the end" | "held";
  /** When, in minutes. */
  readonly minute: number;
  /**
   * Requests that the candidate answered until it was rolled back. Where it never was, until the scenario's end:
   * all of them once the rule is done and the candidate has all traffic.
   */
  readonly exposed: number;
}

/** Replays a canary's series through a rule. */
export function replay(rule: Rule, { minutes }: Scenario, series: Series): Outcome {
  const follower = rule.follow();
  let { share } = follower;
  let exposed = 0;
  for (let minute = 1; minute <= minutes; minute += 1) {
    const bins = Array.from({ length: BINS }, (_, bin) => series.bin((minute - 1) * BINS + bin, share));
    for (const { candidate } of bins) exposed += candidate.requests;
    const move = follower.look(minute, bins);
    if (move.to === "rolled back") return { ended: move.to, minute, exposed };
    if (move.to === "the end") {
      const rest = series.arrivals.slice(minute * BINS);
      return { ended: move.to, minute, exposed: rest.reduce((total, requests) => total + requests, exposed) };
    }
    ({ share } = move);
  }
  return { ended: "held", minute: minutes, exposed };
}

import { binomial } from "../../../bench/decisions/chance";
import type { Block } from "../../../model/analysis/evidence";

/** One colour's minute. */
export interface Minute {
  readonly requests: number;
  /** 0–1. */
  readonly rate: number;
}

/** Minutes of a canary, drawn one after the other. */
export function canary(candidate: Minute, live: Minute, minutes: number): (random: () => number) => Block[] {
  const drawn = ({ requests, rate }: Minute, random: () => number) => ({
    requests,
    bad: binomial(requests, rate, random()),
  });
  return (random) =>
    Array.from({ length: minutes }, () => ({
      candidate: drawn(candidate, random),
      live: drawn(live, random),
    }));
}

import type { Condition, Look, Observation, Signal } from "../../model/analysis/observation";
import type { Sample } from "../../model/analysis/samples";
import type { Colour } from "../../model/release";
import { sum } from "./rule";
import type { Answered, Bin } from "./series";

/** When every canary begins; nothing depends on it. */
const BEGIN = Date.parse("2026-01-01T00:00:00.000Z");

/** ISO time so many minutes after the beginning. */
export const timeOf = (minute: number): string => new Date(BEGIN + 60_000 * minute).toISOString();

/** Pods and targets as they should be: no rule is replayed on anything but requests. */
const WELL: Omit<Condition, "at"> = {
  failedChecks: 0,
  restarts: 0,
  unreadySeconds: 0,
  unavailableSeconds: 0,
};

/** A colour's running totals: a look at the end of each minute in which it had requests, as metrics give them. */
export class Totals {
  readonly looks: Look[] = [{ at: timeOf(0), requests: 0, errors: 0, slow: 0 }];
  /** The same, as analysis reads them. */
  readonly samples: Readonly<Record<Signal, [Sample, ...Sample[]]>> = {
    errors: [{ at: 0, requests: 0, bad: 0 }],
    slow: [{ at: 0, requests: 0, bad: 0 }],
  };

  add(minute: number, answers: Answered): void {
    if (answers.requests === 0) return;
    const last = this.looks.at(-1);
    const requests = (last?.requests ?? 0) + answers.requests;
    const errors = (last?.errors ?? 0) + answers.errors;
    const slow = (last?.slow ?? 0) + answers.slow;
    this.looks.push({ at: timeOf(minute), requests, errors, slow });
    this.samples.errors.push({ at: 60 * minute, requests, bad: errors });
    this.samples.slow.push({ at: 60 * minute, requests, bad: slow });
  }
}

/** All that was seen of a canary. */
export class Log {
  readonly candidate = new Totals();
  readonly live = new Totals();

  add(minute: number, bins: readonly Bin[]): void {
    this.candidate.add(minute, answered(bins, "candidate"));
    this.live.add(minute, answered(bins, "live"));
  }

  /** @param idle minute since which live's share is 0; absent where it has a share */
  observations(
    minute: number,
    idle: number | undefined,
  ): { readonly candidate: Observation; readonly live: Observation } {
    const seen = (colour: Colour, { looks }: Totals): Observation => ({
      service: "api-gateway",
      colour,
      looks,
      condition: { ...WELL, at: timeOf(minute) },
    });
    return {
      candidate: seen("green", this.candidate),
      live: { ...seen("blue", this.live), ...(idle !== undefined && { idleSince: timeOf(idle) }) },
    };
  }
}

/** What a colour answered in all of some bins. */
export const answered = (bins: readonly Bin[], who: keyof Bin): Answered => ({
  requests: sum(bins, (bin) => bin[who].requests),
  errors: sum(bins, (bin) => bin[who].errors),
  slow: sum(bins, (bin) => bin[who].slow),
});

import { setTimeout as pause } from "node:timers/promises";
import { machineTime } from "../../cloud/clock";
import { COLOURS, type Colour } from "../../model/release";
import { type ByColour, type Outcome, percentile95 } from "../traffic/counts";
import type { Traffic } from "../traffic/traffic";
import type { Configured } from "../traffic/weights";

/** What users saw in about a second, in which the load balancer's rules stayed as they were. */
export interface Sample {
  /** ISO time of its end. */
  readonly at: string;
  /** The same in seconds from the rehearsal's beginning. */
  readonly seconds: number;
  /** How long it is, in seconds. */
  readonly lasted: number;
  /** Shares of new users that the rules gave, in percent; absent where that could not be had. */
  readonly configured?: Configured;
  /** Requests that ended in it, by the colour that answered. */
  readonly requests: ByColour;
  /** Those of them that a user would call failed. */
  readonly failed: ByColour;
  /** Those of them that a new session began with. */
  readonly assigned: ByColour;
  /** Time in seconds that 95 in 100 of a colour's requests were no slower than; absent where it had none. */
  readonly p95: Partial<Readonly<Record<Colour, number>>>;
}

/** A rehearsal's time: seconds from its beginning, and as ISO. */
export interface RunClock {
  /** ISO time of the beginning. */
  readonly began: string;
  readonly seconds: () => number;
}

/** Starts a clock now. Its seconds go on evenly, whatever happens to the machine's own time. */
export function startClock(): RunClock {
  const began = performance.now();
  return { began: machineTime().toISOString(), seconds: () => rounded((performance.now() - began) / 1000) };
}

/** The time on the machine's clock of so many seconds. */
export const timeOf = ({ began }: Pick<RunClock, "began">, seconds: number): string =>
  new Date(Date.parse(began) + 1000 * seconds).toISOString();

/** Milliseconds are as exact as anything here is. */
const rounded = (seconds: number): number => Math.round(1000 * seconds) / 1000;

const none = (): ByColour => ({ blue: 0, green: 0, unknown: 0 });

/** Requests that ended since the last sample. */
export class Bucket {
  #requests = none();
  #failed = none();
  #assigned = none();
  #times: Record<Colour, number[]> = { blue: [], green: [] };

  add({ colour, failed, assigned, milliseconds }: Outcome): void {
    this.#requests[colour] += 1;
    if (failed) this.#failed[colour] += 1;
    if (assigned) this.#assigned[colour] += 1;
    if (colour !== "unknown") this.#times[colour].push(milliseconds);
  }

  /** What there was, and begins anew. */
  take(): Pick<Sample, "requests" | "failed" | "assigned" | "p95"> {
    const p95 = Object.fromEntries(
      COLOURS.flatMap((colour) => {
        const time = percentile95(this.#times[colour]);
        return time === undefined ? [] : [[colour, rounded(time / 1000)]];
      }),
    );
    const taken = { requests: this.#requests, failed: this.#failed, assigned: this.#assigned, p95 };
    [this.#requests, this.#failed, this.#assigned] = [none(), none(), none()];
    this.#times = { blue: [], green: [] };
    return taken;
  }
}

/** What samples are taken of, and how often. */
export interface Sampling {
  readonly traffic: Pick<Traffic, "observe">;
  /** The shares that the rules give now. Where it fails, the sample goes without. */
  readonly configured: () => Promise<Configured | undefined>;
  readonly clock: RunClock;
  /** Called with each sample once it is over. */
  readonly seen?: (sample: Sample) => void;
  /** Length of a sample in milliseconds. Default: 1000. */
  readonly every?: number;
  /** How often it is looked whether the rules have changed, in milliseconds: that ends a sample. Default: 200. */
  readonly look?: number;
}

/** Takes samples until the function that it returns is called, which gives them all. */
export function startSampling(sampling: Sampling): () => Promise<readonly Sample[]> {
  const { traffic, clock, every = 1000, look = 200 } = sampling;
  const samples: Sample[] = [];
  const bucket = new Bucket();
  const unobserve = traffic.observe((outcome) => bucket.add(outcome));
  const stop = new AbortController();
  // A function, because it can become true while something is awaited.
  const stopped = () => stop.signal.aborted;
  let from = clock.seconds();
  const end = (configured: Configured | undefined) => {
    const seconds = clock.seconds();
    const lasted = rounded(seconds - from);
    if (lasted === 0) return;
    from = seconds;
    const sample = {
      ...{ at: timeOf(clock, seconds), seconds, lasted },
      ...(configured && { configured }),
      ...bucket.take(),
    };
    samples.push(sample);
    sampling.seen?.(sample);
  };
  const run = async () => {
    const ask = () => sampling.configured().catch(() => undefined);
    let known = await ask();
    while (!stopped()) {
      await pause(look, undefined, { signal: stop.signal }).catch(() => undefined);
      const now = await ask();
      const moved = now?.green !== known?.green || now?.blue !== known?.blue;
      if (moved || stopped() || clock.seconds() - from >= every / 1000) end(known);
      known = now;
    }
  };
  const running = run();
  return async () => {
    stop.abort();
    await running;
    unobserve();
    return samples;
  };
}

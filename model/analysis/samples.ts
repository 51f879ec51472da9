import { DID, type Counts, type LimitSignal, type Look, type Observation, staleness } from "./observation";

/** Running totals of one signal, what we sent ourselves taken off. */
export interface Sample {
  /** Seconds since 1970. */
  readonly at: number;
  readonly requests: number;
  /** Of the requests, those that the signal counts. */
  readonly bad: number;
}

/** What a span of time added. */
export interface Tally {
  readonly requests: number;
  readonly bad: number;
}

/** Totals that can be judged by, or why there are none. */
export type Samples =
  { readonly samples: readonly [Sample, Sample, ...Sample[]] } | { readonly unseen: string };

/** What extrapolation by `increase()` may leave over, in requests. */
const SLACK = 1e-6;

/**
 * A signal's totals, fit to be judged by: fresh, and such as counters can be.
 *
 * A look without a number (absent, NaN, infinite) is none: where it is the newest, the data grow stale; in
 * between, the next look's totals cover its time. Totals that no counter could show are not judged by at all.
 */
export function samplesOf(observation: Observation, signal: LimitSignal, now: string): Samples {
  const { looks, missing = [] } = observation;
  const unseen = (why: string): Samples => ({
    unseen: `${observation.service} ${observation.colour}: ${why}`,
  });
  if (missing.length > 0) return unseen(`no answer about ${missing.join(", ")}`);
  const [first, second, ...others] = looks.flatMap((look) => sampleOf(look, signal));
  if (!first || !second) {
    const [begin, ...rest] = looks;
    return unseen(
      begin && rest.length === 0
        ? `no requests were seen since ${begin.at}`
        : `no two looks that say how many requests ${DID[signal]}`,
    );
  }
  const samples = [first, second, ...others] as const;
  const newest = new Date(1_000 * (others.at(-1) ?? second).at).toISOString();
  const why = impossible(samples) ?? staleness(newest, now);
  return why === undefined ? { samples } : unseen(`requests that ${DID[signal]}: ${why}`);
}

function sampleOf(look: Look, signal: LimitSignal): Sample[] {
  const at = Date.parse(look.at) / 1_000;
  const requests = own(look, "requests");
  const bad = own(look, signal);
  return [at, requests, bad].every(Number.isFinite) ? [{ at, requests, bad }] : [];
}

/** NaN where it is not known: so it is where ours are not, for they cannot be taken off. */
const own = (look: Look, key: keyof Counts): number =>
  (look[key] ?? Number.NaN) - (look.ours ? (look.ours[key] ?? Number.NaN) : 0);

function impossible(samples: readonly Sample[]): string | undefined {
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1] ?? { at: -Infinity, requests: 0, bad: 0 };
    const { requests, bad } = between(before, sample);
    const when = () => new Date(1_000 * sample.at).toISOString();
    if (sample.at <= before.at) return `looks out of order at ${when()}`;
    if (requests < -SLACK || bad < -SLACK) return `totals fell, or were below what we sent, at ${when()}`;
    if (bad > requests + SLACK) return `more of them than requests at ${when()}`;
  }
  return undefined;
}

/** What the time between two looks added. */
export const between = (before: Tally, after: Tally): Tally => ({
  requests: after.requests - before.requests,
  bad: after.bad - before.bad,
});

/** Part of the requests that is bad, 0–1; NaN of none. */
export const rateOf = ({ bad, requests }: Tally): number => bad / requests;

/** The last so many seconds, and what they added. */
export interface Window extends Tally {
  readonly seconds: number;
}

/**
 * The shortest window up to the newest look that is long enough and holds enough requests; all there is where
 * that is less. Little traffic thus lengthens the window instead of never being judged.
 *
 * @param least requests that it should hold
 */
export function windowOf(samples: readonly [Sample, ...Sample[]], seconds: number, least: number): Window {
  const newest = samples.at(-1) ?? samples[0];
  const fits = (sample: Sample) =>
    newest.at - sample.at >= seconds && between(sample, newest).requests >= least;
  const start = samples.findLast(fits) ?? samples[0];
  return { ...between(start, newest), seconds: newest.at - start.at };
}

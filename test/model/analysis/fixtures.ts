import type { Watched } from "../../../model/analysis/analyse";
import type { Condition, Look, Observation } from "../../../model/analysis/observation";
import type { Colour } from "../../../model/release";

export const NOW = "2026-11-21T12:00:00.000Z";

/** ISO time so many seconds before now. */
export const ago = (seconds: number): string => new Date(Date.parse(NOW) - 1_000 * seconds).toISOString();

/** Requests, failed ones and slow ones of one minute. */
export type Minute = readonly [requests: number, errors: number, slow: number];

export const minutes = (length: number, minute: Minute): Minute[] => Array.from({ length }, () => minute);

/** Looks that add up minutes, the last of which ended so many seconds ago. */
export function looks(each: readonly Minute[], age = 30): Look[] {
  const totals = { requests: 0, errors: 0, slow: 0 };
  const found: Look[] = [{ at: ago(age + 60 * each.length), ...totals }];
  for (const [index, [requests, errors, slow]] of each.entries()) {
    totals.requests += requests;
    totals.errors += errors;
    totals.slow += slow;
    found.push({ at: ago(age + 60 * (each.length - 1 - index)), ...totals });
  }
  return found;
}

export const CONDITION: Condition = {
  at: ago(30),
  failedChecks: 0,
  restarts: 0,
  unreadySeconds: 0,
  unavailableSeconds: 0,
};

export const observation = (
  colour: Colour,
  each: readonly Minute[],
  changes: Partial<Observation> = {},
): Observation => ({ service: "api-gateway", colour, looks: looks(each), condition: CONDITION, ...changes });

/** A candidate as good as live, with a twentieth of the traffic, for an hour and a half. */
export const GOOD: readonly Minute[] = minutes(90, [50, 0, 0]);
export const LIVE: readonly Minute[] = minutes(90, [950, 1, 9]);

/** One service: green is the candidate. */
export const watched = (
  candidate: readonly Minute[],
  live: readonly Minute[] | undefined = LIVE,
  changes: { candidate?: Partial<Observation>; live?: Partial<Observation> } = {},
): Watched => ({
  services: [
    {
      candidate: observation("green", candidate, changes.candidate),
      live: observation("blue", live, changes.live),
    },
  ],
  since: ago(100_000),
  now: NOW,
});

/** The same, where live has no traffic. */
export const alone = (candidate: readonly Minute[]): Watched => ({
  services: [{ candidate: observation("green", candidate) }],
  since: ago(100_000),
  now: NOW,
});

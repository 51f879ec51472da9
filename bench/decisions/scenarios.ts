import type { Behaviour, Scenario } from "./scenario";

/*
 * What is replayed. It was written before the first result, and so were the criteria below; seeds are numbers in
 * sequence. Whoever changes an entry measures anew and says so in docs/decisions.md.
 */

/** The objective: 0.1 % of the requests fail. 0.2 % are slower than 5 s, which is well inside every rule's limit. */
const LIVE: Behaviour = { errors: 0.1, latency: { medianSeconds: 0.8, steepness: 3.4 } };
const failing = (points: number): Behaviour => ({ ...LIVE, errors: LIVE.errors + points });
const taking = (medianSeconds: number, steepness: number): Behaviour => ({
  ...LIVE,
  latency: { medianSeconds, steepness },
});

/** Ten requests a second, for four hours. */
const USUAL = { perMinute: 600, minutes: 240, live: LIVE };
/** A request a second, for a day. */
const LITTLE = { perMinute: 60, minutes: 1_440, live: LIVE };
/** A request in ten seconds, for a day. */
const HARDLY_ANY = { perMinute: 6, minutes: 1_440, live: LIVE };
/** A live colour that is itself beyond every limit of errors. */
const BAD_LIVE = { perMinute: 600, minutes: 240, live: failing(5.9) };
const EVERY_TWENTY = { everyMinutes: 20, minutes: 2, errors: 20 };

const HARMLESS = "0.1 points of errors more are harmless";
const HARMFUL = "1 point of errors more, or all the more, is harmful";

export const SCENARIOS: readonly Scenario[] = [
  {
    ...USUAL,
    name: "no effect",
    candidateIs: "good",
    because: "it is as live is",
    candidate: LIVE,
    seed: 601,
  },
  {
    ...USUAL,
    name: "errors +0.1",
    candidateIs: "good",
    because: HARMLESS,
    candidate: failing(0.1),
    seed: 602,
  },
  {
    ...USUAL,
    name: "errors +0.5",
    candidateIs: "between",
    because: "more than 0.1 points of errors, less than 1",
    candidate: failing(0.5),
    seed: 603,
  },
  {
    ...USUAL,
    name: "errors +1",
    candidateIs: "bad",
    because: HARMFUL,
    twin: "no effect",
    candidate: failing(1),
    seed: 604,
  },
  {
    ...USUAL,
    name: "errors +2",
    candidateIs: "bad",
    because: HARMFUL,
    twin: "no effect",
    candidate: failing(2),
    seed: 605,
  },
  {
    ...USUAL,
    name: "errors +5",
    candidateIs: "bad",
    because: HARMFUL,
    twin: "no effect",
    candidate: failing(5),
    seed: 606,
  },
  {
    ...USUAL,
    name: "errors +10",
    candidateIs: "bad",
    because: HARMFUL,
    twin: "no effect",
    candidate: failing(10),
    seed: 607,
  },
  {
    ...USUAL,
    name: "a little slower",
    candidateIs: "good",
    because: "a fifth slower in the median: 0.2 points more are slow, and 0.5 are harmless",
    candidate: taking(0.96, 3.4),
    seed: 608,
  },
  {
    ...USUAL,
    name: "much slower",
    candidateIs: "bad",
    because: "2.5 times slower in the median: 4 points more are slow, and 2.5 are harmful",
    twin: "no effect",
    candidate: taking(2, 3.4),
    seed: 609,
  },
  {
    ...USUAL,
    name: "heavy tail",
    candidateIs: "bad",
    because: "the same median, and 6 points more are slow, and 2.5 are harmful",
    twin: "no effect",
    candidate: taking(0.8, 1.5),
    seed: 610,
  },
  {
    ...LITTLE,
    name: "little traffic",
    candidateIs: "good",
    because: "it is as live is",
    candidate: LIVE,
    seed: 611,
  },
  {
    ...LITTLE,
    name: "little traffic, errors +5",
    candidateIs: "bad",
    because: HARMFUL,
    twin: "little traffic",
    candidate: failing(5),
    seed: 612,
  },
  {
    ...HARDLY_ANY,
    name: "hardly any traffic",
    candidateIs: "good",
    because: "it is as live is",
    candidate: LIVE,
    seed: 613,
  },
  {
    ...HARDLY_ANY,
    name: "hardly any traffic, errors +5",
    candidateIs: "bad",
    because: HARMFUL,
    twin: "hardly any traffic",
    candidate: failing(5),
    seed: 614,
  },
  {
    ...USUAL,
    name: "bursts in both colours",
    candidateIs: "good",
    because: "it is as live is, in every minute",
    candidate: LIVE,
    bursts: { ...EVERY_TWENTY, meet: "both" },
    seed: 615,
  },
  {
    ...USUAL,
    name: "bursts of the candidate",
    candidateIs: "bad",
    because: "2 points of errors more on average, though in most minutes it is as live is",
    twin: "no effect",
    candidate: LIVE,
    bursts: { ...EVERY_TWENTY, meet: "candidate" },
    seed: 616,
  },
  {
    ...BAD_LIVE,
    name: "both colours bad",
    candidateIs: "good",
    because: "it is as live is: going back would mend nothing",
    candidate: failing(5.9),
    seed: 617,
  },
  {
    ...BAD_LIVE,
    name: "live bad, errors +5",
    candidateIs: "bad",
    because: HARMFUL,
    twin: "both colours bad",
    candidate: failing(10.9),
    seed: 618,
  },
];

/**
 * What must hold, or the run fails. Rules are compared canary by canary, by the normal 95 % interval of the mean
 * difference, for they are replayed on the same chance.
 *
 * - False rollbacks: in no good scenario is ours shown to be worse, and over all of them it has no more.
 * - Requests exposed: in each bad scenario ours is shown to expose fewer.
 * - A rule that rolls back half of the twin's good canaries or more is not compared in what it exposes: a rule that
 *   goes back whatever it sees exposes least of all. Its figures are shown all the same.
 */
export const CRITERIA = { confidence: 0.95, twinRolledBackBelow: 0.5 } as const;

/** Our steps are those of prod, and each bakes this long: as in Argo Rollouts' example, and not for a day. */
export const BAKE_MINUTES = 10;

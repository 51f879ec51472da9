import type { Finding } from "./analysis/finding";
import { FRESH_SECONDS, type Observation } from "./analysis/observation";
import { judgeRate } from "./analysis/rates";
import { type Window, samplesOf, windowOf } from "./analysis/samples";
import { THRESHOLDS } from "./analysis/thresholds";
import { count, duration } from "./analysis/wording";
import { type Objection, PATIENCE_SECONDS } from "./guardObjection";
import { giveTraffic } from "./rules/wording";
import { set } from "./schema/faults";
import { secondsBetween } from "./trust";

/** What the load balancer measured of a candidate that is to get more, and of the live colour beside it. */
export interface Measured {
  readonly candidate: Observation;
  /** Absent: it has no share of the rule. */
  readonly live?: Observation;
  /** ISO time from which it was asked for. */
  readonly since: string;
  /** ISO time of the judgement. */
  readonly now: string;
}

/** Requests longer ago say little of now, and CloudWatch keeps its minutes for a while only: a day, in seconds. */
const LONGEST_SECONDS = 86_400;

/** From when on requests are counted: the release's last change, or a day ago if that is later. Both are ISO times. */
export const measuredSince = (changed: string, now: string): string =>
  new Date(Math.max(Date.parse(changed), Date.parse(now) - 1_000 * LONGEST_SECONDS)).toISOString();

/** The limits of rates, the more urgent one of a signal first. */
const GATES = ["errorRate", "errorGate", "latency"] as const;

/**
 * What metrics say against a rise: too few requests, a limit that is breached, or nothing that can be judged by.
 *
 * The limits are those of analysis, and so are their windows. Only the requests that a rate needs are fewer where
 * `least` is: who asks for 100 of them wants an answer by 100. A breach counts however few there were.
 *
 * @param least requests that the candidate must have answered; above 0
 */
export function metricObjections(measured: Measured, least: number): Objection[] {
  const findings = GATES.map((name) => {
    const threshold = THRESHOLDS[name];
    const samples = Math.min(threshold.samples, least);
    return { signal: threshold.signal, finding: judgeRate(name, { ...threshold, samples }, measured) };
  });
  const failed = findings.filter(({ finding }) => finding.verdict === "failure");
  const breaches = failed
    .filter(({ signal }, index) => failed.findIndex((one) => one.signal === signal) === index)
    .map(({ finding }) => breach(finding, measured));
  const few = tooFew(measured, least);
  if (few) return [...breaches, few];
  // One says enough: what is old or missing is so for both signals.
  const unclear = findings.find(({ finding: { verdict } }) => verdict !== "failure" && verdict !== "success");
  return [...breaches, ...(unclear ? [unjudged(unclear.finding)] : [])];
}

const unjudged = ({ verdict, evidence }: Finding): Objection =>
  verdict === "could-not-observe"
    ? { kind: "unseen", why: `metrics could not be observed (${evidence})` }
    : { kind: "standing", why: evidence };

function breach({ evidence, urgency }: Finding, { candidate: { colour } }: Measured): Objection {
  const way =
    urgency === "retreat"
      ? `Take its traffic back: ${giveTraffic(colour, 0)}`
      : "Find out why before more users meet it";
  return { kind: "standing", why: `${evidence}. ${way}` };
}

/**
 * Too few requests since the release last changed. They are on their way where they come so fast that an update may
 * wait for the rest; where none come, or too slowly, waiting is somebody's own decision.
 */
function tooFew(measured: Measured, least: number): Objection | undefined {
  const { candidate, since } = measured;
  const requests = requestsOf(candidate);
  // What is no number of requests is not too small either: the findings tell that it could not be seen.
  if (!(requests >= 0 && requests < least)) return undefined;
  const pace = paceOf(measured);
  const seconds = pace ? ((least - requests) * pace.seconds) / pace.requests : Infinity;
  const rest = pace
    ? `At the pace of the last ${duration(pace.seconds)} the rest takes ${duration(Math.ceil(seconds))}`
    : noneYet(measured);
  const fewer = `${requests < 1 ? "none" : "fewer"} in an update of its own`;
  const command = set(["limits", "samples"], Math.floor(requests));
  return {
    kind: seconds <= PATIENCE_SECONDS ? "coming" : "standing",
    why:
      `${candidate.service} ${candidate.colour}: ${count(requests)} requests since ${since}; ${count(least)} are ` +
      `needed before its share rises. ${rest}. Wait, or ask for ${fewer}: ${command}`,
    progress: `${count(least)} requests, ${count(requests)} so far`,
  };
}

/** Right after a change nothing can have been seen, which is not the candidate's fault. */
function noneYet({ since, now }: Measured): string {
  const seconds = secondsBetween(since, now);
  return seconds < FRESH_SECONDS
    ? "None were seen yet: of a minute CloudWatch tells two to three minutes after it"
    : `None were seen in the last ${duration(FRESH_SECONDS)}`;
}

/** All that the candidate answered. */
const requestsOf = ({ looks }: Observation): number =>
  (looks.at(-1)?.requests ?? 0) - (looks[0]?.requests ?? 0);

/**
 * What came of late, and within how many seconds. A minute without requests has no look, so a window may begin long
 * before the requests that it holds.
 *
 * @returns undefined where nothing came, or it is not known whether anything did
 */
function paceOf({ candidate, now }: Measured): Window | undefined {
  const seen = samplesOf(candidate, "errors", now);
  if ("unseen" in seen) return undefined;
  const { seconds, ...tally } = windowOf(seen.samples, FRESH_SECONDS, 0);
  return tally.requests > 0 ? { ...tally, seconds: Math.min(seconds, FRESH_SECONDS) } : undefined;
}

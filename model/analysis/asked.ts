import type { LiveRule } from "../live";
import { type Colour, type Recorded, otherColour } from "../release";
import { hasService } from "../serviceLists";
import { retentionPhase } from "../trust";
import type { Span } from "./minutes";

/** What is asked of the metrics. */
export interface AnalysisAsked {
  /** The weighted rules as the load balancer has them now; their services take part. */
  readonly rules: readonly Pick<LiveRule, "service" | "shares" | "targetGroups">[];
  /** The colour to be judged; the other one is what it is compared with. */
  readonly colour: Colour;
  /** What it runs. */
  readonly version: string;
  /** ISO time at which the present step began: only what was seen since then lets it pass. */
  readonly since: string;
  /**
   * ISO time from which on all that the colour answered was this version's: what came before does not count.
   * Default: `since`.
   */
  readonly began?: string;
  /** ISO time at which the other colour's share became 0, where it is. Default: its last request. */
  readonly idleSince?: string;
  /** The p95 objectives of services, in seconds. Default: none is judged by one. */
  readonly promised?: Readonly<Record<string, number>>;
  /** Services of the colour that no rule shares: of them pods are looked at, and nothing else. Default: none. */
  readonly others?: readonly string[];
  /** ISO time. */
  readonly now: string;
}

/**
 * What has to be asked of a stack in this state: the live colour is judged for as long as its predecessor is warm,
 * for traffic can go back there at once; then the candidate.
 *
 * @returns undefined where the colour runs nothing, so that there is nothing to be judged
 */
export function askedOf(
  state: Recorded,
  rules: AnalysisAsked["rules"],
  now: string,
): AnalysisAsked | undefined {
  const { release, since, services } = state;
  const { live } = release;
  const colour = retentionPhase(state, now) === "warm" ? live : otherColour(live);
  const { version } = release[colour];
  if (version === undefined) return undefined;
  const idleSince = state.drainedAt?.[otherColour(colour)];
  const isRun = (service: string) =>
    hasService(release[colour], service) &&
    (colour === live || (services[service]?.kind ?? "http") === "http");
  return {
    rules: rules.filter(({ service }) => isRun(service)),
    ...{ colour, version, since, now },
    began: beganOf(state, colour),
    ...(idleSince !== undefined && { idleSince }),
    others: Object.keys(services).filter(
      (service) => isRun(service) && !rules.some((rule) => rule.service === service),
    ),
  };
}

/**
 * The latest time at which a colour is known to have had other traffic than this version's in this release: the last
 * promote, the last version that was taken back, and the end of the colour's own former share.
 */
function beganOf({ trusted, takenBack = [], drainedAt }: Recorded, colour: Colour): string {
  const times = [trusted.at, drainedAt?.[colour], ...takenBack.map(({ at }) => at)];
  const latest = Math.max(...times.flatMap((at) => (at === undefined ? [] : [Date.parse(at)])));
  return new Date(latest).toISOString();
}

const DAY = 86_400_000;

/** The longest time of which metrics are asked, in days. */
export const LONGEST_DAYS = 7;

/**
 * Of which time metrics are asked: the release's, as long as it is no longer than a week, and then from the beginning
 * of one of its days on.
 *
 * The windows of limits need a quarter of an hour where there is traffic. The comparison needs all of the release,
 * for one test of it keeps its promise and one that begins anew at every look does not; so the beginning stays where
 * it is, and moves by whole days when it must. Then no more than one more test begins with each day. What a week ago
 * said has gone by then, since of what is owned a thousandth is placed anew at each look (`ANEW` in evidence.ts).
 * CloudWatch keeps minutes for 15 days.
 */
export function spanOf({ began, since, now }: Pick<AnalysisAsked, "began" | "since" | "now">): Span {
  const start = Date.parse(began ?? since);
  const days = Math.max(0, Math.ceil((Date.parse(now) - start) / DAY) - LONGEST_DAYS);
  return { from: new Date(start + DAY * days).toISOString(), to: now };
}

/** Whether a colour has a share at any of the rules. */
export const isServing = (rules: AnalysisAsked["rules"], colour: Colour): boolean =>
  rules.some(({ shares }) => shares[colour] > 0);

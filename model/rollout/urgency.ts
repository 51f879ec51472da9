import type { ThresholdName } from "../analysis/thresholds";
import type { Fence } from "../guard";
import { type Known, isWarm, isWayBack, knownOf } from "../known";
import type { LiveRule, LiveTargets } from "../live";
import { type Colour, otherColour } from "../release";
import type { Reason } from "./action";
import { type Seen, valueOf } from "./seen";
import { type Analysed, type Scene, currentAnalysis } from "./situation";

/** All that is needed to see that traffic must leave a version now: neither configuration nor the engine's state. */
export interface Watched {
  readonly known: Known;
  readonly rules: Seen<readonly LiveRule[]>;
  /** Those that could not be seen are absent. */
  readonly targets: LiveTargets;
  readonly fence: Seen<Fence | undefined>;
  readonly analysis: Seen<Analysed>;
  /** ISO time. */
  readonly now: string;
}

/** The part of a scene that can be watched without an engine. */
export const watchedIn = ({ state, rules, targets, fence, analysis, now }: Scene): Watched => ({
  known: knownOf(state),
  ...{ rules, targets, fence, analysis, now },
});

/** Why traffic must leave a version now, and where it goes. */
export interface Urgent {
  readonly reason: Reason;
  readonly to: Colour;
}

/** Everything that is urgent, and has somewhere to go. */
export function urgencies(watched: Watched): Urgent[] {
  const { known, now } = watched;
  const { live } = known;
  const rules = valueOf(watched.rules) ?? [];
  return [
    ...fenced(watched, rules),
    ...failing(watched, rules),
    ...weightless(rules).map((reason) => ({ to: live, reason })),
  ].filter(({ to }) => to === live || isWayBack(known, to, now));
}

const weightless = (rules: readonly LiveRule[]): Reason[] =>
  rules.some(({ shares }) => shares.blue + shares.green === 0)
    ? [{ code: "weightless", text: "a rule gives no colour any weight: nobody is served" }]
    : [];

/** A fenced version that has traffic all the same. */
function fenced({ fence: seen, known }: Watched, rules: readonly LiveRule[]): Urgent[] {
  const fence = valueOf(seen);
  const { live, versions } = known;
  const colour = otherColour(live);
  if (!fence) return [];
  const reason = (of: Colour): Reason => ({
    code: "fence",
    text: `${of} ${fence.version} was fenced at ${fence.at} by ${fence.by}: ${fence.reason}`,
  });
  const has = (of: Colour) => versions[of] === fence.version && rules.some(({ shares }) => shares[of] > 0);
  return [
    ...(has(colour) && versions[live] !== fence.version ? [{ to: live, reason: reason(colour) }] : []),
    ...(has(live) ? [{ to: colour, reason: reason(live) }] : []),
  ];
}

/**
 * Limits that one pod of many can breach, by a lost node for example. That is enough to end a candidate's way, and not
 * to move everybody away from the live colour: that takes what its users meet.
 */
const OF_ONE_POD: readonly ThresholdName[] = ["failedChecks", "crashLoop", "readiness"];

/** What the analysis says is bad beyond waiting; of the live colour only while its predecessor is warm. */
function failing(watched: Watched, rules: readonly LiveRule[]): Urgent[] {
  const { known, now } = watched;
  const found = currentAnalysis(watched, known.versions);
  if (typeof found === "string") return [];
  const { verdict, urgency, findings } = found.judgement;
  if (verdict !== "failure" || urgency !== "retreat") return [];
  const served = !("value" in watched.rules) || rules.some(({ shares }) => shares[found.colour] > 0);
  if (!served || (found.colour === known.live && !isWarm(known, now))) return [];
  const decisive = findings.filter(
    ({ urgency: asks, criterion }) =>
      asks === "retreat" &&
      (found.colour !== known.live || !OF_ONE_POD.some((name) => criterion.startsWith(name))),
  );
  if (decisive.length === 0) return [];
  const evidence = decisive.map((one) => one.evidence);
  return [{ to: otherColour(found.colour), reason: { code: "failing", text: evidence.join("; ") } }];
}

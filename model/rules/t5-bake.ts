import { sameManifest } from "../manifest";
import { isLiveRetreat } from "../movement";
import { type Colour, type Manifest, type Recorded, otherColour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, set } from "../schema/faults";
import { leastOf } from "../shares";
import { coldColour, isFlip, secondsBetween } from "../trust";
import { after, giveTraffic, takeAway } from "./wording";

/** Trust is earned: under full traffic, or under the blue-green strategy by standing unchanged beside it. */
export const t5: Rule = {
  id: "T5",
  title: "A promote or flip before the candidate has baked",
  severity: "high",
  protects:
    "the trusted colour, where a retreat goes, from a version that nobody has watched for long enough",
  wayOut: "Wait until the bake time is over.",
  judge: (transition) => {
    const { from, to } = transition;
    if (!from || from.release.live === to.live || isLiveRetreat(transition)) return [];
    const fault = traffic(transition) ?? unready(transition, from) ?? unbaked(transition, from);
    return fault ? [violation(transition, fault)] : [];
  },
};

interface Fault {
  readonly found: string;
  readonly limit: string;
  readonly remedy: string;
}

/** A live colour that does not have all traffic is not what users are on. */
function traffic({ to }: Transition): Fault | undefined {
  const share = to.traffic[to.live];
  if (share === 100) return undefined;
  return {
    found: `${share} % for ${to.live} after the edit`,
    limit: "a colour that becomes live has 100 %",
    remedy: set(["release", "live"], otherColour(to.live)),
  };
}

/** Under blue-green the candidate gets its traffic in the same edit; otherwise it has had all of it. */
function unready(transition: Transition, from: Recorded): Fault | undefined {
  const { to } = transition;
  const keep = set(["release", "live"], from.release.live);
  if (!sameManifest(from.release[to.live], to[to.live])) {
    const deployed = from.release[to.live].version ?? "no version";
    return {
      found: `${deployed} deployed on ${to.live}`,
      limit: "what becomes live was deployed by an earlier update",
      remedy: `${keep} && ${giveTraffic(to.live, 0)}`,
    };
  }
  // Without the flip it would have no pods, so it has not stood ready, however long it has stood.
  const still = { ...transition, to: { ...to, traffic: from.release.traffic } };
  if (isFlip(transition) && coldColour(still) === to.live) {
    return {
      found: `no replicas of ${to.live} since ${from.retention?.warmUntil ?? from.since}`,
      limit: "what a flip makes live stands beside the live colour with all its pods",
      remedy:
        `${keep} && ${giveTraffic(to.live, 0)}; release it anew: ${takeAway(to.live, to[to.live])}; ` +
        `pulumi up; ${putBack(to.live, to[to.live])}; pulumi up; then flip`,
    };
  }
  const share = leastOf(from, to.live);
  if (isFlip(transition) || share === 100) return undefined;
  return {
    found: `${share} % for ${to.live} so far`,
    limit: `100 % at every rule before a promote (recorded strategy: ${from.release.strategy})`,
    remedy: keep,
  };
}

/** A migration has more keys than commands are worth. */
const putBack = (colour: Colour, { version = "", migration }: Manifest): string =>
  set(["release", colour, "version"], version) +
  (migration ? ` and ${format(["release", colour, "migration"])} as it was` : "");

function unbaked({ limits, now }: Transition, from: Recorded): Fault | undefined {
  const baked = Math.floor(secondsBetween(from.since, now));
  if (baked >= limits.bakeSeconds) return undefined;
  return {
    found: `${baked} s without a change of the release, since ${from.since}`,
    limit: `${limits.bakeSeconds} s`,
    remedy: `${set(["release", "live"], from.release.live)} until ${after(from.since, limits.bakeSeconds)}`,
  };
}

function violation({ to }: Transition, { found, limit, remedy }: Fault): Violation {
  return {
    id: "T5",
    severity: t5.severity,
    where: "sluice:release.live",
    found,
    limit,
    remedy,
    message:
      `${to.live} (version ${to[to.live].version ?? "none"}) would become live; found: ${found}. ` +
      `The limit: ${limit}. The way out: ${remedy}.`,
  };
}

import { drainSeconds } from "../limits";
import { capacityOf } from "../capacity";
import { differences, servicesOf } from "../manifest";
import { COLOURS, type Colour, type Recorded } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, remove, set } from "../schema/faults";
import { mostOf } from "../shares";
import { isDraining, isInPlace, predecessorColour, retentionPhase } from "../trust";
import { SIZES, sameRun, servicesChanged, sizeOf, withoutList } from "./running";
import { after, list } from "./wording";

/** What users are on, hold on to, or would go back to stays, and stays as large. */
export const t6: Rule = {
  id: "T6",
  title: "Removing or shrinking a colour that is needed",
  severity: "critical",
  protects: "users on a colour, clients that still hold on to it, and the way back",
  wayOut: "Keep it, or wait until its clients have let go and its warm time is over.",
  judge: (transition) => {
    const { from } = transition;
    if (!from) return [];
    return COLOURS.flatMap((colour) => {
      const need = needOf(transition, from, colour);
      return need ? losses(transition, from, colour, need).map((loss) => violation(colour, need, loss)) : [];
    });
  },
};

/** Why a colour is needed, and until when where time ends it. */
interface Need {
  readonly why: string;
  readonly until?: string;
}

interface Loss {
  readonly where: string;
  readonly found: string;
  readonly limit: string;
  readonly remedy: string;
}

function needOf(transition: Transition, from: Recorded, colour: Colour): Need | undefined {
  const { limits, now } = transition;
  const share = mostOf(from, colour);
  if (share > 0) return { why: `has ${share} % of the traffic` };
  if (from.release.live === colour) return { why: "is live, where a retreat goes" };
  const drainedAt = from.drainedAt?.[colour];
  const warm = predecessorColour(from) === colour && retentionPhase(from, now) === "warm";
  const ends = [
    ...(drainedAt && isDraining(transition, colour) ? [after(drainedAt, drainSeconds(limits))] : []),
    ...(warm && from.retention ? [from.retention.warmUntil] : []),
  ].sort();
  const until = ends.at(-1);
  if (until === undefined) return undefined;
  return { why: warm ? "is kept warm as the way back" : "still drains", until };
}

const losses = (transition: Transition, from: Recorded, colour: Colour, need: Need): Loss[] => {
  const lost = manifestLoss(transition, from, colour, need);
  if (lost) return [lost];
  return [
    ...serviceLosses(transition, from, colour),
    ...sizeLosses(transition, from, colour),
    ...capacityLoss(transition, from, colour),
  ];
};

/** A colour without traffic that is still needed keeps what it runs; with traffic T4 says so. */
function manifestLoss(transition: Transition, from: Recorded, colour: Colour, need: Need): Loss | undefined {
  const { to } = transition;
  const [before, after] = [from.release[colour], to[colour]];
  if (before.version === undefined) return undefined;
  const removed = after.version === undefined;
  if (!removed && (need.until === undefined || sameRun(transition, from, colour))) return undefined;
  const sameVersion = before.version === after.version;
  const [key = "services"] = differences(withoutList(before), withoutList(after));
  return {
    where: format(["release", colour, key]),
    found: removed
      ? "no version"
      : sameVersion
        ? `another manifest of ${before.version}`
        : `version ${after.version}`,
    limit: `version ${before.version}, unchanged`,
    remedy: sameVersion
      ? `put sluice:release.${colour} back: git restore -p Pulumi.<stack>.yaml`
      : set(["release", colour, "version"], before.version),
  };
}

function serviceLosses(transition: Transition, from: Recorded, colour: Colour): Loss[] {
  // In place nothing is deleted before every pod that calls it is replaced; what the world uses is T2's.
  if (isInPlace(transition, colour)) return [];
  const { lost } = servicesChanged(transition, from, colour);
  if (lost.length === 0) return [];
  const kept = lost.every((name) => transition.services[name]);
  const where = kept ? format(["release", colour, "services"]) : "sluice:services";
  return [
    {
      where,
      found: `without ${list(lost)}`,
      limit: "every service that it has",
      remedy: `put ${list(lost)} back into ${where}: git restore -p Pulumi.<stack>.yaml`,
    },
  ];
}

function sizeLosses(transition: Transition, from: Recorded, colour: Colour): Loss[] {
  // In place Kubernetes replaces pod by pod with none missing, so the size may follow.
  if (isInPlace(transition, colour)) return [];
  return servicesOf(from.release[colour], from.services).flatMap((name) => {
    const [before, after] = [from.services[name], transition.services[name]];
    if (!before || !after) return [];
    return SIZES.flatMap((key) => {
      const kept = before[key];
      // What an older state lacks counts as the same.
      if (kept === undefined || sizeOf(after, key) >= sizeOf(before, key)) return [];
      return [
        {
          where: format(["services", name, key]),
          found: `${after[key] ?? "none"}`,
          limit: `${kept} at least`,
          remedy: set(["services", name, key], kept),
        },
      ];
    });
  });
}

function capacityLoss(transition: Transition, from: Recorded, colour: Colour): Loss[] {
  const [before, after] = [capacityOf(from.release, colour), capacityOf(transition.to, colour)];
  if (after >= before || isInPlace(transition, colour)) return [];
  const path = ["release", "capacity", colour] as const;
  const byDefault = from.release.capacity?.[colour] === undefined;
  return [
    {
      where: format(path),
      found: `${after} %`,
      limit: `${before} % at least`,
      remedy: byDefault ? remove(path) : set(path, before),
    },
  ];
}

function violation(colour: Colour, need: Need, { where, found, limit, remedy }: Loss): Violation {
  const wait = need.until === undefined ? "" : ` Or wait until ${need.until}.`;
  return {
    id: "T6",
    severity: t6.severity,
    where,
    found,
    limit,
    remedy,
    message:
      `${colour} ${need.why}, and ${where} would leave it ${found.startsWith("without") ? found : `with ${found}`}. ` +
      `The limit: ${limit}. Keep it: ${remedy}.${wait}`,
  };
}

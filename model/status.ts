import { frozen } from "./freeze";
import { type Fence, isFenced } from "./guardFence";
import { type Limits, stricter } from "./limits";
import type { LiveRule, LiveTargets, Targets } from "./live";
import { NoPlanError, plan } from "./plan";
import { COLOURS, type Colour, type Recorded, type Release, allTo, otherColour } from "./release";
import { set } from "./schema/faults";
import { type RetentionPhase, predecessorColour, retentionPhase, secondsBetween } from "./trust";

/** What is there to be looked at; what is absent could not be observed. */
export interface Look {
  /** What configuration asks for. */
  readonly release: Release;
  readonly limits: Limits;
  readonly recorded?: Recorded | undefined;
  readonly rules?: readonly LiveRule[] | undefined;
  readonly targets: LiveTargets;
  /** `null`: somebody looked, and there is none. */
  readonly fence?: Fence | null | undefined;
  /** ISO time. */
  readonly now: string;
}

/** What a colour is to the release. */
export type Role = "live" | "candidate" | "predecessor" | "empty";

/** One colour at a glance. */
export interface ColourStatus {
  readonly role: Role;
  readonly version?: string;
  /** Its share by configuration, and by the stack's state, in percent. */
  readonly configured: number;
  readonly recorded?: number;
  /** By service: its share at the load balancer in percent, and its targets. */
  readonly services: Readonly<Record<string, { readonly share: number; readonly targets?: Targets }>>;
  /** Whether its version is fenced. */
  readonly fenced: boolean;
}

/** What is to come. */
export interface Upcoming {
  /** In a few words, for example `shift green to 25 %`. */
  readonly what: string;
  /** Seconds until it may be; absent where nothing is planned. */
  readonly inSeconds?: number;
}

/** A stack's release at a glance. */
export interface Status {
  readonly strategy: Release["strategy"];
  readonly colours: Readonly<Record<Colour, ColourStatus>>;
  readonly fence?: Fence | null;
  /** ISO time of the last change of the release. */
  readonly since?: string;
  /** Seconds that it has baked, and that it must before a promote. */
  readonly baked?: { readonly seconds: number; readonly needed: number };
  readonly retention?: {
    readonly phase: RetentionPhase;
    readonly warmUntil: string;
    readonly coldUntil: string;
  };
  readonly next?: Upcoming;
}

/** What a look shows. */
export function statusOf(look: Look): Status {
  const { recorded, limits, fence, now } = look;
  const next = recorded && upcoming(look, recorded);
  return {
    strategy: look.release.strategy,
    colours: { blue: colourStatus(look, "blue"), green: colourStatus(look, "green") },
    ...(fence !== undefined && { fence }),
    ...(recorded && {
      since: recorded.since,
      baked: {
        seconds: Math.max(0, Math.floor(secondsBetween(recorded.since, now))),
        needed: limits.bakeSeconds,
      },
    }),
    ...(recorded && retentionOf(recorded, now)),
    ...(next && { next }),
  };
}

function retentionOf(recorded: Recorded, now: string): Pick<Status, "retention"> {
  const { retention } = recorded;
  const phase = retentionPhase(recorded, now);
  return phase && retention ? { retention: { phase, ...retention } } : {};
}

function colourStatus(look: Look, colour: Colour): ColourStatus {
  const { release, recorded, rules = [], targets, fence } = look;
  // What runs is what the state has; configuration may ask for what is not there yet.
  const { version } = (recorded?.release ?? release)[colour];
  return {
    role: roleOf(recorded?.release ?? release, recorded, colour),
    ...(version !== undefined && { version }),
    configured: release.traffic[colour],
    ...(recorded && { recorded: recorded.release.traffic[colour] }),
    services: Object.fromEntries(
      rules.map(({ service, shares }) => {
        const seen = targets[service]?.[colour];
        return [service, { share: shares[colour], ...(seen && { targets: seen }) }];
      }),
    ),
    fenced: isFenced(fence, recorded?.release ?? release, colour),
  };
}

function roleOf(release: Release, recorded: Recorded | undefined, colour: Colour): Role {
  if (colour === release.live) return "live";
  if (release[colour].version === undefined) return "empty";
  return recorded && predecessorColour(recorded) === colour ? "predecessor" : "candidate";
}

/** What comes next: what configuration asks for and the state lacks, else the way to the candidate's promote. */
function upcoming(look: Look, recorded: Recorded): Upcoming {
  const { release, limits, fence, now } = look;
  const colour = otherColour(release.live);
  const pending = firstStep(recorded, release, limits, now);
  if (pending) return { ...pending, what: `${pending.what}, as configuration asks` };
  const { version } = release[colour];
  if (version === undefined) return { what: `nothing: ${colour} is free for the next version` };
  if (fence?.version === version) {
    return { what: `nothing: ${colour} ${version} is fenced; release another version` };
  }
  if (predecessorColour(recorded) === colour) {
    return { what: `nothing: ${colour} is kept as a way back${leave(recorded, version, now)}` };
  }
  if (release.strategy === "rolling") return { what: "nothing: a rolling release has one colour" };
  const promoted = { ...release, live: colour, traffic: allTo(colour) };
  return firstStep(recorded, promoted, limits, now) ?? { what: "nothing" };
}

/** When the next version may take the place of one that is kept. */
const leave = (recorded: Recorded, version: string, now: string): string =>
  retentionPhase(recorded, now) === "cold"
    ? `; a release that says so may take its place (${set(["release", "supersedes"], version)})`
    : "; then it is free for the next version";

function firstStep(recorded: Recorded, target: Release, limits: Limits, now: string): Upcoming | undefined {
  try {
    const [step] = plan(recorded, target, limits, now);
    if (!step) return undefined;
    const freeze = frozen(stricter(recorded.limits, limits).freezes, now);
    const held = freeze && step.waitSeconds > 0 ? `, not in the freeze (${freeze.reasons.join(", ")})` : "";
    return { what: described(step.kind, step.release, recorded) + held, inSeconds: step.waitSeconds };
  } catch (error) {
    if (error instanceof NoPlanError)
      return { what: `nothing is permitted: ${error.message.split("\n")[0] ?? ""}` };
    throw error;
  }
}

function described(kind: string, release: Release, { release: before }: Recorded): string {
  const colour = otherColour(before.live);
  switch (kind) {
    case "shift":
      return `shift ${colour} to ${release.traffic[colour]} %`;
    case "rollback":
      return `all traffic back to ${release.live}`;
    case "promote":
    case "flip":
      return `${kind} ${release.live} ${release[release.live].version ?? ""}`.trimEnd();
    case "deploy": {
      const changed = COLOURS.filter((name) => release[name].version !== before[name].version);
      const [name] = changed;
      return name ? `deploy ${name} ${release[name].version ?? "empty"}` : "deploy";
    }
    default:
      return "an update that moves no traffic";
  }
}

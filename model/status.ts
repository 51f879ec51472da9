import type { FlagStatus } from "./flags/outlook";
import type { Figures, FiguresSeen } from "./analysis/figures";
import { type Fence, isFenced } from "./guardFence";
import type { Limits } from "./limits";
import type { LiveRule, LiveTargets, Targets } from "./live";
import type { ProviderView } from "./providers/view";
import type { Colour, Recorded, Release } from "./release";
import type { Action } from "./rollout/action";
import type { Situation } from "./rollout/situation";
import { type Upcoming, upcoming } from "./statusNext";
import { type Progress, progressOf } from "./statusProgress";
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
  /** What is known of requests, errors and times to answer. */
  readonly figures?: FiguresSeen | undefined;
  /** What is known of a change of providers that is under way. */
  readonly providers?: ProviderView | undefined;
  /** What is known of flags. Default: there are none. */
  readonly flags?: readonly FlagStatus[];
  /** What a decision is made from, and the decision; absent: what comes next is told by the limits alone. */
  readonly decided?: { readonly situation: Situation; readonly action: Action } | undefined;
  /** ISO time. */
  readonly now: string;
}

/** What a colour is to the release. */
export type Role = "live" | "candidate" | "predecessor" | "empty";

/** A service of a colour: its share at the load balancer in percent, its targets, and what it does. */
export interface ServiceStatus {
  readonly share: number;
  readonly targets?: Targets;
  readonly figures?: Figures;
}

/** One colour at a glance. */
export interface ColourStatus {
  readonly role: Role;
  readonly version?: string;
  /** Its share by configuration, and by the stack's state, in percent. */
  readonly configured: number;
  readonly recorded?: number;
  readonly services: Readonly<Record<string, ServiceStatus>>;
  /** Whether its version is fenced. */
  readonly fenced: boolean;
}

/** A stack's release at a glance. */
export interface Status extends Partial<Progress> {
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
  /** Over how many seconds the services' figures are taken. */
  readonly windowSeconds?: number;
  /** Absent: no change of providers is under way. */
  readonly providers?: ProviderView;
  /** Absent: none is declared, or nobody looked. */
  readonly flags?: readonly FlagStatus[];
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
    ...(look.figures && { windowSeconds: look.figures.windowSeconds }),
    ...(look.providers && { providers: look.providers }),
    ...(look.flags && look.flags.length > 0 && { flags: look.flags }),
    ...(look.decided && progressOf(look.decided.situation, look.decided.action)),
  };
}

function retentionOf(recorded: Recorded, now: string): Pick<Status, "retention"> {
  const { retention } = recorded;
  const phase = retentionPhase(recorded, now);
  return phase && retention ? { retention: { phase, ...retention } } : {};
}

function colourStatus(look: Look, colour: Colour): ColourStatus {
  const { release, recorded, rules = [], targets, fence, figures } = look;
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
        const does = figures?.services[service]?.[colour];
        return [
          service,
          { share: shares[colour], ...(seen && { targets: seen }), ...(does && { figures: does }) },
        ];
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

import type { Baked } from "./baked";
import type { Flags } from "./flags";
import type { Limits } from "./limits";
import type { Migration, Schema } from "./migration";
import type { UsedOverride } from "./override";
import type { Platform } from "./platform";
import type { Declared } from "./providers/providers";
import type { Kind } from "./services";

/**
 * The release: which colour is trusted, how public traffic is shared, and what each colour runs.
 *
 * This is the one vocabulary of settings, state, rules, outputs and command line. Nothing here does I/O.
 */

/** The two colours, in the order in which they are always written. */
export const COLOURS = ["blue", "green"] as const;
export type Colour = (typeof COLOURS)[number];

/**
 * How a new version reaches users: `rolling` replaces it in place, `canary` gives it traffic in steps, and
 * `blue-green` lets it stand beside the live colour and then gives it all traffic at once.
 */
export const STRATEGIES = ["rolling", "canary", "blue-green"] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Shares of public traffic by colour, in percent: whole numbers 0–100 that sum to 100. */
export type Shares = Readonly<Record<Colour, number>>;

/** What a colour runs. Two manifests that are equal run the same thing. */
export interface Manifest {
  /** The version of every image that `images` does not name. Absent: the colour has no Deployment. */
  readonly version?: string;
  /** Images by service, where they differ from the default: a full reference with tag or digest. */
  readonly images?: Readonly<Record<string, string>>;
  /** Environment variables of every service of the colour. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The services that the colour has. Default: every service of the stack. */
  readonly services?: readonly string[];
  /** What must happen to the database's schema before the version runs. */
  readonly migration?: Migration;
}

/** The manifest of a colour that runs something. */
export type DeployedManifest = Manifest & { readonly version: string };

/** What configuration asks for, under `sluice:release`. */
export interface Release {
  readonly strategy: Strategy;
  /** The trusted colour: where a retreat goes, and where workers and jobs run. */
  readonly live: Colour;
  readonly traffic: Shares;
  /**
   * The least number of pods of a colour, in percent of its full size, 1–1000. Default: 100. A colour that is
   * to receive more than its full size carries is raised first.
   */
  readonly capacity?: Partial<Readonly<Record<Colour, number>>>;
  /** The retained version that this release gives up as a way back. Absent: none is given up. */
  readonly supersedes?: string;
  readonly blue: Manifest;
  readonly green: Manifest;
}

/** A version that carried all traffic long enough to be trusted, and the one that it replaced. */
export interface Trusted {
  readonly colour: Colour;
  readonly version: string;
  /** ISO time of the promote or first deployment. */
  readonly at: string;
  /** The colour and manifest that was trusted before; a retreat to it is permitted while retained. */
  readonly predecessor?: { readonly colour: Colour; readonly manifest: Manifest };
}

/** How long the predecessor is kept, as ISO times: warm at full size, then cold without replicas. */
export interface Retention {
  readonly warmUntil: string;
  readonly coldUntil: string;
}

/** A version that had traffic and lost it before it was trusted. */
export interface TakenBack {
  readonly version: string;
  /** ISO time of the update that took its traffic away. */
  readonly at: string;
}

/** What the stack's state last recorded: its outputs, and for each rule its own true weights. */
export interface Recorded {
  readonly release: Release;
  /** The weights that each public service's rule has in state; they differ after a half-failed update. */
  readonly rules: Readonly<Record<string, Shares>>;
  /** ISO time of the last change of the release. */
  readonly since: string;
  readonly trusted: Trusted;
  readonly retention?: Retention;
  /** ISO time at which a colour's share became 0, while it may still be draining. */
  readonly drainedAt?: Partial<Readonly<Record<Colour, string>>>;
  /** The schema of the database. Absent: no migration has completed yet. */
  readonly schema?: Schema;
  /** The limits of that update. What is absent was not recorded yet. */
  readonly limits?: Partial<Limits>;
  /** Versions that were taken back, the latest last. Absent: none. */
  readonly takenBack?: readonly TakenBack[];
  /** Overrides that were used, the latest last. Absent: none. */
  readonly overrides?: readonly UsedOverride[];
  /** What has baked here, the newest first. Absent: recorded before it was. */
  readonly baked?: readonly Baked[];
  /** Absent: recorded before it was. */
  readonly platform?: Platform;
  /** Absent: none, or recorded before they were. */
  readonly flags?: Flags;
  /** Providers that were declared, each with its key's secret. Absent: none. */
  readonly providers?: Declared;
  /** Every service of the stack at that time. */
  readonly services: Readonly<Record<string, Footprint>>;
}

/** What a rule needs to know of a service. `kind` and `health` are absent where an older state lacks them. */
export interface Footprint {
  /** Whether it has rules at the load balancer. */
  readonly public: boolean;
  /** Its route: a whole host name, or a path prefix. Absent: internal, or an older state that lacks it. */
  readonly address?: string;
  readonly kind?: Kind;
  /** Paths of the probes. */
  readonly health?: { readonly liveness: string; readonly readiness: string; readonly startup?: string };
  /** Registry and repository, without version. */
  readonly image: string;
  readonly port: number;
  /** Pods of one colour at full size. */
  readonly replicas: number;
  /** Pods of one colour at most. Absent: an older state that lacks it. */
  readonly maxReplicas?: number;
  /** Processor and memory of a pod, as Kubernetes quantities. */
  readonly cpu: string;
  readonly memory: string;
}

export const otherColour = (colour: Colour): Colour => (colour === "blue" ? "green" : "blue");

/** All traffic to one colour. */
export const allTo = (colour: Colour): Shares =>
  colour === "blue" ? { blue: 100, green: 0 } : { blue: 0, green: 100 };

/** `green`'s percentage given, blue has the rest. */
export const greenAt = (green: number): Shares => ({ blue: 100 - green, green });

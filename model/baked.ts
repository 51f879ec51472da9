import { isRecord } from "./schema/faults";
import { sameManifest } from "./manifest";
import type { Migration } from "./migration";
import type { DeployedManifest, Manifest, Recorded, Release } from "./release";
import type { Transition } from "./rule";
import { goesBack, isRestored } from "./trust";

/** What an earlier environment trusts: a version that was live there for its bake time, with its images. */
export interface Baked {
  readonly version: string;
  /** Images by service, where the manifest named them: full references with tag or digest. */
  readonly images?: Readonly<Record<string, string>>;
  /** What it did to the schema. Absent: nothing. */
  readonly migration?: Migration;
  /** ISO time from which it counts as trusted there. */
  readonly at: string;
}

/**
 * What has baked in the environment before this one. `unknown`: nobody can say, because nothing there has been
 * deployed yet, which is told and not judged. `unseen`: it could not be read, and what needs it is refused.
 */
export type BakedBefore = readonly Baked[] | "unknown" | "unseen";

/** Older ones are forgotten: an environment that is so far behind takes a newer version. */
export const MOST_BAKED = 10;

/** Characters of the list, so that it fits into a parameter beside the rest of what a stack publishes. */
const LONGEST_LIST = 2_500;

/**
 * What has baked here once an update has succeeded, the newest first. What came by a promote had baked before it; a
 * first deployment and a change in place bake from then on. A version that was left for its predecessor did not.
 */
export function bakedAfter(transition: Transition, { trusted }: Pick<Recorded, "trusted">): readonly Baked[] {
  const { from, to, limits } = transition;
  const manifest = to[to.live] as DeployedManifest;
  const before = from
    ? (from.baked ?? listed([bakedOf(from.release[from.release.live], from.trusted.at)]))
    : [];
  const left =
    from && (goesBack({ from, to }) || isRestored({ from, to })) ? liveOf(from.release) : undefined;
  const kept = left ? before.filter((one) => !isThe(one, left)) : before;
  if (kept.some((one) => isThe(one, manifest))) return kept;
  const promoted = from !== undefined && from.release.live !== to.live;
  const at = promoted
    ? trusted.at
    : new Date(Date.parse(trusted.at) + limits.bakeSeconds * 1_000).toISOString();
  return listed([bakedOf(manifest, at), ...kept]);
}

const liveOf = (release: Release): Manifest => release[release.live];

const bakedOf = ({ version = "", images, migration }: Manifest, at: string): Baked => ({
  version,
  ...(images && Object.keys(images).length > 0 && { images }),
  ...(migration && { migration }),
  at,
});

/** Whether a manifest is of that content. Settings are an environment's own. */
const isThe = ({ version, images }: Baked, manifest: Manifest): boolean =>
  sameManifest({ version, ...(images && { images }) }, { ...manifest, ...OWN });

/** Parts of a manifest that say nothing of what was built. */
const OWN = { settings: undefined, services: undefined, migration: undefined } as unknown as Manifest;

/** As many as there is room for, and the newest at least. */
function listed(all: readonly Baked[]): readonly Baked[] {
  const most = all.slice(0, MOST_BAKED);
  while (most.length > 1 && JSON.stringify(most).length > LONGEST_LIST) most.pop();
  return most;
}

/** The list as somebody published it; undefined where it is none. */
export function bakedIn(published: unknown): readonly Baked[] | undefined {
  if (!Array.isArray(published)) return undefined;
  const whole = published.every(
    (one: unknown) => isRecord(one) && typeof one["version"] === "string" && typeof one["at"] === "string",
  );
  return whole ? (published as readonly Baked[]) : undefined;
}

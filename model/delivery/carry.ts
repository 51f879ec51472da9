import type { Baked } from "../baked";
import { sameManifest, sameMigration } from "../manifest";
import { type Colour, type Manifest, type Release, otherColour } from "../release";
import { secondsBetween } from "../trust";
import { changedAfter } from "./approved";

/** What is to be done so that a stack gets what has baked in the environment before it. */
export type Carrying =
  /** The colour that has it. Absent: one has a newer version, or another migration beside it. */
  | { readonly kind: "nothing"; readonly why: string; readonly colour?: Colour }
  | { readonly kind: "held"; readonly why: string }
  | {
      readonly kind: "edit";
      readonly colour: Colour;
      readonly baked: Baked;
      readonly edit: Partial<Record<Colour, Manifest>>;
    };

/** What is asked for. */
export interface CarryWish {
  /** As configuration has it. */
  readonly release: Release;
  /** What has baked before, the newest first. */
  readonly baked: readonly Baked[];
  /** One of them. Default: the newest. */
  readonly version?: string | undefined;
  /** What was packed for whoever approves: nothing else is carried. Default: all that has baked. */
  readonly among?: readonly Baked[] | undefined;
  /** The stack's services, all of which a colour has that names none. */
  readonly services: readonly string[];
  /** ISO time. */
  readonly now: string;
}

/**
 * Version, images by digest and migration of what has baked, for the candidate; under the rolling strategy for the
 * live colour. Settings and the list of services are the stack's own: the candidate has the live colour's.
 */
export function carry({ release, baked, version, among, services, now }: CarryWish): Carrying {
  const open = among ? baked.filter((one) => among.some((other) => sameContent(one, other))) : baked;
  const trusted = open.filter(({ at }) => secondsBetween(at, now) >= 0);
  const found = version === undefined ? trusted[0] : trusted.find((one) => one.version === version);
  if (!found) return { kind: "held", why: among && open.length === 0 ? GONE : missing(open, version, now) };
  const { live, traffic } = release;
  const colour = release.strategy === "rolling" ? live : otherColour(live);
  const carried = manifestOf(found, release[live]);
  for (const one of [live, otherColour(live)]) {
    if (sameManifest(withoutMigration(release[one]), withoutMigration(carried)))
      return {
        ...{ kind: "nothing", why: `${one} has ${found.version} already` },
        ...(isNoOther(release[one].migration, found.migration) && { colour: one }),
      };
  }
  // A run that was packed later has been approved before this one.
  const newer = among && version === undefined ? baked.slice(0, baked.indexOf(found)) : [];
  for (const one of [live, otherColour(live)]) {
    if (newer.some((other) => sameContent(other, release[one])))
      return { kind: "nothing", why: `${one} has ${release[one].version ?? ""}, which is newer` };
  }
  if (colour !== live && traffic[colour] > 0) {
    const running = release[colour].version ?? "nothing";
    return {
      kind: "held",
      why: `${colour} has ${traffic[colour]} % of the traffic with ${running}: that release ends first, or is taken back`,
    };
  }
  const isDefault = services.every((service) => carried.services?.includes(service));
  const { services: _, ...rest } = carried;
  return { kind: "edit", colour, baked: found, edit: { [colour]: isDefault ? rest : carried } };
}

/**
 * Why nothing is carried over with another program than the one that was tried; undefined where it is the same.
 *
 * @param files of the program that differ from those that the stack before was deployed with
 */
export const untried = (files: readonly string[]): string | undefined =>
  files.length === 0
    ? undefined
    : changedAfter(files, "the stack before was deployed, which has not tried that");

const GONE = "nothing that was packed has baked there, or counts as that any more";

const manifestOf = ({ version, images, migration }: Baked, { settings, services }: Manifest): Manifest => ({
  version,
  ...(images && { images }),
  ...(settings && { settings }),
  ...(services && { services }),
  ...(migration && { migration }),
});

/** Whether both are of the same version and images: settings, services and what is done to the schema aside. */
const sameContent = (
  one: Pick<Manifest, "version" | "images">,
  other: Pick<Manifest, "version" | "images">,
) => sameManifest(builtOf(one), builtOf(other));

const builtOf = ({ version, images }: Pick<Manifest, "version" | "images">): Manifest => ({
  ...(version !== undefined && { version }),
  ...(images && { images }),
});

/** Whether an update of the version would change the schema by what has baked with it alone, or not at all. */
const isNoOther = (own: Manifest["migration"], baked: Manifest["migration"]): boolean =>
  own === undefined || sameMigration(own, baked);

/** What has run needs its migration no more. */
const withoutMigration = ({ migration: _, ...manifest }: Manifest): Manifest => manifest;

function missing(baked: readonly Baked[], version: string | undefined, now: string): string {
  const waiting = baked.find((one) => version === undefined || one.version === version);
  if (waiting && secondsBetween(now, waiting.at) > 0) {
    return `${waiting.version} still bakes there, until ${waiting.at}`;
  }
  const known = baked.map((one) => one.version).join(", ") || "nothing";
  return `${version ?? "a version"} has not baked there; what has: ${known}`;
}

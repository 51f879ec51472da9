import type { Baked } from "../baked";
import { sameManifest } from "../manifest";
import { gaining } from "../movement";
import { COLOURS, type Colour, type Manifest } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, remove, set } from "../schema/faults";
import { leastOf } from "../shares";
import { isRestored, isTrusted, secondsBetween } from "../trust";
import { giveTraffic, list, takeAway } from "./wording";

/** What users here are to trust has been trusted elsewhere before, with the same images. */
export const t9: Rule = {
  id: "T9",
  title: "A version that has not baked in the environment before",
  severity: "high",
  protects: "users from a version, or images of it, that nobody has run for long enough anywhere",
  wayOut: "Release it in the environment before this one, and come back once it is trusted there.",
  judge: (transition) => {
    const baked = bakedBy(transition);
    if (!baked) return [];
    return bakeAsked(transition).flatMap((colour) => {
      const { version } = transition.to[colour];
      if (version === undefined || baked.some((one) => isSame(one, transition.to[colour]))) return [];
      return [violation(transition, colour, baked)];
    });
  },
};

/** What counts by now; of what could not be read nothing does. Undefined where the rule has nothing to judge by. */
function bakedBy({ baked, now }: Transition): readonly Baked[] | undefined {
  if (baked === undefined || baked === "unknown") return undefined;
  return baked === "unseen" ? [] : baked.filter(({ at }) => secondsBetween(at, now) >= 0);
}

/**
 * The colours whose version must have baked: those that take it, with traffic or not, because its migration runs; and
 * those that raise it. What is trusted here, and its way back, is not asked again.
 */
export const bakeAsked = (transition: Transition): Colour[] =>
  COLOURS.filter((colour) => transition.to[colour].version !== undefined).filter(
    (colour) => takes(transition, colour) || gaining(transition).includes(colour),
  );

function takes(transition: Transition, colour: Colour): boolean {
  const { from, to } = transition;
  if (!from) return true;
  const restored = colour === to.live && isRestored(transition);
  if (restored || isSame(from.release[colour], to[colour])) return false;
  // The live version with other settings, as for a change of provider, or what is retained, in another colour.
  return !COLOURS.some(
    (one) => isTrusted({ ...transition, to: from.release }, one) && isSame(from.release[one], to[colour]),
  );
}

type Images = Pick<Manifest, "version" | "images">;

/** A digest is the content, wherever it is kept; a tag is one only in its own repository. */
const isSame = (one: Images, other: Images): boolean =>
  one.version === other.version && sameManifest({ images: contents(one) }, { images: contents(other) });

const contents = ({ images = {} }: Images): Record<string, string> =>
  Object.fromEntries(
    Object.entries(images).map(([service, reference]) => [
      service,
      reference.includes("@") ? reference.slice(reference.indexOf("@")) : reference,
    ]),
  );

function violation(transition: Transition, colour: Colour, baked: readonly Baked[]): Violation {
  const { from, to } = transition;
  const { version = "none" } = to[colour];
  const taken = takes(transition, colour);
  const there = baked.find((one) => one.version === version);
  const others = there ? differing(there, to[colour]) : [];
  const found = there ? `version ${version} with other images of ${list(others)}` : `version ${version}`;
  const known = list(baked.map((one) => `${one.version} (since ${one.at})`));
  const unread = transition.baked === "unseen" && "which could not be read";
  const limit = `what has baked in the environment before this one: ${unread || known || "nothing so far"}`;
  const remedy = taken
    ? there
      ? others.map((service) => withImage(colour, service, there)).join(" && ")
      : keepVersion(colour, from?.release[colour].version, to[colour])
    : giveTraffic(colour, from ? leastOf(from, colour) : 0);
  return {
    id: "T9",
    severity: t9.severity,
    where: taken
      ? format(["release", colour, there ? "images" : "version"])
      : format(["release", "traffic", colour]),
    found,
    limit,
    remedy,
    message:
      `${colour} would ${taken ? "take" : `get ${to.traffic[colour]} % of the traffic with`} ${found}. ` +
      `The limit: ${limit}. ` +
      (taken && there
        ? `Take the images that have baked: ${remedy}. Or release these ones there first.`
        : `Release it there first, until it is trusted, and leave it here as it is until then: ${remedy}.`),
  };
}

/** The services whose images are not the same content. */
const differing = (one: Images, other: Images): string[] =>
  [...new Set([...Object.keys(one.images ?? {}), ...Object.keys(other.images ?? {})])].filter(
    (service) => contents(one)[service] !== contents(other)[service],
  );

const withImage = (colour: Colour, service: string, { images = {} }: Baked): string => {
  const path = ["release", colour, "images", service] as const;
  return images[service] === undefined ? remove(path) : set(path, images[service]);
};

const keepVersion = (colour: Colour, before: string | undefined, manifest: Manifest): string =>
  before === undefined ? takeAway(colour, manifest) : set(["release", colour, "version"], before);

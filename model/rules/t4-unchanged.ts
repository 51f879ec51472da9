import { type Aspect, aspectOf, changesOf } from "../footprint";
import { differences, sameManifest } from "../manifest";
import { COLOURS, type Colour, type Footprint, type Manifest, type Recorded, otherColour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { type Path, format, remove, set } from "../schema/faults";
import { mostOf } from "../shares";
import { isInPlace } from "../trust";
import { giveTraffic, list } from "./wording";

/** What users are on does not change under them. */
export const t4: Rule = {
  id: "T4",
  title: "A change to what a colour with traffic runs",
  protects: "users and measurements from a version that changes under them",
  judge: (transition) => {
    const { from } = transition;
    if (!from) return [];
    const changed = COLOURS.filter((colour) => isServing(transition, from, colour))
      .filter((colour) => !sameManifest(from.release[colour], transition.to[colour]))
      .filter((colour) => !isInPlace(transition, colour));
    return [
      ...changed.map((colour) => manifestChanged(transition, from, colour)),
      ...stackChanged(transition, from),
    ];
  },
};

/** The live colour counts without traffic too: it is where a retreat goes. */
const isServing = ({ to }: Transition, from: Recorded, colour: Colour): boolean =>
  mostOf(from, colour) > 0 || to.traffic[colour] > 0 || colour === from.release.live || colour === to.live;

function manifestChanged({ to }: Transition, from: Recorded, colour: Colour): Violation {
  const [before, after] = [from.release[colour], to[colour]];
  const keys = differences(before, after);
  const has = Math.max(mostOf(from, colour), to.traffic[colour]);
  const remedy = restore(colour, before, keys);
  const live = colour === from.release.live;
  const other = live
    ? `release the change as the candidate, ${otherColour(colour)}, or under the rolling strategy (set in an update of its own)`
    : `take its traffic away first (${giveTraffic(colour, 0)}; pulumi up), change it, and shift again`;
  return {
    id: "T4",
    severity: "critical",
    where: format(["release", colour, keys[0] ?? "version"]),
    found: list(keys.map((key) => `${key} ${text(before[key])} → ${text(after[key])}`)),
    limit: live ? "the live colour keeps what it runs" : "a colour with traffic keeps what it runs",
    remedy,
    message:
      `${colour} has ${has} % of the traffic${live ? " and is live" : ""}, and what it runs would change: ` +
      `${list(keys.map((key) => describe(key, before, after)))}. ` +
      `The limit: a colour keeps what it runs while it is live or has traffic. ` +
      `Keep it (${remedy}), or ${other}.`,
  };
}

/** Values of settings may be secret, so only versions are named. */
const describe = (key: keyof Manifest, before: Manifest, after: Manifest): string =>
  key === "version" ? `version ${text(before.version)} → ${text(after.version)}` : key;

const text = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined ? "none" : "(changed)";

const restore = (colour: Colour, before: Manifest, keys: readonly (keyof Manifest)[]): string =>
  keys
    .map((key) => {
      if (key === "version" && before.version !== undefined)
        return set(["release", colour, key], before.version);
      if (before[key] === undefined) return remove(["release", colour, key]);
      return `put ${format(["release", colour, key])} back: git restore -p Pulumi.<stack>.yaml`;
    })
    .join(" && ");

/** What a service is belongs to the stack, so a change reaches every colour at once. */
function stackChanged(transition: Transition, from: Recorded): Violation[] {
  if (isInPlace(transition, transition.to.live)) return [];
  return Object.entries(transition.services).flatMap(([name, after]) => {
    const before = from.services[name];
    if (!before) return [];
    return changesOf(before, after)
      .filter((aspect) => isKept(aspect, before))
      .map((aspect) => serviceChanged(name, aspect, before, after));
  });
}

/** Sizes are T6's. An internal service that the world is to reach takes nothing from anybody. */
const isKept = (aspect: Aspect, before: Footprint): boolean => {
  if (aspect === "public") return before.public && before.address === undefined;
  if (aspect === "address") return before.public;
  return aspect !== "replicas" && aspect !== "cpu" && aspect !== "memory";
};

function serviceChanged(name: string, aspect: Aspect, one: Footprint, other: Footprint): Violation {
  const before = told(one, aspect);
  const after = told(other, aspect);
  const where = format(placeOf(name, aspect));
  const remedy = keep(name, aspect, before);
  const apart = aspect === "image" ? ", or give the candidate images of its own" : "";
  return {
    id: "T4",
    severity: "critical",
    where,
    found: `${before} → ${after}`,
    limit: "a colour with traffic keeps what it runs",
    remedy,
    message:
      `${where} would change from ${before} to ${after}, for both colours at once, and one of them has traffic. ` +
      `The limit: a colour keeps what it runs, and how it is reached, while it is live or has traffic. ` +
      `Keep it (${remedy}), or change it under the rolling strategy (set in an update of its own)${apart}.`,
  };
}

const told = (footprint: Footprint, aspect: Aspect): string | number => {
  const value = aspectOf(footprint, aspect);
  if (typeof value === "boolean") return value ? "public" : "internal";
  return value ?? "internal";
};

function placeOf(name: string, aspect: Aspect): Path {
  if (aspect === "liveness" || aspect === "readiness") return ["services", name, "health", aspect];
  return ["services", name, aspect === "address" ? "public" : aspect];
}

/** Images and addresses are made of more than one key. */
function keep(name: string, aspect: Aspect, before: string | number): string {
  const place = placeOf(name, aspect);
  if (aspect === "image")
    return `put ${format(place)} or sluice:registry back so that the image is ${before}`;
  if (aspect === "public") return `put ${format(place)} back: git restore -p Pulumi.<stack>.yaml`;
  if (aspect === "address") {
    return `put ${format(place)} or sluice:domain back so that it is reached at ${before}`;
  }
  return set(place, before);
}

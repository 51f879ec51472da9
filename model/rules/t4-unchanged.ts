import { differences, sameManifest } from "../manifest";
import { COLOURS, type Colour, type Manifest, type Recorded, otherColour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, remove, set } from "../schema/faults";
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

/** Image and port belong to the stack, so a change reaches every colour at once. */
function stackChanged(transition: Transition, from: Recorded): Violation[] {
  if (isInPlace(transition, transition.to.live)) return [];
  return Object.entries(transition.services).flatMap(([name, after]) => {
    const before = from.services[name];
    if (!before) return [];
    const keys = (["image", "port"] as const).filter((key) => before[key] !== after[key]);
    return keys.map((key) => serviceChanged(name, key, before[key], after[key]));
  });
}

function serviceChanged(
  name: string,
  key: "image" | "port",
  before: string | number,
  after: string | number,
): Violation {
  const where = format(["services", name, key]);
  const remedy =
    key === "port"
      ? set(["services", name, key], before)
      : `put ${where} or sluice:registry back so that the image is ${before}`;
  return {
    id: "T4",
    severity: "critical",
    where,
    found: `${before} → ${after}`,
    limit: "a colour with traffic keeps what it runs",
    remedy,
    message:
      `${where} would change from ${before} to ${after}, for both colours at once, and one of them has traffic. ` +
      `The limit: a colour keeps what it runs while it is live or has traffic. ` +
      `Keep it (${remedy}), or change it under the rolling strategy (set in an update of its own), or give the candidate images of its own.`,
  };
}

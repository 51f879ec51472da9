import { remove, set } from "../schema/faults";
import { type Colour, type Manifest, otherColour } from "../release";

/** The commands that give a colour this share, and the rest to the other. */
export const giveTraffic = (colour: Colour, share: number): string =>
  [
    set(["release", "traffic", colour], share),
    set(["release", "traffic", otherColour(colour)], 100 - share),
  ].join(" && ");

/** The commands that leave a colour without a version; a migration without one is a fault of configuration. */
export const takeAway = (colour: Colour, { migration }: Manifest): string =>
  [
    remove(["release", colour, "version"]),
    ...(migration ? [remove(["release", colour, "migration"])] : []),
  ].join(" && ");

/** `one`, `one and two`, `one, two and three`. */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.slice(-1).join("")}`;

/** A time so many seconds after another, both ISO. */
export const after = (at: string, seconds: number): string =>
  new Date(Date.parse(at) + seconds * 1000).toISOString();

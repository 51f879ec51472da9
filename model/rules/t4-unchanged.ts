import { type Aspect, aspectOf, changesOf, isProbe } from "../footprint";
import { differences, servicesOf } from "../manifest";
import { COLOURS, type Colour, type Footprint, type Manifest, type Recorded, otherColour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { type Path, format, remove, set } from "../schema/faults";
import { sharesOf } from "../serviceLists";
import { mostOf } from "../shares";
import { SIZES, nameServices, sameRun, servicesChanged, withoutList } from "./running";
import { isInPlace } from "../trust";
import { giveTraffic, list } from "./wording";

/** What users are on does not change under them. */
export const t4: Rule = {
  id: "T4",
  title: "A change to what a colour with traffic runs",
  severity: "critical",
  protects: "users and measurements from a version that changes under them",
  wayOut: "Release the change as the candidate, or under the rolling strategy.",
  judge: (transition) => {
    const { from } = transition;
    if (!from) return [];
    const changed = COLOURS.filter((colour) => isServing(transition, from, colour))
      .filter((colour) => !sameRun(transition, from, colour))
      .filter((colour) => !isInPlace(transition, colour) && !onlyGains(transition, from, colour));
    return [
      ...changed.map((colour) => manifestChanged(transition, from, colour)),
      ...stackChanged(transition, from),
    ];
  },
};

/** The live colour counts without traffic too: it is where a retreat goes. */
const isServing = ({ to }: Transition, from: Recorded, colour: Colour): boolean =>
  mostOf(from, colour) > 0 || to.traffic[colour] > 0 || colour === from.release.live || colour === to.live;

/**
 * A candidate may be given further services while it has traffic: what users reach of it stays, and its bake
 * time starts again. The live colour may not, since its pods would be restarted to know of them.
 */
const onlyGains = (transition: Transition, from: Recorded, colour: Colour): boolean =>
  colour !== from.release.live &&
  colour !== transition.to.live &&
  servicesChanged(transition, from, colour).lost.length === 0 &&
  differences(withoutList(from.release[colour]), withoutList(transition.to[colour])).length === 0;

/** One difference of what a colour runs: where it is told, what it is, and what takes it back. */
interface Difference {
  readonly key: keyof Manifest;
  readonly found: string;
  readonly told: string;
  readonly remedy: string;
}

function manifestChanged(transition: Transition, from: Recorded, colour: Colour): Violation {
  const { to } = transition;
  const changes = [
    ...differences(withoutList(from.release[colour]), withoutList(to[colour])).map((key) =>
      different(key, colour, from.release[colour], to[colour]),
    ),
    ...listDifferences(transition, from, colour),
  ];
  const has = Math.max(mostOf(from, colour), to.traffic[colour]);
  const remedy = changes.map((change) => change.remedy).join(" && ");
  const live = colour === from.release.live;
  const other = live
    ? `release the change as the candidate, ${otherColour(colour)}, or under the rolling strategy (set in an update of its own)`
    : `take its traffic away first (${giveTraffic(colour, 0)}; pulumi up), change it, and shift again`;
  return {
    id: "T4",
    severity: t4.severity,
    where: format(["release", colour, changes[0]?.key ?? "version"]),
    found: list(changes.map(({ found }) => found)),
    limit: live ? "the live colour keeps what it runs" : "a colour with traffic keeps what it runs",
    remedy,
    message:
      `${colour} has ${has} % of the traffic${live ? " and is live" : ""}, and what it runs would change: ` +
      `${list(changes.map(({ told }) => told))}. ` +
      `The limit: a colour keeps what it runs while it is live or has traffic. ` +
      `Keep it (${remedy}), or ${other}.`,
  };
}

/** Values of settings may be secret, so only versions are named. */
function different(key: keyof Manifest, colour: Colour, before: Manifest, after: Manifest): Difference {
  const change = `${key} ${text(before[key])} → ${text(after[key])}`;
  return { key, found: change, told: key === "version" ? change : key, remedy: restore(colour, before, key) };
}

const text = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined ? "none" : "(changed)";

function restore(colour: Colour, before: Manifest, key: keyof Manifest): string {
  if (key === "version" && before.version !== undefined) return set(["release", colour, key], before.version);
  if (before[key] === undefined) return remove(["release", colour, key]);
  return `put ${format(["release", colour, key])} back: git restore -p Pulumi.<stack>.yaml`;
}

/** A colour that names its services follows the stack's list no more. */
function listDifferences(transition: Transition, from: Recorded, colour: Colour): Difference[] {
  const { gained, lost } = servicesChanged(transition, from, colour);
  if (gained.length + lost.length === 0) return [];
  const found = [
    ...(gained.length > 0 ? [`services gain ${list(gained)}`] : []),
    ...(lost.length > 0 ? [`services lose ${list(lost)}`] : []),
  ].join(", ");
  const gone = lost.filter((name) => !transition.services[name]);
  const back = gone.length > 0 ? `put ${list(gone)} back into sluice:services and ` : "";
  const had = servicesOf(from.release[colour], from.services);
  return [{ key: "services", found, told: found, remedy: `${back}${nameServices(colour, had)}` }];
}

/** What a service is belongs to the stack, so a change reaches every colour at once. */
function stackChanged(transition: Transition, from: Recorded): Violation[] {
  if (isInPlace(transition, transition.to.live)) return [];
  return Object.entries(transition.services).flatMap(([name, after]) => {
    const before = from.services[name];
    if (!before) return [];
    return changesOf(before, after)
      .filter((aspect) => isKept(aspect, before) && !isWithdrawn(transition, name, after))
      .map((aspect) => serviceChanged(name, aspect, before, after));
  });
}

/** Sizes are T6's. An internal service that the world is to reach takes nothing from anybody. */
const isKept = (aspect: Aspect, before: Footprint): boolean => {
  if (aspect === "public") return before.public && before.address === undefined;
  if (aspect === "address") return before.public;
  return !SIZES.some((size) => size === aspect);
};

/** A service that no colour serves any more may be taken from the world; as long as the live one has it, it is not. */
const isWithdrawn = ({ to }: Transition, name: string, after: Footprint): boolean =>
  !after.public && sharesOf(to, name) === undefined;

function serviceChanged(name: string, aspect: Aspect, one: Footprint, other: Footprint): Violation {
  const before = told(one, aspect);
  const after = told(other, aspect);
  const where = format(placeOf(name, aspect));
  const remedy = keep(name, aspect, before);
  const apart = aspect === "image" ? ", or give the candidate images of its own" : "";
  return {
    id: "T4",
    severity: t4.severity,
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
  if (isProbe(aspect)) return ["services", name, "health", aspect];
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

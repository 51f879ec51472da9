import { capacityFor, capacityOf, floorOf } from "../capacity";
import { servicesOf } from "../manifest";
import { publicNames, rises } from "../movement";
import { COLOURS, type Colour, type Footprint, type Recorded } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { set } from "../schema/faults";
import { sharesOf } from "../serviceLists";
import { leastOf } from "../shares";
import { isInPlace, isTrusted } from "../trust";
import { sameRun } from "./running";
import { unserved } from "./t2-unserved";
import { giveTraffic } from "./wording";

/**
 * Traffic goes where something can answer it. Of a service that a colour does not have it gets none, whatever
 * its share (`sharesOf`), so a candidate may have more or fewer services than the live colour. What the world
 * uses goes with the live colour only if the stack says so.
 */
export const t2: Rule = {
  id: "T2",
  title: "Traffic to a colour that cannot serve it",
  severity: "critical",
  protects:
    "users from a colour that has no version, too few pods for its share, or not the service they use",
  wayOut: "Deploy and raise without a shift in one update, and shift in the next one.",
  judge: (transition) => [
    ...COLOURS.filter((colour) => transition.to.traffic[colour] > 0).flatMap((colour) => {
      const reason = absent(transition, colour) ?? small(transition, colour);
      return reason ? [violation(transition, colour, reason)] : [];
    }),
    ...unserved(transition),
  ],
};

interface Reason {
  readonly found: string;
  readonly limit: string;
  readonly remedy: string;
}

/** The colour as a whole. */
function absent(transition: Transition, colour: Colour): Reason | undefined {
  const { from, to } = transition;
  const back = giveTraffic(colour, 0);
  if (to[colour].version === undefined) {
    return { found: "no version", limit: "a colour with traffic has a version", remedy: back };
  }
  const first = `first deploy it without traffic (${back}; pulumi up), then shift`;
  if (!from) {
    if (colour === to.live) return undefined;
    return {
      found: "a new stack",
      limit: "the first deployment has all traffic on the live colour",
      remedy: back,
    };
  }
  if (!isRising(transition, colour)) return undefined;
  const deployed = sameRun(transition, from, colour) || isInPlace(transition, colour);
  if (deployed) return undefined;
  const found = `${from.release[colour].version ?? "no version"} deployed`;
  return { found, limit: "what gets traffic was deployed by an earlier update", remedy: first };
}

const isRising = (transition: Transition, colour: Colour): boolean =>
  rises(transition).some((rise) => rise.colour === colour);

/**
 * Too few pods for the share: by what the edit asks for, and, where the version is not trusted, by what an
 * earlier update has raised already. An autoscaler follows load minutes late, so capacity comes before share.
 */
function small(transition: Transition, colour: Colour): Reason | undefined {
  const { from, to, services } = transition;
  if (!from || !isRising(transition, colour)) return undefined;
  const asked = lacking(transition, colour, services, capacityOf(to, colour));
  if (asked) return tooSmall(transition, colour, asked, capacityOf(to, colour));
  if (isTrusted(transition, colour)) return undefined;
  const before = capacityOf(from.release, colour);
  const deployed = lacking(transition, colour, from.services, before);
  return deployed && tooSoon(transition, from, colour, deployed, before);
}

/** A service whose pods are too few, and how many it needs. */
interface Lack {
  readonly service: string;
  readonly needs: number;
  readonly has: number;
  /** Capacity in percent that is enough. */
  readonly enough: number;
}

/** Where so much capacity of the services as they are, or were, does not carry the shares as they will be. */
function lacking(
  { to, services }: Transition,
  colour: Colour,
  sizes: Readonly<Record<string, Footprint>>,
  capacity: number,
): Lack | undefined {
  const exposed = new Set(publicNames(services));
  const lacks = servicesOf(to[colour], services).flatMap((service) => {
    const [size, full] = [sizes[service], services[service]];
    // What does not follow the candidate's share runs in the live colour alone.
    if (!size || !full || (full.kind ?? "http") !== "http") return [];
    // An internal service has its colour's share: its callers are its own colour's.
    const share = exposed.has(service) ? (sharesOf(to, service)?.shares[colour] ?? 0) : to.traffic[colour];
    const has = floorOf(size, capacity);
    const needs = floorOf(full, share);
    const enough = capacityFor(needs, full);
    return has >= needs ? [] : [{ service, needs, has, enough }];
  });
  return lacks.sort((one, other) => other.enough - one.enough)[0];
}

function tooSmall({ to }: Transition, colour: Colour, lack: Lack, capacity: number): Reason {
  const { service, needs, has, enough } = lack;
  // The share is the better measure of what to raise to than the least that rounding lets pass.
  const raised = Math.max(enough, to.traffic[colour]);
  return {
    found: `a capacity of ${capacity} %, which is ${has} of ${service}'s pods`,
    limit: `${needs} pods of ${service}, raised by an earlier update than the share`,
    remedy: set(["release", "capacity", colour], raised),
  };
}

function tooSoon(transition: Transition, from: Recorded, colour: Colour, lack: Lack, before: number): Reason {
  const { service, needs, has } = lack;
  return {
    found: `${has} of ${service}'s pods so far, at a capacity of ${before} %`,
    limit: `${needs} pods of ${service} before the share: one update raises, the next one shifts`,
    remedy: `first raise without a shift (${giveTraffic(colour, leastOf(from, colour))}; pulumi up), then shift`,
  };
}

function violation({ to }: Transition, colour: Colour, { found, limit, remedy }: Reason): Violation {
  const share = to.traffic[colour];
  return {
    id: "T2",
    severity: t2.severity,
    where: `sluice:release.traffic.${colour}`,
    found,
    limit,
    remedy,
    message:
      `${colour} would get ${share} % of the traffic with version ${to[colour].version ?? "none"}; found: ${found}. ` +
      `The limit: ${limit}. The way out: ${remedy}.`,
  };
}

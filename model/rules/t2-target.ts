import { sameManifest, servicesOf } from "../manifest";
import { publicNames, rises } from "../movement";
import { COLOURS, type Colour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, remove } from "../schema/faults";
import { isInPlace, isTrusted } from "../trust";
import { giveTraffic, list } from "./wording";

/** Traffic goes where something can answer it. */
export const t2: Rule = {
  id: "T2",
  title: "Traffic to a colour that cannot serve it",
  protects: "users from a colour that has no version or not every public service",
  judge: (transition) =>
    COLOURS.filter((colour) => transition.to.traffic[colour] > 0).flatMap((colour) => {
      const reason = absent(transition, colour) ?? lacking(transition, colour);
      return reason ? [violation(transition, colour, reason)] : [];
    }),
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
  const rising = rises(transition).some((rise) => rise.colour === colour);
  if (!rising) return undefined;
  const deployed = sameManifest(from.release[colour], to[colour]) || isInPlace(transition, colour);
  if (deployed) return undefined;
  const found = `${from.release[colour].version ?? "no version"} deployed`;
  return { found, limit: "what gets traffic was deployed by an earlier update", remedy: first };
}

/** Public services that the colour does not have, where it gets traffic for them. */
function lacking(transition: Transition, colour: Colour): Reason | undefined {
  const { from, to, services } = transition;
  const has = servicesOf(to[colour], services);
  const rising = new Set(
    rises(transition)
      .filter((rise) => rise.colour === colour)
      .map((rise) => rise.service),
  );
  // A trusted colour had its services when it was trusted; a service that is public only now is new to it too.
  const asked = publicNames(services).filter((name) =>
    from?.rules[name] ? rising.has(name) && !isTrusted(transition, colour) : true,
  );
  const missing = asked.filter((name) => !has.includes(name));
  const [one] = missing;
  if (one === undefined) return undefined;
  // What the world reaches already stays reached: T4 says so.
  const other = from?.services[one]?.public
    ? `then put it into ${format(["release", colour, "services"])}`
    : `or keep the service from the world: ${remove(["services", one, "public"])} (where it is a default service write public: null)`;
  return {
    found: `no ${list(missing)}`,
    limit: "a colour with traffic has every public service",
    remedy: `${giveTraffic(colour, 0)}; ${other}`,
  };
}

function violation({ to }: Transition, colour: Colour, { found, limit, remedy }: Reason): Violation {
  const share = to.traffic[colour];
  return {
    id: "T2",
    severity: "critical",
    where: `sluice:release.traffic.${colour}`,
    found,
    limit,
    remedy,
    message:
      `${colour} would get ${share} % of the traffic with version ${to[colour].version ?? "none"}; found: ${found}. ` +
      `The limit: ${limit}. The way out: ${remedy}.`,
  };
}

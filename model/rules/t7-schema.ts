import { isServed } from "../evolution";
import { sameManifest } from "../manifest";
import { rises } from "../movement";
import { COLOURS, type Colour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, set } from "../schema/faults";
import { leastOf } from "../shares";
import { downgradeViolations } from "./t7-downgrade";
import { contractions } from "./t7-contract";
import { giveTraffic, takeAway } from "./wording";

/**
 * The schema and every version that runs on it, or may come back to it, fit together. It is the one rule
 * that may refuse a retreat: going back to a version that the schema does not serve breaks data.
 */
export const t7: Rule = {
  id: "T7",
  title: "A version and a schema that do not fit",
  severity: "critical",
  protects: "data, and the way back",
  wayOut: "Leave in the schema what older versions need until none of them may come back, or go forward.",
  judgesRetreat: true,
  judge: (transition) => [
    ...contractions(transition),
    ...COLOURS.flatMap((colour) => unserved(transition, colour)),
    ...downgradeViolations(transition),
  ],
};

/** A version that is older than the schema serves gets neither traffic nor trust, and is not deployed. */
function unserved(transition: Transition, colour: Colour): Violation[] {
  const { from, to } = transition;
  const schema = from?.schema;
  const { version } = to[colour];
  if (!schema || isServed(schema, version)) return [];
  const deployed = !sameManifest(from.release[colour], to[colour]);
  const rising = rises(transition).some((rise) => rise.colour === colour);
  const becomesLive = to.live === colour && from.release.live !== colour;
  if (!deployed && !rising && !becomesLive) return [];
  const keep = deployed
    ? from.release[colour].version === undefined
      ? takeAway(colour, to[colour])
      : set(["release", colour, "version"], from.release[colour].version)
    : rising
      ? giveTraffic(colour, leastOf(from, colour))
      : set(["release", "live"], from.release.live);
  const limit = `version ${schema.serves} or newer, since the migration of ${schema.version} to revision ${schema.revision} at ${schema.at}`;
  const remedy = `${keep}; what ${version ?? "none"} did better comes back as a version newer than ${schema.serves}`;
  return [
    {
      id: "T7",
      severity: t7.severity,
      where: deployed
        ? format(["release", colour, "version"])
        : rising
          ? format(["release", "traffic", colour])
          : "sluice:release.live",
      found: `version ${version ?? "none"}`,
      limit,
      remedy,
      message:
        `${colour} (version ${version ?? "none"}) would ${deployed ? "be deployed" : rising ? `get ${to.traffic[colour]} % of the traffic` : "become live"}, ` +
        `and the schema does not serve it. The limit: ${limit}. The way out: ${remedy}.`,
    },
  ];
}

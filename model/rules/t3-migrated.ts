import { hasMigrated } from "../evolution";
import { untrustedRises } from "../movement";
import { COLOURS, type Colour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { isInPlace } from "../trust";
import { giveTraffic } from "./wording";

/**
 * Users come to a version after the schema that it needs. In place under rolling, and on a new stack, one
 * update does both: the Job runs before the Deployment, and the pods before it keep serving until then.
 */
export const t3: Rule = {
  id: "T3",
  title: "A rise before the version's migration has completed",
  severity: "critical",
  protects: "users from a version whose schema is not there",
  wayOut: "Deploy the version without traffic, which runs its migration, and shift in the next update.",
  judge: (transition) => {
    const rising = new Set(untrustedRises(transition).map(({ colour }) => colour));
    return COLOURS.filter((colour) => rising.has(colour))
      .filter((colour) => !hasMigrated(transition, colour) && !isInPlace(transition, colour))
      .map((colour) => violation(transition, colour));
  },
};

function violation({ from, to, recovery }: Transition, colour: Colour): Violation {
  const { version = "none", migration } = to[colour];
  const revision = migration?.revision ?? "none";
  const found = from?.schema
    ? `revision ${from.schema.revision}, of version ${from.schema.version}`
    : "no migration completed";
  const limit = `revision ${revision}, completed by an earlier update`;
  const keep = giveTraffic(colour, 0);
  const remedy =
    recovery?.downgrade?.colour === colour
      ? `${keep}; release another version, or the same one anew without sluice:recovery.downgrade`
      : `first deploy it without traffic (${keep}; pulumi up), then shift`;
  return {
    id: "T3",
    severity: t3.severity,
    where: `sluice:release.traffic.${colour}`,
    found,
    limit,
    remedy,
    message:
      `${colour} (version ${version}) would get ${to.traffic[colour]} % of the traffic before its migration has ` +
      `completed. The schema: ${found}. The limit: ${limit}. The way out: ${remedy}.`,
  };
}

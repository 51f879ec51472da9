import { isOlder, isUndone } from "../evolution";
import { drainSeconds } from "../limits";
import type { Downgrade } from "../recovery";
import { otherColour } from "../release";
import type { Transition, Violation } from "../rule";
import { format, remove, set } from "../schema/faults";
import { mostOf } from "../shares";
import { isDraining } from "../trust";
import { after, giveTraffic } from "./wording";

interface Fault {
  readonly found: string;
  readonly limit: string;
  readonly remedy: string;
}

/** A rollback of the schema: only the declared one, and only while nobody needs what it takes away. */
export function downgradeViolations(transition: Transition): Violation[] {
  const downgrade = transition.recovery?.downgrade;
  if (!downgrade) return [];
  const found =
    undeclared(transition, downgrade) ??
    needed(transition, downgrade) ??
    (isUndone(transition) ? undefined : misplaced(transition, downgrade));
  return found ? [violation(downgrade, found)] : [];
}

function undeclared({ to }: Transition, downgrade: Downgrade): Fault | undefined {
  const { version, migration } = to[downgrade.colour];
  if (version !== undefined && migration?.downgrade === downgrade.to) return undefined;
  const declared = migration?.downgrade;
  return {
    found: `revision ${downgrade.to}`,
    limit: `the revision that sluice:release.${downgrade.colour}.migration.downgrade declares (${declared ?? "none"})`,
    remedy:
      declared === undefined
        ? remove(["recovery", "downgrade"])
        : set(["recovery", "downgrade", "to"], declared),
  };
}

/** What the newer schema is there for. */
function needed(transition: Transition, { colour }: Downgrade): Fault | undefined {
  const { from, to, limits } = transition;
  const limit = "nothing that needs the newer schema has traffic, is live or drains";
  const other = otherColour(colour);
  const share = Math.max(to.traffic[colour], from ? mostOf(from, colour) : 0);
  if (share > 0) {
    return { found: `${share} % of the traffic on ${colour}`, limit, remedy: away(colour) };
  }
  if (to.live === colour) {
    return { found: `${colour} is live`, limit, remedy: set(["release", "live"], other) };
  }
  const drainedAt = from?.drainedAt?.[colour];
  if (drainedAt !== undefined && isDraining(transition, colour)) {
    const until = after(drainedAt, drainSeconds(limits));
    return { found: `${colour} drains until ${until}`, limit, remedy: `wait until ${until}` };
  }
  const [stays, undone] = [to[other].version ?? "none", to[colour].version ?? "none"];
  if (isOlder(stays, undone)) return undefined;
  return {
    found: `${other} runs version ${stays}`,
    limit: `a version older than ${undone} on ${other}, because newer ones need what ${undone} migrated`,
    remedy: remove(["recovery", "downgrade"]),
  };
}

const away = (colour: Downgrade["colour"]): string =>
  `take its traffic away first, without sluice:recovery (${giveTraffic(colour, 0)}; pulumi up)`;

/** There is nothing to undo but what was the last to be done. */
function misplaced({ from, to }: Transition, { colour }: Downgrade): Fault | undefined {
  const { version } = to[colour];
  const schema = from?.schema;
  if (schema && schema.version === version && schema.revision === to[colour].migration?.revision) {
    return undefined;
  }
  return {
    found: schema ? `revision ${schema.revision}, of version ${schema.version}` : "no migration completed",
    limit: `revision ${to[colour].migration?.revision ?? "none"}, which ${version ?? "none"} left`,
    remedy: remove(["recovery", "downgrade"]),
  };
}

function violation({ colour, to }: Downgrade, { found, limit, remedy }: Fault): Violation {
  return {
    id: "T7",
    severity: "critical",
    where: format(["recovery", "downgrade"]),
    found,
    limit,
    remedy,
    message:
      `The schema would be taken down to revision ${to} with ${colour}'s image; found: ${found}. ` +
      `The limit: ${limit}. The way out: ${remedy}.`,
  };
}

import { pending } from "../evolution";
import { rises } from "../movement";
import { type PlatformChange, platformChanges } from "../platform";
import type { Recorded } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, set } from "../schema/faults";
import { leastOf } from "../shares";
import { isInPlace } from "../trust";
import { sameRun } from "./running";
import { list } from "./wording";

/**
 * What stands under both colours changes alone: if something fails afterwards, it has one cause, and traffic that
 * goes back finds what it left. A version that nobody is on yet may be deployed with it, because it moves nobody.
 */
export const t8: Rule = {
  id: "T8",
  title: "Users moved together with a change of cluster or backends",
  severity: "high",
  protects: "the comparison of two versions, and a way back that meets what it left",
  wayOut: "Make two updates of it: one changes the platform, the other moves users.",
  judge: (transition) => {
    const { from, platform } = transition;
    if (!from?.platform || !platform) return [];
    const changes = platformChanges(from.platform, platform);
    const [first, ...others] = changes.length > 0 ? movements(transition, from) : [];
    return first ? [violation([first, ...others], changes)] : [];
  },
};

interface Movement {
  readonly where: string;
  readonly told: string;
}

/** Whatever lets users meet another version, and what runs on the database itself. */
function movements(transition: Transition, from: Recorded): [] | [Movement, ...Movement[]] {
  const { to } = transition;
  const { live } = to;
  const found: Movement[] = [];
  for (const colour of new Set(rises(transition).map((rise) => rise.colour))) {
    const told = `${colour} rises from ${leastOf(from, colour)} % to ${to.traffic[colour]} %`;
    found.push({ where: format(["release", "traffic", colour]), told });
  }
  if (live !== from.release.live) found.push({ where: "sluice:release.live", told: `${live} becomes live` });
  // In place users come to the new version in this very update.
  if (isInPlace(transition, live) && !sameRun(transition, from, live)) {
    const where = format(["release", live, "version"]);
    found.push({ where, told: `${live} is replaced in place by version ${to[live].version ?? "none"}` });
  }
  // A Job that a restart of its database interrupts has done one half.
  for (const { colour, version } of pending(transition)) {
    found.push({ where: format(["release", colour, "migration"]), told: `the migration of ${version} runs` });
  }
  const [first, ...others] = found;
  return first ? [first, ...others] : [];
}

/** Back to what it was, with a command where configuration has it. */
const restore = ({ path, name, before }: PlatformChange): string =>
  path ? set(path, before) : `put ${name} back to ${before}`;

function violation(moved: readonly [Movement, ...Movement[]], changes: readonly PlatformChange[]): Violation {
  const movement = list(moved.map(({ told }) => told));
  const change = list(changes.map(({ name, before, after }) => `${name} ${before} → ${after}`));
  const limit = "an update changes the platform or moves users, not both";
  const remedy = `${changes.map(restore).join(" && ")}; pulumi up; then the platform in an update of its own`;
  return {
    id: "T8",
    severity: t8.severity,
    where: moved[0].where,
    found: `${movement}, with ${change}`,
    limit,
    remedy,
    message:
      `In one update ${movement}, and the platform under both colours changes: ${change}. ` +
      `The limit: ${limit}. Move users first: ${remedy}.`,
  };
}

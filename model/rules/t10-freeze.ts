import { type Frozen, frozen } from "../freeze";
import type { Rule, Transition, Violation } from "../rule";
import { type Released, released } from "./t10-released";
import { list } from "./wording";

/**
 * In a freeze nothing is released. Going back is never asked, and what only adds capacity is no release: load that
 * is expected is often what the freeze is for.
 */
export const t10: Rule = {
  id: "T10",
  title: "A change inside a freeze",
  severity: "high",
  protects: "users at a time when nobody wants a surprise, or when nobody is there to mend one",
  wayOut: "Wait for the end of the freeze; going back and more capacity are permitted throughout.",
  judge: (transition) => {
    const freeze = frozen(transition.limits.freezes, transition.now);
    if (!freeze) return [];
    const [first, ...others] = released(transition);
    return first ? [violation(transition, freeze, [first, ...others])] : [];
  },
};

function violation(
  transition: Transition,
  { reasons, until }: Frozen,
  changes: readonly [Released, ...Released[]],
): Violation {
  const found = list(changes.map(({ told }) => told));
  const why = list(reasons.map((reason) => `"${reason}"`));
  const limit = `nothing is released ${until === undefined ? "as long as sluice:limits.freezes says so, which has no end" : `until ${until}`}`;
  const keep = changes.map((change) => change.keep).join(" && ");
  const remedy = until === undefined ? keep : `${keep} until ${until}`;
  return {
    id: "T10",
    severity: t10.severity,
    where: changes[0].where,
    found,
    limit,
    remedy,
    message:
      `This is a freeze, ${why}, and the update would release something: ${found}. The limit: ${limit}. ` +
      `Leave it as it is: ${remedy}. Or answer for it, once and in your name (sluice:overrides). ` +
      `Going back and more capacity are permitted throughout.`,
  };
}

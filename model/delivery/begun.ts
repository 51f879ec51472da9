import { type Seen, valueOf } from "../rollout/seen";
import { type Action, hold } from "../rollout/action";
import type { LiveRule } from "../live";

/** What an update of the whole stack would deploy that nobody has deployed before. */
export interface Waiting {
  /** Files of the program that differ from what was deployed. */
  readonly files: Seen<readonly string[]>;
  /** Keys of configuration, as {@link waitingKeys} names them. */
  readonly keys: Seen<readonly string[]>;
}

/** How what is not deployed yet gets to a stack. */
export const broughtBy = (stack: string): string =>
  `${stack}'s deploy job brings that, or: sluice deploy -s ${stack}`;

const SHOWN = 3;

/**
 * Why an update of the whole stack is not for whoever only goes on with what was deployed, each a sentence; empty where
 * it deploys nothing new.
 */
export function waitingFor({ files, keys }: Waiting, stack: string): string[] {
  const how = broughtBy(stack);
  const unknown = [files, keys].flatMap((seen) => ("unseen" in seen ? [seen.unseen] : []));
  const changed = valueOf(files) ?? [];
  const asked = valueOf(keys) ?? [];
  return [
    ...(asked.length > 0
      ? [`${some(asked)} ${asked.length === 1 ? "is" : "are"} not deployed yet: ${how}`]
      : []),
    ...(changed.length > 0
      ? [`the program is another than the one deployed (${some(changed)}): ${how}`]
      : []),
    ...unknown.map((why) => `whether anything new would be deployed is not known (${why}): ${how}`),
  ];
}

const some = (names: readonly string[]): string =>
  [...names.slice(0, SHOWN), ...(names.length > SHOWN ? [`${names.length - SHOWN} more`] : [])].join(", ");

/**
 * What is done instead of an action whose update would deploy something new: nothing rises, and what somebody goes back
 * from loses its traffic at the load balancer, which waits for no update.
 *
 * @param reasons why, the decisive first; empty: the action stays as it is
 * @param rules as the load balancer has them
 */
export function begunOnly(action: Action, reasons: readonly string[], rules: readonly LiveRule[]): Action {
  if (reasons.length === 0) return action;
  switch (action.kind) {
    case "prepare":
    case "shift":
    case "promote":
      return hold(reasons.map((text) => ({ code: "behind", text, awaits: "person" })));
    case "retreat": {
      if (action.moves.length > 0) return action;
      const { traffic: shares } = action.release;
      const moves = rules
        .filter((rule) => rule.shares.green !== shares.green)
        .map((rule) => ({ rule, shares }));
      return { ...action, moves };
    }
    default:
      return action;
  }
}

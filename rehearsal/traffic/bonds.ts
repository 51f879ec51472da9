import { COLOURS, type Colour } from "../../model/release";
import { lookUntil } from "../lookUntil";
import type { Stray } from "./counts";
import type { WeightedRule } from "./weights";

/** What the load balancer's rules said of whom they keep; times are `performance.now()`'s. */
export interface Look {
  readonly asked: number;
  readonly answered: number;
  /** Colours whose sessions every rule kept; none where the rules could not be had. */
  readonly keeps: readonly Colour[];
}

/** Colours whose sessions stay: those that have a share in every rule, while cookies count in it. */
export const keptBy = (rules: readonly WeightedRule[]): Colour[] =>
  COLOURS.filter(
    (colour) =>
      rules.length > 0 &&
      rules.every(
        ({ groups, stickiness }) =>
          stickiness?.enabled === true && groups.some((group) => group.colour === colour && group.weight > 0),
      ),
  );

/**
 * Requests that left a colour which kept its sessions: in the last look before they were sent, in the first after they
 * had ended, and in all between.
 *
 * @param looks in the order of time
 * @returns undefined where no colour kept its sessions from one look to the next, so that nobody could leave one
 */
export function strayed(strays: readonly Stray[], looks: readonly Look[]): number | undefined {
  const isJudged = looks.some(({ keeps }, at) =>
    keeps.some((colour) => looks[at + 1]?.keeps.includes(colour)),
  );
  if (!isJudged) return undefined;
  return strays.filter(({ from, started, ended }) => {
    const first = looks.findLastIndex(({ answered }) => answered <= started);
    const last = looks.findIndex(({ asked }) => asked >= ended);
    return first >= 0 && last >= 0 && looks.slice(first, last + 1).every(({ keeps }) => keeps.includes(from));
  }).length;
}

/**
 * Looks at the rules until the function that it returns is called, which looks once more and gives all looks. Calling it
 * again gives the same.
 */
export function watchBonds(ask: () => Promise<readonly WeightedRule[]>, every = 400): () => Promise<Look[]> {
  const looks: Look[] = [];
  const over = lookUntil(async () => {
    const asked = performance.now();
    const keeps = keptBy(await ask().catch(() => []));
    looks.push({ asked, answered: performance.now(), keeps });
  }, every);
  return async () => {
    await over();
    return looks;
  };
}

import type { LimitSignal } from "./observation";
import type { Pair } from "./rates";
import { type Samples, samplesOf } from "./samples";

/**
 * The live colour's totals. From when it is known to be idle, no look says that it had no requests, and not that it
 * could not be seen: its totals stay what they were, at each look at the candidate.
 *
 * @returns undefined where there is no live colour to compare with
 */
export function liveSamplesOf({ candidate, live, now }: Pair, signal: LimitSignal): Samples | undefined {
  const { idleSince } = live ?? {};
  const last = live?.looks.at(-1);
  if (!live || !last || idleSince === undefined) return live && samplesOf(live, signal, now);
  const begin = Math.max(Date.parse(last.at), Date.parse(idleSince));
  const idle = candidate.looks.filter(({ at }) => Date.parse(at) > begin).map(({ at }) => ({ ...last, at }));
  return samplesOf({ ...live, looks: [...live.looks, ...idle] }, signal, now);
}

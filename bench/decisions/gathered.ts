import { gather } from "../../model/analysis/evidence";
import { SIGNALS, type Signal } from "../../model/analysis/observation";
import { questionOf } from "../../model/analysis/questions";
import { answered } from "./log";
import type { Answered, Bin } from "./series";

/** Evidence of both signals, as natural logarithms. */
export interface Gathered {
  /** Against the candidate's being harmless: the most there ever was in this release. */
  readonly worse: readonly number[];
  /** Against its being harmful, by the present step. */
  readonly well: readonly number[];
}

/**
 * Evidence minute after minute, from the same looks as analysis reads: a minute in which a colour had no requests is
 * none, and what was done in it counts with the next that both have.
 *
 * @returns takes a minute, the one at which the step began, what was done and whether live has no share
 */
export function gatherer(): (
  minute: number,
  since: number,
  bins: readonly Bin[],
  isAlone: boolean,
) => Gathered {
  const worse = SIGNALS.map((signal) => gather(questionOf(signal, "harmless")));
  const harm = () => SIGNALS.map((signal) => gather(questionOf(signal, "harmful")));
  let well = harm();
  let [step, from] = [0, 0];
  let open: Bin[] = [];
  let found: Gathered = { worse: [0, 0], well: [0, 0] };
  return (minute, since, bins, isAlone) => {
    if (since !== step) {
      [step, well] = [since, harm()];
      found = { ...found, well: [0, 0] };
    }
    open = [...open, ...bins];
    const [mine, theirs] = [answered(bins, "candidate"), answered(bins, "live")];
    if (mine.requests === 0 || (theirs.requests === 0 && !isAlone)) return found;
    const did = { candidate: answered(open, "candidate"), live: answered(open, "live") };
    const block = (signal: Signal) => ({
      candidate: tally(did.candidate, signal),
      live: tally(did.live, signal),
    });
    found = {
      worse: SIGNALS.map((signal, index) => worse[index]?.(block(signal)).most ?? 0),
      well: from < since ? found.well : SIGNALS.map((signal, index) => well[index]?.(block(signal)).now ?? 0),
    };
    [open, from] = [[], minute];
    return found;
  };
}

const tally = (answers: Answered, signal: Signal) => ({ requests: answers.requests, bad: answers[signal] });

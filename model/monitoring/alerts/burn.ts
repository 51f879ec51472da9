import type { Work } from "../families";
import { SLOW_PERCENT, type Slo, failedPercent } from "../objectives";
import { type BurnWindow, type Ratio, countName, kindsOf, ratioName } from "../recording";
import type { Severity } from "../ruleFile";
import { type Alert, WHOM, type Watched } from "./alert";

/** How fast a budget burns, and over which time that is looked at. */
export interface Burn {
  /** Ends the alert's name. */
  readonly name: string;
  /** Part of the whole budget that is burnt within the long window, in percent. */
  readonly budgetPercent: number;
  /** The long window shows that it matters, in hours; */
  readonly hours: number;
  readonly long: BurnWindow;
  /** the short one that it goes on: a twelfth of it. */
  readonly short: BurnWindow;
  readonly severity: Severity;
}

/** Over a window of 30 days these are rates of 14.4, 6, 3 and 1 times what the objective allows. */
export const BURNS: readonly Burn[] = [
  { name: "Within1h", budgetPercent: 2, hours: 1, long: "1h", short: "5m", severity: "critical" },
  { name: "Within6h", budgetPercent: 5, hours: 6, long: "6h", short: "30m", severity: "critical" },
  { name: "Within1d", budgetPercent: 10, hours: 24, long: "1d", short: "2h", severity: "warning" },
  { name: "Within3d", budgetPercent: 10, hours: 72, long: "3d", short: "6h", severity: "warning" },
];

/** By how much faster than the objective allows. */
export const burnRate = ({ budgetPercent, hours }: Burn, { windowDays }: Pick<Slo, "windowDays">): number =>
  Number((((budgetPercent / 100) * 24 * windowDays) / hours).toFixed(3));

/** So few bad ones in a long window are chance, and no trend. */
export const LEAST_BAD = 10;

const NOUN: Readonly<Record<Work, string>> = {
  api: "Requests",
  transcription: "Transcriptions",
  analysis: "Analyses",
};

const DOES: Readonly<Record<Ratio, readonly [name: string, words: string]>> = {
  failed: ["Fail", "fail"],
  slow: ["Slow", "take longer than their objective"],
};

/**
 * An alert for each objective and each speed at which its budget burns. By version: a service's budget never burns
 * faster than that of the colour which burns it, and so the alert names the colour.
 */
export const burnAlerts = (watched: Watched): Alert[] =>
  kindsOf(watched.slo).flatMap((work) =>
    (["failed", "slow"] as const).flatMap((ratio) =>
      BURNS.map((burn) => burnAlert(watched, work, ratio, burn)),
    ),
  );

function burnAlert({ slo, stack }: Watched, work: Work, ratio: Ratio, burn: Burn): Alert {
  const [name, does] = DOES[ratio];
  const noun = NOUN[work];
  const budget = ratio === "failed" ? failedPercent(slo) : SLOW_PERCENT;
  const rate = burnRate(burn, slo);
  const above = Number(((budget / 100) * rate).toFixed(9));
  const over = (window: BurnWindow) => `${ratioName(work, ratio, window)} > ${above}`;
  return {
    name: `${noun}${name}${burn.name}`,
    // A slow answer is an answer: the guides write to people about it and wake nobody.
    severity: ratio === "slow" ? "warning" : burn.severity,
    about: ratio === "failed" ? "errors" : "latency",
    expr:
      `${over(burn.long)} and ${over(burn.short)} ` +
      `and ${ratioName(work, ratio, burn.long)} * ${countName(work, burn.long)} >= ${LEAST_BAD}`,
    forSeconds: 0,
    when:
      `so many ${noun.toLowerCase()} ${does}, over ${burn.long} and over ${burn.short}, that ${burn.budgetPercent} % of ` +
      `what ${slo.windowDays} days allow is gone within ${burn.long}: ${rate} times as many as the objective allows`,
    says: `{{ $value | humanizePercentage }} of the ${noun.toLowerCase()} of ${WHOM} ${does}, over ${burn.long}; ${budget} % is the objective`,
    help: "Look at which colour it is and since when: where it came with a release, go back.",
    command: `sluice status -s ${stack}; sluice history -s ${stack}`,
    source: "multi-window, multi-burn-rate alerts; objectives from 000",
  };
}

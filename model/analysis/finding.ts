/** What one criterion says, or all of them together. */
export const VERDICTS = ["success", "inconclusive", "could-not-observe", "failure"] as const;
/**
 * `success`: shown to be good. `failure`: shown to be bad. `inconclusive`: seen, and not enough to say.
 * `could-not-observe`: not seen; that is about the metrics and not about the version.
 */
export type Verdict = (typeof VERDICTS)[number];

/** What a failure asks for: traffic taken back without waiting, or no further rise. */
export type Urgency = "retreat" | "hold";

/** What one criterion found. */
export interface Finding {
  /** The criterion's name: a threshold's, or `errors against live`. */
  readonly criterion: string;
  readonly verdict: Verdict;
  /** Of a failure only. */
  readonly urgency?: Urgency;
  /** One sentence with the numbers that led here. */
  readonly evidence: string;
  /** The same numbers for machines. */
  readonly figures: Readonly<Record<string, number>>;
}

/** All findings taken together. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Of a failure only: the most urgent. */
  readonly urgency?: Urgency;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** What was not asked, and why: it neither passes nor fails. Default: all was asked. */
  readonly remarks?: readonly string[];
}

/** The higher the worse. A failure that was seen counts whatever else could not be. */
export const severity = ({ verdict, urgency }: Pick<Finding, "verdict" | "urgency">): number =>
  VERDICTS.indexOf(verdict) + (urgency === "retreat" ? 1 : 0);

/** The worst finding decides; nothing found is nothing seen. */
export function together(findings: readonly Finding[]): Judgement {
  const sorted = [...findings].sort((one, other) => severity(other) - severity(one));
  const worst = sorted[0];
  if (!worst) return { verdict: "could-not-observe", findings: [] };
  return {
    verdict: worst.verdict,
    ...(worst.urgency && { urgency: worst.urgency }),
    findings: sorted,
  };
}

/** A finding about metrics that could not be seen. */
export const unseen = (criterion: string, evidence: string): Finding => ({
  criterion,
  verdict: "could-not-observe",
  evidence,
  figures: {},
});

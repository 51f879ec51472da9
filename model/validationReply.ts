import type { Own } from "./analysis/own";
import { SLOW_SECONDS } from "./analysis/thresholds";
import { type Colour, otherColour } from "./release";
import type { Candidate, Question } from "./validation";

/** Who an answer says that it is from. */
export interface Told {
  readonly colour?: string;
  readonly version?: string;
}

/** What came of one request. */
export type Reply =
  | {
      readonly kind: "answer";
      readonly status: number;
      /** Until the whole answer was there. */
      readonly milliseconds: number;
      readonly told: Told;
      /** Whether the load balancer, or what is before it, answered by itself. */
      readonly byEdge: boolean;
    }
  /** It was sent, and no whole answer came in time. */
  | { readonly kind: "cut"; readonly why: string; readonly milliseconds: number }
  /** Nobody was there to send it to, or nobody to be trusted. */
  | { readonly kind: "unreached"; readonly why: string };

/** A question with what came of its requests, in their order. */
export interface Replies {
  readonly question: Question;
  readonly replies: readonly Reply[];
}

/**
 * Who answered: `itself` is this version of this colour, `another version` is of this colour, `other` of another one,
 * and `nobody` does not say. Two colours can run one version under other settings; then the version tells nothing.
 */
export function identify(told: Told, { colour, version, other }: Candidate) {
  if (told.colour !== undefined && told.colour !== colour) return "other";
  if (told.version === undefined) return "nobody";
  if (told.version !== version) return told.colour === colour ? "another version" : "other";
  return told.colour === colour || other !== version ? "itself" : "nobody";
}

/** Requests by colour and service that target groups have counted and no user sent. */
export type Sent = Partial<Readonly<Record<Colour, Readonly<Record<string, Omit<Own, "from" | "until">>>>>>;

/**
 * What was sent, and to whom: to the candidate where the answer does not tell another colour. Of what targets
 * answered only, errors and slow answers are sure to be counted by them.
 */
export function sentOf(candidate: Candidate, heard: readonly Replies[]): Sent {
  const sent: Partial<Record<Colour, Record<string, Omit<Own, "from" | "until">>>> = {};
  for (const { question, replies } of heard) {
    for (const reply of replies) {
      if (reply.kind === "unreached") continue;
      const answer = reply.kind === "answer" && !reply.byEdge ? reply : undefined;
      const isOther = answer !== undefined && identify(answer.told, candidate) === "other";
      const services = (sent[isOther ? otherColour(candidate.colour) : candidate.colour] ??= {});
      const before = services[question.service] ?? { requests: 0, errors: 0, slow: 0 };
      services[question.service] = {
        requests: before.requests + 1,
        errors: before.errors + (answer && answer.status >= 500 ? 1 : 0),
        slow: before.slow + (answer && answer.milliseconds > 1_000 * SLOW_SECONDS ? 1 : 0),
      };
    }
  }
  return sent;
}

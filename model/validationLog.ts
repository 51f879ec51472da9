import { LONGEST_DAYS } from "./analysis/asked";
import type { Own } from "./analysis/own";
import type { Environment } from "./environments";
import { COLOURS, type Colour } from "./release";
import { isRecord } from "./schema/faults";
import type { Sent } from "./validationReply";

/** One round of validation. */
export interface Round {
  /** ISO time before its first request. */
  readonly from: string;
  /** ISO time after its last one. */
  readonly until: string;
  readonly sent: Sent;
}

/**
 * What validation sent: target groups count it with users' requests, and whoever counts users takes it off. Kept
 * outside any process, in a parameter, since whoever counts need not be who sent.
 */
export type ValidationLog = readonly Round[];

/** The parameter that keeps it. */
export const validationLogParameter = (app: string, environment: Environment): string =>
  `/sluice/${app}/${environment}/validations`;

/** What fits into a standard parameter, in characters. */
const LONGEST = 4_096;

type Figures = Omit<Own, "from" | "until">;

/** How long a round is kept, in milliseconds: a day longer than anybody counts users. */
const KEPT = (LONGEST_DAYS + 1) * 86_400_000;

/**
 * The log with a round, in place of the one that began at the same time. Those of a release that is long over are left
 * out, for put together with later ones they would be taken off that time's requests; the oldest are put together for
 * room.
 */
export function withRound(log: ValidationLog, round: Round): ValidationLog {
  const isKept = ({ until }: Round) => Date.parse(until) > Date.parse(round.from) - KEPT;
  const rounds = [...log.filter((one) => one.from !== round.from && isKept(one)), round];
  return shortened(rounds.sort((one, other) => Date.parse(one.from) - Date.parse(other.from)));
}

function shortened(rounds: ValidationLog): ValidationLog {
  const [first, second, ...rest] = rounds;
  if (!first || !second || formatLog(rounds).length <= LONGEST) return rounds;
  const until = Date.parse(first.until) > Date.parse(second.until) ? first.until : second.until;
  return shortened([{ from: first.from, until, sent: sum([first.sent, second.sent]) }, ...rest]);
}

/**
 * What was sent to a colour of a service, for whoever counts users' requests to take it off with `withoutOwn`.
 *
 * @param colour whose target group counted it, whichever colour was validated
 * @param service whose target groups these are
 * @returns a span for each round that reached them, in the order of the log; empty where none did
 */
export const ownOf = (log: ValidationLog, colour: Colour, service: string): Own[] =>
  log.flatMap(({ from, until, sent }) => {
    const counts = sent[colour]?.[service];
    return counts ? [{ from, until, ...counts }] : [];
  });

function sum(all: readonly Sent[]): Sent {
  const total: Partial<Record<Colour, Record<string, Figures>>> = {};
  for (const colour of COLOURS) {
    for (const [service, counts] of all.flatMap((sent) => Object.entries(sent[colour] ?? {}))) {
      const services = (total[colour] ??= {});
      const before = services[service] ?? { requests: 0, errors: 0, slow: 0 };
      services[service] = {
        requests: before.requests + counts.requests,
        errors: before.errors + counts.errors,
        slow: before.slow + counts.slow,
      };
    }
  }
  return total;
}

export const formatLog = (log: ValidationLog): string =>
  JSON.stringify(
    log.map(({ from, until, sent }) => ({
      from,
      until,
      sent: Object.fromEntries(
        Object.entries(sent).map(([colour, services]) => [
          colour,
          Object.fromEntries(
            Object.entries(services).map(([service, { requests, errors, slow }]) => [
              service,
              [requests, errors, slow],
            ]),
          ),
        ]),
      ),
    })),
  );

/** @throws Error where the text is not what {@link formatLog} writes: what was sent is not known then */
export function parseLog(text: string): ValidationLog {
  const raw: unknown = JSON.parse(text);
  if (!Array.isArray(raw)) throw new Error("found no list of rounds of validation");
  return raw.map((round: unknown): Round => {
    if (!isRecord(round) || !isTime(round["from"]) || !isTime(round["until"]) || !isRecord(round["sent"])) {
      throw new Error(`found ${JSON.stringify(round)}, which is no round of validation`);
    }
    const { sent } = round;
    const colours = COLOURS.flatMap((colour) =>
      sent[colour] === undefined ? [] : [[colour, servicesIn(sent[colour])] as const],
    );
    return { from: round["from"], until: round["until"], sent: Object.fromEntries(colours) };
  });
}

/**
 * What a parameter has, where one that cannot be read counts as empty: what it had is lost already, and waiting for it
 * would be for ever, since nothing but the next round mends it.
 *
 * @param text undefined: there is no parameter
 */
export function logAnew(text: string | undefined): ValidationLog {
  try {
    return text === undefined ? [] : parseLog(text);
  } catch {
    return [];
  }
}

const isTime = (value: unknown): value is string =>
  typeof value === "string" && !Number.isNaN(Date.parse(value));

function servicesIn(raw: unknown): Record<string, Figures> {
  if (!isRecord(raw)) throw new Error(`found ${JSON.stringify(raw)} in place of counts by service`);
  return Object.fromEntries(
    Object.entries(raw).map(([service, counts]) => {
      const all: readonly unknown[] = Array.isArray(counts) ? counts : [];
      const [requests, errors, slow, ...rest] = all;
      if (!isCount(requests) || !isCount(errors) || !isCount(slow) || rest.length > 0) {
        throw new Error(`found ${JSON.stringify(counts)} in place of three counts for ${service}`);
      }
      return [service, { requests, errors, slow }];
    }),
  );
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

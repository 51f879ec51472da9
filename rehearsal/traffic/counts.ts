import { type Colour, COLOURS } from "../../model/release";

/** A colour, or `unknown` for a request that failed before anybody could tell. */
export type Seen = Colour | "unknown";

/** A number for each colour. */
export type ByColour = Record<Seen, number>;

/** What users saw of the requests that started within a time. */
export interface Tally {
  readonly requests: ByColour;
  /** Timeouts, resets, and every status that is neither 2xx nor 3xx. There are no retries. */
  readonly failed: ByColour;
  /** Requests sent without a stickiness cookie, by the colour that answered: these show the weights. */
  readonly assigned: ByColour;
}

/** A tally over all services, and one for each. */
export interface Counts extends Tally {
  readonly services: Readonly<Record<string, Tally>>;
}

/** How one request ended. */
export interface Outcome {
  readonly service: string;
  readonly colour: Seen;
  readonly failed: boolean;
  readonly assigned: boolean;
  /** From its start until the whole answer was there, or it had failed. */
  readonly milliseconds: number;
}

const none = (): ByColour => ({ blue: 0, green: 0, unknown: 0 });
const emptyTally = (): Tally => ({ requests: none(), failed: none(), assigned: none() });

/** Counts outcomes. */
export class Counter {
  readonly #total = emptyTally();
  readonly #services = new Map<string, Tally>();

  add(outcome: Outcome): void {
    let service = this.#services.get(outcome.service);
    if (!service) this.#services.set(outcome.service, (service = emptyTally()));
    for (const tally of [this.#total, service]) {
      tally.requests[outcome.colour] += 1;
      if (outcome.failed) tally.failed[outcome.colour] += 1;
      if (outcome.assigned) tally.assigned[outcome.colour] += 1;
    }
  }

  /** A copy of the counts so far. */
  counts(): Counts {
    return structuredClone({ ...this.#total, services: Object.fromEntries(this.#services) });
  }
}

/** Everything in a row of colours. */
export const sum = (byColour: ByColour): number => byColour.blue + byColour.green + byColour.unknown;

/** Green's share of the first assignments whose colour is known, in percent; undefined without any. */
export function observedShare({ assigned }: Tally): number | undefined {
  const known = assigned.blue + assigned.green;
  return known === 0 ? undefined : (100 * assigned.green) / known;
}

/** The colour that an answer names in its `x-colour` header. */
export function colourOf(header: string | string[] | undefined): Colour | undefined {
  return COLOURS.find((colour) => colour === header);
}

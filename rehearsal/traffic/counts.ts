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

/** A request that the other colour answered than the cookie bound it to; times are `performance.now()`'s. */
export interface Stray {
  /** Whom it was bound to. */
  readonly from: Colour;
  readonly started: number;
  readonly ended: number;
}

/** A tally over all services, and one for each. */
export interface Counts extends Tally {
  readonly services: Readonly<Record<string, Tally>>;
  /** Colours of first assignments by service, in the order in which they were asked for. */
  readonly sequences: Readonly<Record<string, readonly Colour[]>>;
  readonly strays: readonly Stray[];
}

/** How one request ended. */
export interface Outcome {
  readonly service: string;
  readonly colour: Seen;
  readonly failed: boolean;
  readonly assigned: boolean;
  /** The colour that a cookie bound it to, where another answered. */
  readonly strayedFrom?: Colour;
  /** When it was sent, in milliseconds of `performance.now()`. */
  readonly started: number;
  /** From its start until the whole answer was there, or it had failed. */
  readonly milliseconds: number;
}

const none = (): ByColour => ({ blue: 0, green: 0, unknown: 0 });
const emptyTally = (): Tally => ({ requests: none(), failed: none(), assigned: none() });

/** Counts outcomes. */
export class Counter {
  readonly #total = emptyTally();
  readonly #services = new Map<string, Tally>();
  readonly #strays: Stray[] = [];
  readonly #first: { readonly service: string; readonly colour: Colour; readonly started: number }[] = [];

  /** @param keepsOrder whether it keeps the order of first assignments, which takes memory. Default: yes */
  constructor(private readonly keepsOrder = true) {}

  add(outcome: Outcome): void {
    let service = this.#services.get(outcome.service);
    if (!service) this.#services.set(outcome.service, (service = emptyTally()));
    for (const tally of [this.#total, service]) {
      tally.requests[outcome.colour] += 1;
      if (outcome.failed) tally.failed[outcome.colour] += 1;
      if (outcome.assigned) tally.assigned[outcome.colour] += 1;
    }
    const { service: name, colour, started, assigned, milliseconds, strayedFrom: from } = outcome;
    if (from) this.#strays.push({ from, started, ended: started + milliseconds });
    if (this.keepsOrder && assigned && colour !== "unknown")
      this.#first.push({ service: name, colour, started });
  }

  /** A copy of the counts so far. */
  counts(): Counts {
    const sequences: Record<string, Colour[]> = {};
    // Answers come in the order of how long they took, which may differ by colour.
    for (const { service, colour } of this.#first.toSorted((one, other) => one.started - other.started))
      (sequences[service] ??= []).push(colour);
    return {
      ...structuredClone({ ...this.#total, services: Object.fromEntries(this.#services) }),
      sequences,
      strays: [...this.#strays],
    };
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

/** The least value that 95 in 100 do not exceed: the nearest rank, so one that was measured. */
export function percentile95(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1];
}

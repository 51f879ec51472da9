import { setTimeout as pause } from "node:timers/promises";
import type { Colour } from "../../model/release";
import type { RunEvent } from "../report/record";
import { type Scene, endpointOf } from "../scene";
import { askShares } from "../traffic/weights";
import type { Asked, Fault, FaultKind, Mend } from "./fault";
import { KINDS } from "./kinds";

/** A fault of a script. */
export interface PlannedFault extends Fault {
  /** It begins once the candidate has this share, in percent. Absent: with the step's call. */
  readonly atShare?: number;
}

/** Something that happens. */
export interface Happening extends Pick<RunEvent, "kind" | "text" | "colour"> {
  /** When, by `performance.now()`. Default: now. */
  readonly at?: number;
}

/** Told of what happens. */
export type Tell = (happening: Happening) => void;

/** A fault that has begun. */
export interface Struck {
  readonly fault: Fault;
  /** What happens, as a clause. */
  readonly text: string;
  /** Whose users may notice. */
  readonly colour?: Colour;
  readonly isMeasured: boolean;
  /** When, by `performance.now()`. */
  readonly at: number;
}

/** Milliseconds between two looks at the shares. */
const EVERY = 100;

/** A fault with nothing left open. @throws RangeError where there is not so much of it */
export function askedOf({ kind, amount, colour, provider }: Fault, candidate: Colour): Asked {
  const known = KINDS[kind].amount;
  const asked = amount ?? known?.byDefault ?? 0;
  if (known && !(asked >= known.least && asked <= known.most)) {
    const { unit, least, most } = known;
    throw new RangeError(`${kind}: found ${asked} ${unit}; allowed: ${least} to ${most} ${unit}`);
  }
  return { amount: asked, colour: colour ?? candidate, ...(provider !== undefined && { provider }) };
}

/** What {@link amidFaults} works with. */
export interface Amid {
  readonly scene: Scene;
  readonly candidate: Colour;
  readonly tell: Tell;
}

/**
 * Does something while faults are there: those that begin with it are there before it, the others come when the
 * candidate has their share. All are mended once it has ended, the last first.
 *
 * @returns what came of it, and the faults that there were
 * @throws Error where a fault could not be had
 */
export async function amidFaults<Result>(
  faults: readonly PlannedFault[],
  { scene, candidate, tell }: Amid,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly struck: readonly Struck[] }> {
  const struck: Struck[] = [];
  const mends: { readonly text: string; readonly colour?: Colour; readonly mend: Mend }[] = [];
  const strike = async (fault: PlannedFault): Promise<void> => {
    const kind: FaultKind = KINDS[fault.kind];
    const asked = askedOf(fault, candidate);
    const text = kind.told(asked);
    const of = kind.isColours === true ? { colour: asked.colour } : {};
    const mend = await kind.strike(scene, asked);
    struck.push({ fault, text, ...of, isMeasured: kind.isMeasured === true, at: performance.now() });
    tell({ kind: "fault", text, ...of });
    mends.push({ text, ...of, mend });
  };
  const over = new AbortController();
  const signal = AbortSignal.any([scene.signal, over.signal]);
  const waiting: Promise<void>[] = [];
  try {
    for (const fault of faults.filter(({ atShare }) => atShare === undefined)) await strike(fault);
    for (const fault of faults.filter(({ atShare }) => atShare !== undefined)) {
      const coming = comes(fault, candidate, endpointOf(scene), signal).then((isThere) =>
        isThere ? strike(fault) : undefined,
      );
      // It is waited for below; until then nobody hears of its failure.
      coming.catch(() => undefined);
      waiting.push(coming);
    }
    return { result: await work(), struck };
  } finally {
    over.abort();
    const [failed] = (await Promise.allSettled(waiting)).flatMap((one) =>
      one.status === "rejected" ? [one.reason as Error] : [],
    );
    for (const { mend, ...what } of mends.reverse()) {
      await mend();
      tell({ kind: "mended", ...what, text: `no more: ${what.text}` });
    }
    scene.signal.throwIfAborted();
    if (failed) await Promise.reject(failed);
  }
}

/** Waits until a fault's time has come. @returns false where it did not before the end */
async function comes(
  { atShare = 0 }: PlannedFault,
  colour: Colour,
  endpoint: string,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    const shares = await askShares(endpoint).catch(() => undefined);
    if ((shares?.[colour] ?? 0) >= atShare) return true;
    await pause(EVERY, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

import { createHash } from "node:crypto";
import { COLOURS, type Colour } from "./release";

/** Slots that services are spread over; three priorities each stay below the ALB's greatest, 50,000. */
export const SLOTS = 10_000;

/** Listener rule priorities of one public service; the lower number is asked first. */
export type Priorities = Readonly<Record<Colour | "weighted", number>>;

/**
 * A service's slot: from its name alone, so that adding or removing another service moves no rule.
 * Two names may fall on one slot; settings report that, and `public.slot` resolves it.
 */
export const slotOf = (service: string): number =>
  createHash("sha256").update(service).digest().readUInt32BE(0) % SLOTS;

/** Header rules come before every weighted rule: who asks for one colour must not get a share. */
export function priorities(service: string, slot = slotOf(service)): Priorities {
  const [blue, green] = COLOURS.map((_, index) => 1 + COLOURS.length * slot + index) as [number, number];
  return { blue, green, weighted: 1 + COLOURS.length * SLOTS + slot };
}

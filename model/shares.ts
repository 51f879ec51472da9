import { COLOURS, type Colour, type Recorded, type Shares, greenAt } from "./release";

/** Whether these are shares: both colours and nothing else, whole numbers 0–100, sum 100. */
export const areShares = (shares: Readonly<Record<string, unknown>>): shares is Shares => {
  const values = COLOURS.map((colour) => shares[colour]);
  return (
    Object.keys(shares).length === COLOURS.length &&
    values.every(
      (value): value is number => Number.isInteger(value) && 0 <= Number(value) && Number(value) <= 100,
    ) &&
    values.reduce((sum, value) => sum + value, 0) === 100
  );
};

/**
 * The shares that a rule's weights give, whatever they sum to: somebody may have set 3 and 1 by hand.
 * A colour with any weight has 1 % at least, for it has traffic. Both 0 where neither has weight.
 */
export function sharesOfWeights({ blue, green }: Readonly<Record<Colour, number>>): Shares {
  if (blue + green === 0) return { blue: 0, green: 0 };
  const share = Math.round((100 * green) / (blue + green));
  return greenAt(blue > 0 && green > 0 ? Math.min(99, Math.max(1, share)) : share);
}

/** Every pair of shares that the state knows of: each rule's own, and those that were asked for. */
const known = (recorded: Recorded): Shares[] => [...Object.values(recorded.rules), recorded.release.traffic];

/**
 * The greatest share in percent that a colour may have at any rule.
 *
 * The recorded release counts as well as the rules: it was asked for, and a rule may have got it without
 * the state having heard of it.
 */
export const mostOf = (recorded: Recorded, colour: Colour): number =>
  Math.max(...known(recorded).map((shares) => shares[colour]));

/** The least share in percent that a colour has at any rule. */
export const leastOf = (recorded: Recorded, colour: Colour): number =>
  Math.min(...known(recorded).map((shares) => shares[colour]));

/** Whether the rules differ among themselves or from what was asked for: an update failed half-way. */
export const areUneven = (recorded: Recorded): boolean =>
  leastOf(recorded, "blue") !== mostOf(recorded, "blue") ||
  leastOf(recorded, "green") !== mostOf(recorded, "green");

/** What a service's rule forwards now; a service without a rule starts where the release is. */
export const sharesAt = (recorded: Recorded, service: string): Shares =>
  recorded.rules[service] ?? recorded.release.traffic;

/** The highest share in percent that a colour was asked to have and has reached at one rule at least. */
export const reached = (recorded: Recorded, colour: Colour): number => {
  const rules = Object.values(recorded.rules).map((shares) => shares[colour]);
  return Math.min(recorded.release.traffic[colour], Math.max(0, ...rules));
};

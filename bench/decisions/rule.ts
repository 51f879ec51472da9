import type { Bin } from "./series";

/** What a rule does after a look. */
export type Move =
  /** The candidate's share in the next minute, in percent. */
  | { readonly to: "share"; readonly share: number }
  | { readonly to: "rolled back" }
  /** All traffic is the candidate's, and nobody looks any more. */
  | { readonly to: "the end" };

/** A rule that follows one canary. */
export interface Follower {
  /** The candidate's share in the first minute, in percent. */
  readonly share: number;
  /**
   * At the end of each minute.
   *
   * @param minute how many have passed
   * @param bins what both colours did in it, oldest first
   */
  readonly look: (minute: number, bins: readonly Bin[]) => Move;
}

/** A rule that decides about canaries. */
export interface Rule {
  readonly name: string;
  /** Where it is documented, and its version. */
  readonly source: string;
  readonly follow: () => Follower;
}

/** Sum of a figure over bins. */
export const sum = <Of>(bins: readonly Of[], figure: (bin: Of) => number): number =>
  bins.reduce((total, bin) => total + figure(bin), 0);

import type { Colour } from "../../model/release";
import { binomialInterval } from "./interval";

/** First assignments in blocks of so many in a row, and how many of these blocks lack the rarer colour. */
export interface Blocks {
  /** How many first assignments a block has. */
  readonly size: number;
  readonly count: number;
  /** Those without any assignment to the colour that has the smaller share. */
  readonly without: number;
}

/** Beyond this length a block takes more assignments than a step waits for. */
const LONGEST = 100;

/**
 * First assignments in blocks, in the order in which they were asked for; the last of each service that fill no block
 * are left out. Undefined where all go to one colour, or too rarely to the other to tell.
 *
 * A block is as long as it takes for one assignment to the rarer colour on average. Where each is drawn for itself, a
 * block lacks that colour with the probability (1 - share)^size, about 1/e, whatever the others do: how many do is
 * binomial. A load balancer that goes round in turn leaves none without, and one that remembers whom it chose last
 * leaves more than chance does. The services' blocks count together, as none knows of another's.
 *
 * @param share green's, in percent
 */
export function blocksOf(
  sequences: Readonly<Record<string, readonly Colour[]>>,
  share: number,
): Blocks | undefined {
  const rarer: Colour = share <= 50 ? "green" : "blue";
  const smaller = Math.min(share, 100 - share) / 100;
  const size = Math.round(1 / smaller);
  if (size > LONGEST) return undefined;
  const blocks = Object.values(sequences).flatMap((sequence) =>
    Array.from({ length: Math.floor(sequence.length / size) }, (_, at) =>
      sequence.slice(at * size, (at + 1) * size),
    ),
  );
  if (blocks.length === 0) return undefined;
  return { size, count: blocks.length, without: blocks.filter((block) => !block.includes(rarer)).length };
}

/**
 * How many of the blocks lack the rarer colour where each assignment is drawn for itself.
 *
 * @param share green's, in percent
 * @param risk the probability that independent draws lie outside
 */
export function withoutInterval(
  { size, count }: Pick<Blocks, "size" | "count">,
  share: number,
  risk: number,
): { readonly fewest: number; readonly most: number } {
  const smaller = Math.min(share, 100 - share) / 100;
  return binomialInterval(count, 100 * (1 - smaller) ** size, risk);
}

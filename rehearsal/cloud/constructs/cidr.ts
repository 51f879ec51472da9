/** A block of IPv4 addresses: a number of addresses from a first one, which is a multiple of that number. */
export interface Block {
  readonly first: number;
  /** The length of its mask, 0-32. */
  readonly mask: number;
}

/** How many addresses a block with a mask of this length has. */
export const sizeOf = (mask: number): number => 2 ** (32 - mask);

/** @throws Error for a text that is no IPv4 CIDR block */
export function parseBlock(cidr: string): Block {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const [a, b, c, d, mask] = (match ?? []).slice(1).map(Number) as [number, number, number, number, number];
  if (!match || [a, b, c, d].some((byte) => byte > 255) || mask > 32) {
    throw new Error(`"${cidr}" is not an IPv4 CIDR block such as 10.0.0.0/16`);
  }
  return align(((a * 256 + b) * 256 + c) * 256 + d, mask);
}

/** The block with a mask of this length that has the address. */
export const align = (address: number, mask: number): Block => ({
  first: Math.floor(address / sizeOf(mask)) * sizeOf(mask),
  mask,
});

/** The first block of this size that begins behind the given one. */
export const after = ({ first, mask }: Block, next: number): Block => {
  const last = align(first + sizeOf(mask) - 1, next);
  return { first: last.first + sizeOf(next), mask: next };
};

export const format = ({ first, mask }: Block): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${mask}`;

/** Whether two blocks have an address in common. */
export const overlap = (a: Block, b: Block): boolean =>
  a.first < b.first + sizeOf(b.mask) && b.first < a.first + sizeOf(a.mask);

/** Whether all addresses of the inner block are in the outer one. */
export const contains = (outer: Block, inner: Block): boolean =>
  outer.first <= inner.first && inner.first + sizeOf(inner.mask) <= outer.first + sizeOf(outer.mask);

/** Above so much of what there is, in percent, a backend is nearly full; above the second there is hardly time to act. */
export const FULL = { warningPercent: 80, criticalPercent: 95 } as const;

/**
 * Days before a certificate's end. ACM renews its own from 60 days before on, and tells of a failure from 45 days
 * before; one that was imported nobody renews but who imported it.
 */
export const ENDING = { warningDays: 30, criticalDays: 7 } as const;

/** Memory of an instance of the size `xlarge`, in GiB, by family; the other sizes are parts and multiples of it. */
const XLARGE: Readonly<Record<string, number>> = { t: 16, m: 16, r: 32 };

const PARTS: Readonly<Record<string, number>> = {
  micro: 1 / 16,
  small: 1 / 8,
  medium: 1 / 4,
  large: 1 / 2,
  xlarge: 1,
};

const MIB_IN_GIB = 1_024;

/** RDS: bytes of memory for each connection, and the most there are; `max_connections` where nobody sets it. */
const [BYTES, MOST] = [9_531_392, 5_000];

/**
 * How many connections PostgreSQL takes on an instance of RDS, which no metric says. RDS reckons with what system and
 * agents leave of the memory and does not tell how much they take: supposed is a tenth, 256 MiB at least, so that the
 * number is rather too low than too high.
 *
 * @param instanceClass RDS's name, such as `db.m7g.large`
 * @returns undefined for families other than t, m and r, and for sizes such as `metal`
 */
export function mostConnections(instanceClass: string): number | undefined {
  const [, family = "", size = "", many = ""] =
    /^db\.([tmr])\d+[a-z]*\.(?:(micro|small|medium|large|xlarge)|(\d+)xlarge)$/.exec(instanceClass) ?? [];
  const xlarge = XLARGE[family];
  if (xlarge === undefined) return undefined;
  const mib = MIB_IN_GIB * xlarge * (PARTS[size] ?? Number(many));
  const left = mib - Math.max(256, mib / 10);
  return Math.min(MOST, Math.floor((left * MIB_IN_GIB ** 2) / BYTES));
}

/** A percentage flag, as far as a release must know of it. */
export interface FlagExposure {
  /** Of the sessions that have it, in percent, 0–100; 0 where it is disabled. */
  readonly percentage: number;
  /** Whether it has carried all sessions long enough to be no experiment any more. */
  readonly settled: boolean;
}

/** Flags by name. */
export type Flags = Readonly<Record<string, FlagExposure>>;

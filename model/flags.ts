/** A percentage flag, as far as a release must know of it. */
export interface FlagExposure {
  /** Of the sessions that have it, in percent, 0–100; 0 where it is disabled. */
  readonly percentage: number;
  /** Whether somebody says that it is no experiment any more; what all sessions have for long is none either. */
  readonly settled: boolean;
  /** ISO time of the update since which so many sessions have it. Absent: not recorded yet. */
  readonly since?: string;
}

/** Flags by name. */
export type Flags = Readonly<Record<string, FlagExposure>>;

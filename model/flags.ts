/** A percentage flag, as far as a release must know of it. */
export interface FlagExposure {
  /** Of the sessions that have it, in percent, 0–100; 0 where it is disabled. */
  readonly percentage: number;
  /** Whether somebody says that it is no experiment any more; what all sessions have for long is none either. */
  readonly settled: boolean;
  /** ISO time of the update since which so many sessions have it. Absent: not recorded yet. */
  readonly since?: string;
  /** The version that was untried when they got it, so that neither can be told from the other. Absent: none was. */
  readonly beside?: Beside;
}

/** What a flag's rise came together with. */
export interface Beside {
  readonly version: string;
  /** Of the sessions that had the flag before, in percent: there it goes when that version is taken back. */
  readonly was: number;
}

/** Flags by name. */
export type Flags = Readonly<Record<string, FlagExposure>>;

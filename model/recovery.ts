import type { Colour } from "./release";

/** Undoing the migration of a version that nobody needs. */
export interface Downgrade {
  /** The colour whose migration is undone; its image knows how. */
  readonly colour: Colour;
  /** The revision to go down to: the one that the migration declares as `downgrade`. */
  readonly to: string;
}

/** Bringing a snapshot back, beside the database that is live. */
export interface Restore {
  /** Identifier of the RDS snapshot. */
  readonly snapshot: string;
  /** The revision that its schema must have. Default: any, but one and no more. */
  readonly revision?: string;
}

/**
 * What `sluice:recovery` asks for. Each part runs once when it is asked for, stays registered while it is,
 * and goes with the key.
 *
 * While `downgrade` names a colour, that colour's migration does not run. Take the colour's version away
 * before or with this key: a version that stays is a version whose migration is to run, and it runs again.
 */
export interface Recovery {
  readonly downgrade?: Downgrade;
  readonly restore?: Restore;
}

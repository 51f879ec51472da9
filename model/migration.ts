/**
 * `expand` adds to the schema, so that the versions before it still run on it. `contract` takes away what
 * they need, so it waits until none of them can come back.
 */
export const PHASES = ["expand", "contract"] as const;
export type Phase = (typeof PHASES)[number];

/** The change of the database's schema that a version needs before it runs. */
export interface Migration {
  /** The schema's revision once the migration is complete, as the migration tool names it. */
  readonly revision: string;
  readonly phase: Phase;
  /** The oldest version that the schema still serves afterwards; a semantic version. */
  readonly serves: string;
  /** The service whose image carries the migration. Default: the first public service. */
  readonly service?: string;
  /** Default: `alembic upgrade head`. */
  readonly command?: readonly string[];
  /** After so many seconds the migration has failed. Default: 900. */
  readonly deadlineSeconds?: number;
  /** The revision that a rollback Job goes down to, where the migration can be undone. */
  readonly downgrade?: string;
}

/** The schema as the last completed migration left it. */
export interface Schema {
  readonly revision: string;
  readonly phase: Phase;
  readonly serves: string;
  /** The version whose migration it was. */
  readonly version: string;
  /** ISO time of its completion. */
  readonly at: string;
}

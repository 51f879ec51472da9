import { valid } from "semver";
import { type ZodType, z } from "zod";
import { type Migration, PHASES } from "../migration";
import { LENGTHS } from "../names";
import type { Fault, Path } from "./faults";
import { type Fields, oneOf, readFields, text, whole } from "./fields";

const REVISION = /^(?!(heads?|current|base)$)[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** A revision by its own name: `head` is another one tomorrow, and `-1` is another one after it ran. */
export const revision: ZodType<string> = text(
  REVISION,
  `a quoted revision by its own name, such as "5f1c2a"; not head, current or a step such as -1`,
  LENGTHS.label,
);

/** Where a rollback may go: a revision, or the beginning. */
export const target: ZodType<string> = text(
  /^(base|(?!(heads?|current)$)[A-Za-z0-9_][A-Za-z0-9_.-]*)$/,
  `a quoted revision by its own name, such as "4e0b19", or base; not a step such as -1`,
  LENGTHS.label,
);

/** Of the deadline, in seconds: time to start a pod, and six hours, after which batches are the better way. */
const [SHORTEST, LONGEST] = [30, 21_600];

const SERVES = `a quoted semantic version such as "2.3.1": the oldest that the schema still serves`;

const FIELDS: Fields<Migration> = {
  revision: { required: true, schema: revision, example: "5f1c2a" },
  phase: { required: true, schema: oneOf(PHASES), words: PHASES, example: "expand" },
  serves: {
    required: true,
    schema: z.string({ error: SERVES }).refine((value) => valid(value) !== null, { error: SERVES }),
    example: "2.3.1",
  },
  service: {
    schema: z.string({ error: "the name of a service" }).min(1, { error: "the name of a service" }),
  },
  command: {
    schema: z
      .array(z.string({ error: "a word of the command" }), {
        error: `a list of words, such as ["alembic", "upgrade", "head"]`,
      })
      .min(1, { error: "one word at least; leave the key out for alembic upgrade head" }),
  },
  deadlineSeconds: { schema: whole(SHORTEST, LONGEST), example: 900 },
  downgrade: { schema: target, example: "4e0b19" },
};

/** Reads a colour's migration; what is absent or wrong is absent in the answer. */
export const readMigration = (raw: unknown, path: Path, faults: Fault[]): Partial<Migration> =>
  readFields(raw, path, FIELDS, faults);

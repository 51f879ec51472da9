import type { Downgrade, Recovery, Restore } from "../recovery";
import { COLOURS } from "../release";
import { type Fault, isRecord } from "./faults";
import { type Fields, oneOf, readFields, text } from "./fields";
import { revision, target } from "./migration";

const DOWNGRADE: Fields<Downgrade> = {
  colour: { required: true, schema: oneOf(COLOURS), words: COLOURS, example: "green" },
  to: { required: true, schema: target, example: "4e0b19" },
};

/** RDS: letters, digits and single hyphens, a letter first; automated snapshots begin with `rds:`. */
const SNAPSHOT = /^(rds:)?[A-Za-z](-?[A-Za-z0-9])*$/;

const RESTORE: Fields<Restore> = {
  snapshot: {
    required: true,
    schema: text(SNAPSHOT, "the identifier of an RDS snapshot, at most 255 characters", 255),
    example: "voiceassist-prod-before-migrate-2-4-0-1f0c9a2b-20260301100000",
  },
  revision: { schema: revision, example: "5f1c2a" },
};

/** Reads `sluice:recovery`; undefined where nothing is asked for, or what is asked for is wrong. */
export function readRecovery(raw: unknown, faults: Fault[]): Recovery | undefined {
  if (raw === undefined) return undefined;
  const before = faults.length;
  readFields(raw, ["recovery"], {}, faults, ["downgrade", "restore"]);
  const given = isRecord(raw) ? raw : {};
  const part = <Part extends object>(key: string, fields: Fields<Part>): Part | undefined =>
    given[key] === undefined
      ? undefined
      : (readFields<Part>(given[key], ["recovery", key], fields, faults) as Part);
  const [downgrade, restore] = [part("downgrade", DOWNGRADE), part("restore", RESTORE)];
  if (faults.length > before) return undefined;
  return { ...(downgrade && { downgrade }), ...(restore && { restore }) };
}

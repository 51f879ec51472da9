import { z } from "zod";
import { DAYS, type Dated, type Freeze, type Weekly } from "../freeze";
import { type Fault, type Path, format, isRecord, remove, set } from "./faults";
import { type Fields, oneOf, readFields, text } from "./fields";
import { moment } from "./forms";
import { readList } from "./lists";

const reason = {
  required: true,
  schema: text(/^[^\u0000-\u001f\u007f]+$/, "why, on one line of at most 200 characters", 200),
  example: "quarter's end",
};

const DATED: Fields<Dated> = {
  reason,
  from: { required: true, schema: moment, example: "2026-12-23T00:00:00Z" },
  until: { required: true, schema: moment, example: "2027-01-02T00:00:00Z" },
};

const hour = text(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day from "00:00" to "24:00"');

const WEEKLY: Fields<Weekly> = {
  reason,
  days: {
    required: true,
    schema: z
      .array(oneOf(DAYS), { error: `a list of ${DAYS.join(", ")}` })
      .min(1, { error: "one day at least" }),
    first: "friday",
  },
  from: { required: true, schema: hour, example: "16:00" },
  until: { required: true, schema: hour, example: "24:00" },
  zone: {
    schema: z
      .string({ error: "an IANA time zone" })
      .refine(isZone, { error: 'an IANA time zone such as "Europe/Berlin"' }),
    example: "UTC",
  },
};

/** Reads `sluice:limits.freezes`; undefined where there is no such key. */
export function readFreezes(raw: unknown, faults: Fault[]): Freeze[] | undefined {
  if (raw === undefined) return undefined;
  return readList(raw, ["limits", "freezes"], "a list of freezes", readFreeze(faults), faults);
}

/** What names days is weekly. */
const readFreeze =
  (faults: Fault[]) =>
  (element: unknown, path: Path): Freeze | undefined => {
    const before = faults.length;
    const isWeekly = isRecord(element) && "days" in element;
    const read = isWeekly
      ? readFields<Weekly>(element, path, WEEKLY, faults)
      : readFields<Dated>(element, path, DATED, faults);
    if (faults.length > before) return undefined;
    const freeze = read as Freeze;
    const [from, until] = isWeekly
      ? [freeze.from, freeze.until]
      : [Date.parse(freeze.from), Date.parse(freeze.until)];
    if (from < until) return freeze;
    const over = isWeekly ? "; one that goes on after midnight is two" : "";
    faults.push({
      path: format([...path, "until"]),
      found: freeze.until,
      allowed: `a time after its beginning, ${freeze.from}${over}`,
      remedy: isWeekly ? set([...path, "until"], "24:00") : remove(path),
    });
    return undefined;
  };

function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

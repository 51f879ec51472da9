import type { Override } from "../override";
import { RULES } from "../rules";
import type { Fault, Path } from "./faults";
import { type Fields, oneOf, readFields, text } from "./fields";
import { moment } from "./forms";
import { readList } from "./lists";

/** Rules that an override may lift. */
const LIFTED = RULES.filter(({ absolute }) => !absolute).map(({ id }) => id);

/** One line that says something, and is no `<your name>`: it is read in previews, outputs and messages. */
const line = (what: string, longest: number) =>
  text(
    /^(?!<.*>$)[^\s\u0000-\u001f\u007f][^\u0000-\u001f\u007f]*$/,
    `${what}, on one line of at most ${longest} characters`,
    longest,
  );

/** Who answers, why and until when is for nobody else to say: a command that fills them in would. */
const FIELDS: Fields<Override> = {
  rule: { required: true, schema: oneOf(LIFTED), words: LIFTED, example: "T1" },
  by: { required: true, schema: line("who answers for it", 64) },
  reason: { required: true, schema: line("why, for whoever reads it later", 200) },
  expires: { required: true, schema: moment },
};

/** Reads `sluice:overrides`; without it there are none. */
export const readOverrides = (raw: unknown, faults: Fault[]): Override[] =>
  readList(
    raw,
    ["overrides"],
    "a list of overrides: rule, by, reason, expires",
    readOverride(faults),
    faults,
  );

const readOverride =
  (faults: Fault[]) =>
  (element: unknown, path: Path): Override | undefined => {
    const before = faults.length;
    const read = readFields<Override>(element, path, FIELDS, faults);
    return faults.length > before ? undefined : (read as Override);
  };

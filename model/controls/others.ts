import type { Inapplicable, Severity, Standard, Unmet } from "./control";

/** Controls by id, severity and title. */
type Row = readonly [id: string, severity: Severity, title: string];

/** Controls about what the stack has not. @param types of which no resource may exist */
export const absent = (
  standard: Standard,
  types: readonly string[],
  reason: string,
  rows: readonly Row[],
): Inapplicable[] =>
  rows.map(([id, severity, title]) => ({
    id,
    standard,
    title,
    severity,
    notApplicable: reason,
    ...(types.length > 0 && { absent: types }),
  }));

/** Controls that apply and are not met, for one reason. */
export const unmet = (standard: Standard, reason: string, rows: readonly Row[]): Unmet[] =>
  rows.map(([id, severity, title]) => ({ id, standard, title, severity, unmet: reason }));

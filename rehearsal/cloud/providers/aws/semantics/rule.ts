import { UNKNOWN, type CheckFailure, type Value, type Values } from "../../behaviour";

/** What a type requires beyond single properties: what excludes or needs what. */
export type Rule = (values: Values) => (CheckFailure | false)[];

/** Whether the program says anything, be it not known yet. */
export const given = (values: Values, name: string): boolean => values[name] !== undefined;

/** Whether the value is given and known. */
export const known = (value: Value | undefined): boolean => value !== undefined && value !== UNKNOWN;

/** A fault, when there is one. */
export const fail = (when: boolean, property: string, reason: string): CheckFailure | false =>
  when && { property, reason };

/** One of these, and no other. */
export const exactlyOne =
  (...names: string[]): Rule =>
  (values) => {
    const found = names.filter((name) => given(values, name));
    return [
      fail(
        found.length !== 1,
        found[1] ?? names[0]!,
        `found ${found.length === 0 ? "none" : found.join(" and ")}; allowed: exactly one of ${names.join(", ")}`,
      ),
    ];
  };

/** One of these or none. */
export const atMostOne =
  (...names: string[]): Rule =>
  (values) => {
    const found = names.filter((name) => given(values, name));
    return [fail(found.length > 1, found[1] ?? "", `found ${found.join(" and ")}; allowed: one of them`)];
  };

/** One of these or more. */
export const atLeastOne =
  (...names: string[]): Rule =>
  (values) => [
    fail(
      !names.some((name) => given(values, name)),
      names[0]!,
      `found none; allowed: at least one of ${names.join(", ")}`,
    ),
  ];

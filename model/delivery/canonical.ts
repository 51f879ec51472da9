import { isRecord } from "../schema/faults";

/** The same text for what the engine and we may write differently: the order of keys, and a time without quotes. */
export const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, inner: unknown) => {
    if (isRecord(inner))
      return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)));
    const isTime = typeof inner === "string" && /^\d{4}-\d\d-\d\d(?:[T ][\d:.]+Z?)?$/.test(inner);
    return isTime && !Number.isNaN(Date.parse(inner)) ? new Date(inner).toISOString() : inner;
  });

/** The keys of both, in the order of text. */
export const keysOf = (one: object, other: object): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();

import { show, type CheckFailure, type Value } from "../providers/behaviour";
import { isLabelValue, isQualifiedName } from "./names";
import { objectOf } from "./objects";

/** The fault of a key of labels or annotations that is no qualified name. */
export const badKey = (key: string, path: string): CheckFailure => ({
  property: path,
  reason: `found the key ${show(key)}, allowed is a name of up to 63 letters, digits, -, _ and ., after an optional DNS prefix and /`,
});

/** Faults in the keys and values of labels. */
export function labelFaults(labels: Value | undefined, path: string): CheckFailure[] {
  return Object.entries(objectOf(labels)).flatMap(([key, value]) => {
    const found: CheckFailure[] = isQualifiedName(key) ? [] : [badKey(key, path)];
    if (typeof value === "string" && !isLabelValue(value)) {
      found.push({
        property: `${path}["${key}"]`,
        reason: `found ${show(value)}, allowed are up to 63 letters, digits, -, _ and ., alphanumeric at both ends`,
      });
    }
    return found;
  });
}

import type { Values } from "../providers/behaviour";
import { isTrue } from "./diff";
import { objectOf } from "./objects";

/** What Pulumi's awaiter gives an object to become ready, in seconds. */
const DEFAULT_SECONDS = 600;

/** Whether Pulumi waits for the object: not with `pulumi.com/skipAwait: "true"`. */
export const waits = (inputs: Values): boolean =>
  !isTrue(objectOf(objectOf(inputs.metadata).annotations)["pulumi.com/skipAwait"]);

/** `customTimeouts` (0 when absent), else the annotation `pulumi.com/timeoutSeconds`, else ten minutes. */
export function timeoutOf(customTimeout: number, inputs: Values): number {
  const annotated = Number(objectOf(objectOf(inputs.metadata).annotations)["pulumi.com/timeoutSeconds"]);
  if (customTimeout > 0) return customTimeout;
  return Number.isFinite(annotated) && annotated > 0 ? annotated : DEFAULT_SECONDS;
}

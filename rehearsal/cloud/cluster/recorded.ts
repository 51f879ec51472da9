import { isObject, type Value, type Values } from "../providers/behaviour";
import { RELEASE } from "./kinds";
import { objectOf } from "./objects";

/** The recorded inputs with the live values in their places, so that a refresh shows drift and only drift. */
export function asRecorded<T extends Value>(recorded: T, live: Value | undefined): T {
  if (isObject(recorded) && isObject(live)) {
    const kept = Object.entries(recorded).filter(([name]) => live[name] !== undefined);
    return Object.fromEntries(kept.map(([name, value]) => [name, asRecorded(value, live[name])])) as T;
  }
  return (live ?? recorded) as T;
}

/** The inputs that would make what an import found: everything but what the cluster filled in. */
export function asWritten(properties: Values, type: string): Values {
  const { status: _, ...written } = properties;
  if (type === RELEASE) return written;
  const {
    creationTimestamp: _c,
    generation: _g,
    resourceVersion: _r,
    uid: _u,
    ...metadata
  } = objectOf(written.metadata);
  return { ...written, metadata };
}

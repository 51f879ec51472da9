import type { TypeFacts } from "../../facts/facts";
import { equal, isObject, type Value, type Values } from "../behaviour";

/**
 * The inputs that would make what was found: those that were recorded, with what has changed since; so
 * that after a refresh the program's next diff shows a change made behind its back. Without recorded inputs
 * (an import) all that differ from nothing.
 */
export function inputsFrom(facts: TypeFacts, inputs: Values, recorded: Values, now: Values): Values {
  const imported = Object.keys(inputs).length === 0;
  const result: Values = {};
  for (const name of Object.keys(facts.inputs)) {
    const found = now[name];
    if (found === undefined || (imported && isNothing(found))) continue;
    if (inputs[name] !== undefined) result[name] = project(inputs[name], recorded[name], found);
    else if (imported || (recorded[name] !== undefined && !equal(recorded[name], found)))
      result[name] = found;
  }
  return result;
}

function project(input: Value, recorded: Value | undefined, now: Value): Value {
  if (isObject(input) && isObject(now)) {
    const before = isObject(recorded) ? recorded : {};
    const names = Object.keys(now).filter((name) => name in input || !equal(before[name], now[name]));
    return Object.fromEntries(
      names.map((name) => [
        name,
        input[name] === undefined ? now[name]! : project(input[name], before[name], now[name]!),
      ]),
    );
  }
  if (Array.isArray(input) && Array.isArray(now) && input.length === now.length) {
    const before = Array.isArray(recorded) ? recorded : [];
    return now.map((item, i) => project(input[i]!, before[i], item));
  }
  return now;
}

const isNothing = (value: Value): boolean =>
  value === "" ||
  value === 0 ||
  value === false ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

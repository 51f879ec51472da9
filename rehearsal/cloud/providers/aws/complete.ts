import { AWS, type Properties, type TypeFacts } from "../../facts/facts";
import { isObject, UNKNOWN, type Value, type Values } from "../behaviour";

/** Fills in what the provider itself would: defaults, at every depth. */
export function withDefaults(facts: Properties, values: Values): Values {
  const filled: Values = { ...values };
  for (const [name, property] of Object.entries(facts)) {
    const value = filled[name];
    if (value !== undefined) filled[name] = mapObjects(property.type, value, withDefaults);
    else if (property.default !== undefined) filled[name] = property.default;
  }
  return filled;
}

/**
 * Adds what the cloud tells to the inputs: all outputs, and each input that it chooses when the program gives
 * none. `told` has what a recipe knows; for the rest there is what was known before, and else the type's
 * empty value, or `UNKNOWN` where that is wanted (in a preview of something new).
 */
export function withOutputs(
  facts: TypeFacts,
  inputs: Values,
  told: Values,
  before: Values,
  unknown: boolean,
): Values {
  const computed = Object.entries(facts.inputs).filter(
    ([name, p]) => p.computed && inputs[name] === undefined,
  );
  const outputs = [
    ...Object.entries(facts.outputs),
    ...computed.map(([name, p]) => [name, p.type] as const),
  ].map(([name, type]) => [name, told[name] ?? before[name] ?? (unknown ? UNKNOWN : empty(type))] as const);
  const nested = nestedOutputs(facts.inputs, inputs, told, before, unknown);
  return { ...nested, ...Object.fromEntries(outputs.filter(([, value]) => value !== undefined)) } as Values;
}

function nestedOutputs(
  facts: Properties,
  values: Values,
  told: Values,
  before: Values,
  unknown: boolean,
): Values {
  const filled: Values = { ...values };
  for (const [name, { type }] of Object.entries(facts)) {
    const value = values[name];
    if (value === undefined) continue;
    const above: Value | undefined = told[name];
    const earlier: Value | undefined = before[name];
    filled[name] = mapObjects(type, value, (object, item, index) => {
      const at = (v: Value | undefined): Values => {
        const found = Array.isArray(v) ? v[index] : v;
        return isObject(found) ? found : {};
      };
      const below = nestedOutputs(object, item, at(above), at(earlier), unknown);
      for (const [key, property] of Object.entries(object)) {
        if (!property.computed || item[key] !== undefined) continue;
        const known = at(above)[key] ?? at(earlier)[key] ?? (unknown ? UNKNOWN : empty(property.type));
        if (known !== undefined) below[key] = known;
      }
      return below;
    });
  }
  return filled;
}

/** Applies `change` to the objects that a value of this type holds. */
function mapObjects(
  type: string,
  value: Value,
  change: (facts: Properties, object: Values, index: number) => Values,
): Value {
  if (type.startsWith("[]") && Array.isArray(value)) {
    const facts = AWS.objects[type.slice(2)];
    return facts ? value.map((item, i) => (isObject(item) ? change(facts, item, i) : item)) : value;
  }
  const facts = AWS.objects[type];
  return facts && isObject(value) ? change(facts, value, 0) : value;
}

/** What an output is when there is nothing to tell. Nested objects are then absent. */
function empty(type: string): Value | undefined {
  if (type.startsWith("[]")) return [];
  if (type.startsWith("{}")) return {};
  return { string: "", number: 0, boolean: false, json: "" }[type];
}

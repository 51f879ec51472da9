import type { Property } from "./facts";

/** What doc comments say in fixed words: the range, the default, and that a change replaces. */
export function fromComment(property: Property, doc: string): Partial<Property> {
  const text = doc.replace(/\s*\n\s*\*?\s*/g, " ");
  const fallback = property.required ? undefined : defaultOf(property.type, text);
  return {
    ...rangeOf(property.type, text),
    ...(fallback !== undefined && { default: fallback }),
    ...(/\bforces? (?:a )?(?:new|replacement)|forces the creation of a new|will recreate the resource/i.test(
      text,
    ) && {
      replace: true as const,
    }),
  };
}

function rangeOf(type: string, text: string): Partial<Property> {
  if (type !== "number") return {};
  const range = /\bThe range is (\d+)\s*[-–]\s*(\d+)\b(?! seconds or 0)/.exec(text);
  return range ? { min: Number(range[1]), max: Number(range[2]) } : {};
}

/**
 * A default that the whole comment states once. Names in camelCase are left out: the SDK's comments are
 * converted from Terraform's, and the conversion spoils values such as `round_robin`.
 */
function defaultOf(type: string, text: string): Property["default"] | undefined {
  const stated = [
    ...text.matchAll(/\b(?:defaults? (?:to|is|value is)|default value of|default:?) [`"“]?"?([\w.-]+)/gi),
  ];
  const [value, ...more] = new Set(stated.map((m) => m[1]!.replace(/\.$/, "")));
  if (value === undefined || more.length > 0) return undefined;
  if (type === "number") return /^\d+$/.test(value) ? Number(value) : undefined;
  if (type === "boolean") return value === "true" ? true : value === "false" ? false : undefined;
  const quoted = new RegExp(`[\`"]${value}[\`"]`).test(text);
  return type === "string" && quoted && !/[a-z][A-Z]/.test(value) ? value : undefined;
}

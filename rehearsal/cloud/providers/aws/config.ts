import { ACCOUNT } from "../../account";
import { AWS } from "../../facts/facts";
import { isObject, UNKNOWN, type Value, type Values } from "../behaviour";

/** What a provider's configuration means for the resources that it serves. */
export interface Scope {
  readonly region: string;
  readonly account: string;
  /** `aws`, `aws-cn` or `aws-us-gov`, as the region has it. */
  readonly partition: string;
  readonly defaultTags: Values;
}

/** The configuration with its nested values, which the SDK passes as JSON, parsed. */
export function parseConfig(config: Values): Values {
  const facts = AWS.types["pulumi:providers:aws"]!.inputs;
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      const type = facts[name]?.type ?? "string";
      return [name, type === "string" || typeof value !== "string" ? value : parse(value)];
    }),
  );
}

function parse(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

/** @param region of the resource itself, where it has one. */
export function scopeOf(provider: Values, region?: Value): Scope {
  const config = parseConfig(provider);
  const [own, configured] = [region, config.region].map((r) => (typeof r === "string" && r ? r : undefined));
  const name = own ?? configured ?? "us-east-1";
  const tags = isObject(config.defaultTags) ? config.defaultTags.tags : {};
  return {
    region: name,
    account: ACCOUNT,
    partition: name.startsWith("cn-") ? "aws-cn" : name.startsWith("us-gov-") ? "aws-us-gov" : "aws",
    defaultTags: isObject(tags) ? tags : {},
  };
}

/** The resource's tags over the provider's. */
export function tagsAll(tags: Value | undefined, { defaultTags }: Scope): Value {
  if (tags === UNKNOWN) return UNKNOWN;
  return { ...defaultTags, ...(isObject(tags) ? tags : {}) };
}

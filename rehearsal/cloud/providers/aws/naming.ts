import { createHash } from "node:crypto";
import type { TypeFacts } from "../../facts/facts";
import type { CheckFailure, CheckRequest, Value, Values } from "../behaviour";

/** The properties by which Pulumi names a resource when the program does not. */
const NAMED_BY: Readonly<Record<string, string>> = {
  "aws:s3/bucket:Bucket": "bucket",
  "aws:eks/nodeGroup:NodeGroup": "nodeGroupName",
  "aws:eks/fargateProfile:FargateProfile": "fargateProfileName",
  "aws:elasticache/replicationGroup:ReplicationGroup": "replicationGroupId",
};

/** The property that holds a resource's name. */
export const nameProperty = (type: string): string => NAMED_BY[type] ?? "name";

/** Random hexadecimal digits that Pulumi appends. */
const DIGITS = 7;

/** What some types want of a generated name beside its length. */
const STYLE: Readonly<Record<string, (name: string) => string>> = {
  "aws:kms/alias:Alias": (name) => `alias/${name}`,
  "aws:s3/bucket:Bucket": (name) => name.toLowerCase(),
  "aws:rds/subnetGroup:SubnetGroup": (name) => name.toLowerCase(),
  "aws:rds/parameterGroup:ParameterGroup": (name) => name.toLowerCase(),
  "aws:elasticache/subnetGroup:SubnetGroup": (name) => name.toLowerCase(),
};

/** The name that a resource without one gets: that of its state, or a new one. */
export function autoName(
  facts: TypeFacts,
  { type, name, olds, news, randomSeed }: CheckRequest,
): { values: Values; failures: CheckFailure[] } {
  const property = nameProperty(type);
  const known = facts.inputs[property];
  if (!known?.computed || news[property] !== undefined || given(news, `${property}Prefix`)) {
    return { values: {}, failures: [] };
  }
  if (isAutoName(type, name, olds?.[property]))
    return { values: { [property]: olds![property]! }, failures: [] };
  const longest = known.maxLength ?? 255;
  if (name.length + 1 + DIGITS > longest) {
    const reason =
      `the name would be ${JSON.stringify(name)} and ${DIGITS + 1} random characters, ` +
      `longer than the ${longest} that are allowed; shorten the resource's name or set "${property}"`;
    return { values: {}, failures: [{ property, reason }] };
  }
  const random = createHash("sha256").update(randomSeed).digest("hex").slice(0, DIGITS);
  return { values: { [property]: style(type, `${name}-${random}`) }, failures: [] };
}

/** Whether Pulumi made this name for a resource of this logical name. */
export function isAutoName(type: string, logical: string, value: Value | undefined): boolean {
  const prefix = style(type, `${logical}-`);
  return (
    typeof value === "string" && value.startsWith(prefix) && /^[0-9a-f]{7}$/.test(value.slice(prefix.length))
  );
}

const style = (type: string, name: string): string => STYLE[type]?.(name) ?? name;

const given = (values: Values, name: string): boolean => values[name] !== undefined;

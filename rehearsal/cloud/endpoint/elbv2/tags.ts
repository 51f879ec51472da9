import { LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP } from "../../balancer/resources";
import { get } from "./describe";
import { validationError } from "../errors";
import { type Call, texts } from "../service";

/** AWS's limit of resources for one call. */
const MOST_RESOURCES = 20;

/** Tags are those of Pulumi's `tagsAll`, which has the provider's default tags too. */
export function describeTags({ world, input }: Call): object {
  const arns = texts(input.ResourceArns);
  if (arns.length < 1 || arns.length > MOST_RESOURCES) {
    throw validationError(`${arns.length} resource ARNs were given; it must be from 1 to ${MOST_RESOURCES}`);
  }
  const TagDescriptions = arns.map((arn) => {
    const { properties } = get(world, kindOf(arn), arn);
    const tags = (properties.tagsAll ?? properties.tags ?? {}) as Record<string, string>;
    return { ResourceArn: arn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  });
  return { TagDescriptions };
}

function kindOf(arn: string) {
  const kind = arn.split(":")[5]?.split("/")[0];
  if (kind === "targetgroup") return TARGET_GROUP;
  if (kind === "listener-rule") return LISTENER_RULE;
  if (kind === "listener") return LISTENER;
  if (kind === "loadbalancer") return LOAD_BALANCER;
  throw validationError(`'${arn}' is not a valid load balancer, listener, rule or target group ARN`);
}

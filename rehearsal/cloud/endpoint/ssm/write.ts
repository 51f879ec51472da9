import { AwsError } from "../errors";
import { type Call, text } from "../service";
import { findParameter, PARAMETER, parameterArn, versionOf } from "./parameter";

const TYPES = ["String", "StringList", "SecureString"];
const LARGEST_STANDARD_VALUE = 4096;
const DEEPEST_HIERARCHY = 15;

const refuse = (message: string): AwsError => new AwsError("ValidationException", message);

export function putParameter({ world, region, input }: Call): object {
  const name = checkName(text(input.Name) ?? "");
  const before = findParameter(world, name);
  const value = text(input.Value);
  if (value === undefined) throw refuse("The parameter's value must have at least 1 character.");
  if (Buffer.byteLength(value) > LARGEST_STANDARD_VALUE && input.Tier !== "Advanced") {
    throw refuse(
      `Standard tier parameters support a maximum parameter value of ${LARGEST_STANDARD_VALUE} characters.`,
    );
  }
  const type = text(input.Type) ?? text(before?.properties.type);
  if (!type) throw refuse("A parameter type is required when you create a parameter.");
  if (!TYPES.includes(type)) throw refuse(`Type '${type}' must be one of ${TYPES.join(", ")}`);
  if (before && input.Overwrite !== true) {
    throw new AwsError(
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  }
  const version = before ? versionOf(before) + 1 : 1;
  const arn = before?.properties.arn ?? parameterArn(region, name);
  const properties = { ...before?.properties, name, type, value, version, arn };
  world.put({ type: PARAMETER, id: name, properties });
  return { Version: version, Tier: "Standard" };
}

export function deleteParameter({ world, input }: Call): object {
  const name = text(input.Name) ?? "";
  const held = findParameter(world, name);
  if (!held) throw new AwsError("ParameterNotFound", `Parameter ${name} not found.`);
  world.remove(PARAMETER, held.id);
  return {};
}

function checkName(name: string): string {
  if (!/^[\w./-]+$/.test(name)) {
    throw refuse(`Parameter name '${name}' may have only letters, digits and the symbols . - _ /`);
  }
  if (/^\/aws.*\//i.test(name)) {
    throw new AwsError("AccessDeniedException", `No access to reserved parameter name: ${name}.`);
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw refuse(`Parameter name '${name}' can't be prefixed with "aws" or "ssm" (case-insensitive).`);
  }
  if (name.includes("/") && !name.startsWith("/")) {
    throw refuse(`Parameter name '${name}' must be a fully qualified name: begin it with a slash.`);
  }
  if (name.split("/").length - 1 > DEEPEST_HIERARCHY) {
    throw new AwsError(
      "HierarchyLevelLimitExceededException",
      `Parameter name '${name}' has more than ${DEEPEST_HIERARCHY} levels.`,
    );
  }
  return name;
}

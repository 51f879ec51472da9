import { createHash } from "node:crypto";
import { currentVersion, secretAt } from "../../secrets/versions";
import type { Held, World } from "../../world";
import { AwsError } from "../errors";
import { type Call, text, texts } from "../service";
import { findParameter, PARAMETER, parameterArn, versionOf } from "./parameter";

/** AWS's limits of a page of GetParametersByPath and of the names of GetParameters. */
const LARGEST_PAGE = 10;

export function getParameter({ world, region, input }: Call): object {
  const asked = text(input.Name) ?? "";
  if (asked.startsWith(REFERENCE)) return referred(world, asked, input.WithDecryption === true);
  const [name, selector] = splitSelector(asked);
  const held = findParameter(world, name);
  if (!held) throw new AwsError("ParameterNotFound", `Parameter ${name} not found.`);
  if (selector !== undefined && Number(selector) !== versionOf(held)) {
    throw new AwsError(
      "ParameterVersionNotFound",
      `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
    );
  }
  return { Parameter: parameterToAws(world, held, region, input.WithDecryption === true, selector) };
}

/** What begins so is a secret of Secrets Manager's. */
const REFERENCE = "/aws/reference/secretsmanager/";

function referred(world: World, asked: string, decrypt: boolean): object {
  if (!decrypt) {
    throw new AwsError(
      "ValidationException",
      "WithDecryption flag must be True for retrieving a Secret Manager secret.",
    );
  }
  const secret = secretAt(world, asked.slice(REFERENCE.length));
  const value = secret && currentVersion(world, secret.id)?.properties.secretString;
  if (typeof value !== "string") {
    throw new AwsError(
      "ParameterNotFound",
      `An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret ${asked} not found.`,
    );
  }
  return { Parameter: { Name: asked, Type: "SecureString", Value: value, Version: 0, DataType: "text" } };
}

export function getParameters({ world, region, input }: Call): object {
  const names = texts(input.Names);
  if (names.length < 1 || names.length > LARGEST_PAGE) {
    throw new AwsError(
      "ValidationException",
      `${names.length} names were given; it must be from 1 to ${LARGEST_PAGE}`,
    );
  }
  const found = names.flatMap((name) => findParameter(world, name) ?? []);
  return {
    Parameters: found.map((held) => parameterToAws(world, held, region, input.WithDecryption === true)),
    InvalidParameters: names.filter((name) => !findParameter(world, name)),
  };
}

export function getParametersByPath({ world, region, input }: Call): object {
  const path = text(input.Path) ?? "";
  if (!path.startsWith("/")) {
    throw new AwsError("ValidationException", `The parameter path '${path}' must begin with a slash "/".`);
  }
  const size = Number(input.MaxResults ?? LARGEST_PAGE);
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_PAGE) {
    throw new AwsError("ValidationException", `MaxResults ${size} must be from 1 to ${LARGEST_PAGE}`);
  }
  const all = under(world, path, input.Recursive === true);
  const token = text(input.NextToken);
  const start = token === undefined ? 0 : all.findIndex(({ id }) => id > decode(token));
  const found = start < 0 ? [] : all.slice(start, start + size);
  const more = start >= 0 && start + size < all.length;
  return {
    Parameters: found.map((held) => parameterToAws(world, held, region, input.WithDecryption === true)),
    NextToken: more ? Buffer.from(found.at(-1)?.id ?? "").toString("base64") : undefined,
  };
}

const decode = (token: string): string => Buffer.from(token, "base64").toString();

/** The parameters below a path, by name; one level only unless recursive. */
function under(world: World, path: string, recursive: boolean): Held[] {
  const prefix = path.endsWith("/") ? path : `${path}/`;
  return world
    .all(PARAMETER)
    .filter(({ id }) => id.startsWith(prefix) && (recursive || !id.slice(prefix.length).includes("/")))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** `name:3` asks for version 3; an ARN's own colons are not selectors. */
function splitSelector(asked: string): [name: string, selector?: string] {
  const [, name, selector] = /^(.*[^:]):([^:/]+)$/.exec(asked) ?? [];
  return name === undefined || (asked.startsWith("arn:") && !name.includes(":parameter/"))
    ? [asked]
    : [name, selector];
}

function parameterToAws(
  world: World,
  held: Held,
  region: string,
  decrypt: boolean,
  selector?: string,
): object {
  const { properties } = held;
  const written = world.writtenAt(held);
  const value = String(properties.value ?? properties.insecureValue ?? "");
  const sealed = properties.type === "SecureString" && !decrypt;
  return {
    Name: held.id,
    Type: properties.type,
    // Nobody can read it, as with AWS; but it changes when the value does.
    Value: sealed ? createHash("sha256").update(value).digest("base64") : value,
    Version: versionOf(held),
    Selector: selector === undefined ? undefined : `:${selector}`,
    LastModifiedDate: written && written.getTime() / 1_000,
    ARN: properties.arn ?? parameterArn(region, held.id),
    DataType: properties.dataType ?? "text",
  };
}

import { randomBytes, randomInt } from "node:crypto";
import type { Held, World } from "../../world";
import { CloudError } from "../../faults";
import { isObject, type Value, type Values } from "../behaviour";
import type { Scope } from "./config";

/** What a type does beyond the table of facts: how AWS names and words it. */
export interface Recipe {
  /** The service as AWS's SDK for Go names it in errors, for example `Elastic Load Balancing v2`. */
  readonly service: string;
  /** The API operations by which AWS creates, changes and deletes it. */
  readonly operations: readonly [create: string, update: string, remove: string];
  /** The error for a resource that is not there. */
  readonly notFound?: string;
  /** The id and what AWS tells of a new resource; what is left out is empty. */
  make(making: Making): Made;
  /** Outputs that an update changes. */
  changed?(making: Making, before: Values): Values;
  /** Names of outputs that an update changes, so that its preview does not know them. */
  readonly volatile?: readonly string[];
  /** What two resources of this type cannot share, and AWS's refusal. */
  readonly identity?: Identity;
  /** Refuses, by `CloudError`, what the world as it is does not permit to be created or changed. */
  refuseWrite?(making: Making, id: string | undefined): void;
  /** What else happens in the world once it is made. */
  made?(held: Held, world: World): void;
  /** What else happens in the world once it is gone. */
  removed?(held: Held, world: World): void;
  /** Refuses, by `CloudError`, a deletion. */
  refuseDelete?(held: Held, world: World): void;
}

export interface Identity {
  readonly by: readonly string[];
  readonly code: string;
  readonly message: (values: Values) => string;
}

export interface Made {
  readonly id: string;
  readonly outputs?: Values;
}

/** What a recipe works with. */
export interface Making {
  readonly inputs: Values;
  /** The resource's logical name. */
  readonly logical: string;
  readonly scope: Scope;
  readonly world: World;
  /** ARN of a resource in this account and region. */
  arn(service: string, resource: string): string;
  /** An input that is a text; empty when absent. */
  text(name: string): string;
}

export function making(inputs: Values, logical: string, scope: Scope, world: World): Making {
  const { partition, region, account } = scope;
  return {
    inputs,
    logical,
    scope,
    world,
    arn: (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`,
    text: (name) => textOf(inputs[name]),
  };
}

export const textOf = (value: Value | undefined): string => (typeof value === "string" ? value : "");

/** Random hexadecimal digits, as in AWS's ids. */
export const hex = (digits: number): string =>
  randomBytes(Math.ceil(digits / 2))
    .toString("hex")
    .slice(0, digits);

/** Random capital letters and digits, as in IAM's ids. */
export const capitals = (length: number): string =>
  Array.from({ length }, () => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[randomInt(32)]).join("");

/** Random decimal digits; the first is not 0. */
export const decimals = (digits: number): string =>
  Array.from({ length: digits }, (_, i) => String(i === 0 ? randomInt(1, 10) : randomInt(10))).join("");

/** Objects of a list value. */
export const objects = (value: Value | undefined): Values[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** Texts of a list value. */
export const texts = (value: Value | undefined): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === "string") : [];

/** A resource of the world by one property. */
export const findBy = (world: World, type: string, property: string, value: string): Held | undefined =>
  world.all(type).find((held) => held.properties[property] === value);

/** Refuses when a resource that is named does not exist. */
export function mustExist(found: Held | undefined, code: string, message: string): asserts found {
  if (!found) throw new CloudError(code, message);
}

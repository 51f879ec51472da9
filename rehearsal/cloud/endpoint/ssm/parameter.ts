import type { Held, World } from "../../world";
import { ACCOUNT } from "../../account";

/** Pulumi's type of a parameter; its id is the parameter's name. */
export const PARAMETER = "aws:ssm/parameter:Parameter";

/** The ARN of a parameter: a name's leading slash is not doubled. */
export const parameterArn = (region: string, name: string): string =>
  `arn:aws:ssm:${region}:${ACCOUNT}:parameter/${name.replace(/^\//, "")}`;

/** A parameter by its name or ARN. */
export function findParameter(world: World, nameOrArn: string): Held | undefined {
  const direct = world.get(PARAMETER, nameOrArn);
  if (direct || !nameOrArn.startsWith("arn:")) return direct;
  return world.all(PARAMETER).find(({ properties }) => properties.arn === nameOrArn);
}

/** A parameter's version; the first is 1. */
export const versionOf = ({ properties }: Held): number => Number(properties.version ?? 1);

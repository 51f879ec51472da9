import type { Environment } from "../environments";

/** The last part of every flag's parameter. */
const LAST = "config";

/**
 * The path below which a stack's flags have their parameters. In prod the environment is left out, as guide 004 has it;
 * so the path of prod is also that of the others, one level higher.
 */
export const flagsPath = (app: string, environment: Environment): string =>
  environment === "prod" ? `/${app}` : `/${app}/${environment}`;

/** A flag's SSM parameter: `/audio-transcription/dev/partial-results/config`, in prod without `/dev`. */
export const flagParameter = (app: string, environment: Environment, flag: string): string =>
  `${flagsPath(app, environment)}/${flag}/${LAST}`;

/** The flag that a parameter belongs to; undefined where it is none of this stack's. */
export function flagOf(app: string, environment: Environment, parameter: string): string | undefined {
  const path = `${flagsPath(app, environment)}/`;
  const [flag, last, ...rest] = parameter.startsWith(path) ? parameter.slice(path.length).split("/") : [];
  return flag && last === LAST && rest.length === 0 ? flag : undefined;
}

/** The resource of a flag's parameter, in the program and in its state. */
export const flagResourceName = (flag: string): string => `flag-${flag}`;

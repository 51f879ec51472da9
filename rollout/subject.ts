import { ENVIRONMENTS, type Environment } from "../model/environments";
import { UsageError } from "./failure";
import { type Project, type StackFile, configurationOf, findProject, readStackFile } from "./project";

/** What a command is about, as far as AWS needs to know it. */
export interface Subject {
  readonly app: string;
  readonly environment: Environment;
  /** As in `aws:region`. */
  readonly region: string;
}

/** A stack of a project. */
export interface StackSubject extends Subject {
  readonly project: Project;
  readonly stack: StackFile;
}

/**
 * A stack of the project that a folder belongs to. Its settings are not judged: a rollback must not wait for that,
 * nor fail by a fault in a key that it does not need.
 *
 * @throws UsageError where there is no stack of that name, or its file does not name the three
 */
export function stackSubject(folder: string, name: string): StackSubject {
  const project = findProject(folder);
  const stack = readStackFile(project, name);
  const { values } = configurationOf(project, stack);
  const needed = (key: string, example: string): string => {
    const value = values[key];
    if (value) return value;
    throw new UsageError(`${stack.path}: found no ${key}; set it: pulumi config set ${key} ${example}`);
  };
  return {
    project,
    stack,
    region: needed("aws:region", "us-east-1"),
    app: needed("sluice:app", "voiceassist"),
    environment: environmentOf(`${stack.path}: sluice:environment`, needed("sluice:environment", "dev")),
  };
}

/** What names a stack where there is no project. */
export interface Named {
  readonly app?: string | undefined;
  readonly environment?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * The stack that options name, on a machine that has credentials and nothing else.
 *
 * @throws UsageError where one of the three is missing, or there is no such environment
 */
export function namedSubject({ app, environment, region }: Named): Subject {
  if (app === undefined || environment === undefined) {
    throw new UsageError("found no stack; name one: -s STACK inside its project, or --app and --environment");
  }
  const where = region ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  if (!where) {
    throw new UsageError("found no region; name it: --region us-east-1, or AWS_REGION in the environment");
  }
  return { app, environment: environmentOf("--environment", environment), region: where };
}

function environmentOf(where: string, found: string): Environment {
  const known = ENVIRONMENTS.find((name) => name === found);
  if (known) return known;
  throw new UsageError(`${where}: found ${JSON.stringify(found)}; allowed are ${ENVIRONMENTS.join(", ")}`);
}

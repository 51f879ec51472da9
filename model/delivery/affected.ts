import type { Environment } from "../environments";

/** A stack of the project, as its file describes it. */
export interface StackOf {
  readonly name: string;
  readonly environment: Environment;
}

/** A stack that a change may change, and the first file of the change that says so. */
export interface Affected {
  readonly stack: string;
  readonly because: string;
}

/** The branch that an environment's stacks are deployed from. */
export const branchOf = (environment: Environment): string => (environment === "dev" ? "develop" : "main");

/** What the program is made of: whatever changes here may change every stack. */
const CODE = [
  /^(?:model|cloud|components)\//,
  // The watcher is bundled from it.
  /^rollout\//,
  /^policies\/(?!(?:platform\/)?config\/)/,
  /^(?:index\.ts|register\.cjs|fast\.cjs|tsconfig\.json|package\.json|package-lock\.json|Pulumi\.yaml)$/,
];

const CONFIGURATION = /^Pulumi\.(?<stack>[\w.-]+)\.yaml$/;
const LEVELS = /^policies\/(?:platform\/)?config\/(?<environment>\w+)\.json$/;

/**
 * The stacks that a change may change, in their order.
 *
 * @param files that differ, as paths from the project's folder
 */
export function affected(files: readonly string[], stacks: readonly StackOf[]): Affected[] {
  const code = files.find((file) => CODE.some((form) => form.test(file)));
  return stacks.flatMap(({ name, environment }) => {
    const own = files.find(
      (file) =>
        CONFIGURATION.exec(file)?.groups?.["stack"] === name ||
        LEVELS.exec(file)?.groups?.["environment"] === environment,
    );
    const because = own ?? code;
    return because === undefined ? [] : [{ stack: name, because }];
  });
}

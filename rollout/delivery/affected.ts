import { readdirSync } from "node:fs";
import { type Affected, type StackOf, affected, branchOf } from "../../model/delivery/affected";
import { EXIT, type ExitCode } from "../exit";
import { UsageError, reasonOf } from "../failure";
import { type Project, configurationOf, findProject } from "../project";
import { type StackSubject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { changedFiles } from "./git";

export interface AffectedOptions {
  /** Branch, tag or commit that is compared with. Absent: every stack is told. */
  readonly base?: string;
  readonly json?: boolean;
}

/** Where a stack's jobs run. */
interface Job {
  readonly stack: string;
  readonly environment: string;
  /** What a workflow's `runs-on` takes: a runner inside the VPC where the stack has some. */
  readonly runner: string;
  /** That it is deployed from, whatever branch the workflow runs on. */
  readonly branch: string;
  readonly because: string;
}

/**
 * Tells the stacks that a change may change, where their jobs run, and the branches that they are deployed from.
 *
 * @throws UsageError where git does not know what to compare with
 */
export async function affectedStacks(options: AffectedOptions, terminal: Terminal): Promise<ExitCode> {
  const project = findProject(terminal.folder);
  const subjects = stacksOf(project).map((name) => stackSubject(terminal.folder, name));
  const { base } = options;
  const told: readonly Affected[] =
    base === undefined ? all(subjects) : affected(await changed(project, base), subjects.map(stackOf));
  const jobs = told.flatMap(({ stack, because }) =>
    subjects.filter((one) => one.stack.name === stack).map((one) => jobOf(one, because)),
  );
  const runners = Object.fromEntries(subjects.map((one) => [one.stack.name, runnerOf(one)]));
  if (options.json) terminal.print(JSON.stringify({ schema: 1, stacks: jobs, runners }));
  else if (jobs.length === 0) terminal.print("no stack is changed");
  else for (const { stack, because } of jobs) terminal.print(`${stack}: ${because}`);
  return EXIT.done;
}

/** The stacks of a project, by the files that it has. */
export const stacksOf = ({ folder }: Project): string[] =>
  readdirSync(folder)
    .flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();

const stackOf = ({ stack, environment }: StackSubject): StackOf => ({ name: stack.name, environment });

const all = (subjects: readonly StackSubject[]) =>
  subjects.map(({ stack }) => ({ stack: stack.name, because: "every stack is asked for" }));

async function changed({ folder }: Project, base: string): Promise<string[]> {
  try {
    return await changedFiles(folder, base);
  } catch (error) {
    throw new UsageError(`--base ${base}: ${reasonOf(error)}`);
  }
}

/** GitHub's own runner, as `runs-on` takes it. */
export const HOSTED = "ubuntu-24.04";

/** A private cluster is reached by runners inside the VPC alone; GitHub tells them apart by run and attempt. */
export function runnerOf({ project, stack, app, environment }: StackSubject): string {
  const inside = configurationOf(project, stack).values["sluice:runners"] !== undefined;
  const { GITHUB_RUN_ID: run = "0", GITHUB_RUN_ATTEMPT: attempt = "1" } = process.env;
  return inside ? `codebuild-${app}-${environment}-${run}-${attempt}` : HOSTED;
}

const jobOf = (subject: StackSubject, because: string): Job => {
  const { stack, environment } = subject;
  const runs = { runner: runnerOf(subject), branch: branchOf(environment) };
  return { stack: stack.name, environment, ...runs, because };
};

import { readFile } from "node:fs/promises";
import { parse } from "yaml";

/** One step of a job. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string | boolean;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly name?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string | boolean;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix?: { readonly include?: string } };
  /** Absent where it calls another workflow. */
  readonly steps?: readonly Step[];
  /** Path of a workflow of this repository, whose jobs take this one's place. */
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A workflow's file, as far as a run of its steps needs it. */
export interface Workflow {
  readonly name: string;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** @throws Error where the file is no workflow */
export async function readWorkflow(file: string): Promise<Workflow> {
  const found = parse(await readFile(file, "utf8")) as Partial<Workflow> | null;
  if (typeof found?.name !== "string" || typeof found.jobs !== "object")
    throw new Error(`${file} is no workflow`);
  return found as Workflow;
}

/** The jobs that another waits for. */
export const needsOf = ({ needs = [] }: Job): readonly string[] => [needs].flat();

/** Jobs in an order in which each comes after those that it needs. @throws Error where they wait for each other */
export function ordered(jobs: Workflow["jobs"]): string[] {
  const done: string[] = [];
  let left = Object.keys(jobs);
  while (left.length > 0) {
    const ready = left.filter((name) => needsOf(jobs[name] as Job).every((need) => done.includes(need)));
    if (ready.length === 0) throw new Error(`the jobs ${left.join(", ")} wait for each other`);
    done.push(...ready);
    left = left.filter((name) => !ready.includes(name));
  }
  return done;
}

import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

/** The project's folder. */
export const ROOT = resolve(__dirname, "../..");
export const FOLDER = join(ROOT, ".github", "workflows");

/** Names of the workflows' files. */
export const files = readdirSync(FOLDER).sort();

export interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress"?: boolean;
  readonly queue?: string;
}
export interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly id?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}
export interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly environment?: string;
  readonly concurrency?: Concurrency;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
}
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

export const textOf = (file: string): string => readFileSync(join(FOLDER, file), "utf8");

/** A workflow as its file has it. */
export const workflowOf = (file: string): Workflow => parse(textOf(file)) as Workflow;

/** Every job of every workflow, by `file: job`. */
export const jobs: Readonly<Record<string, Job>> = Object.fromEntries(
  files.flatMap((file) =>
    Object.entries(workflowOf(file).jobs).map(([name, job]) => [`${file}: ${name}`, job]),
  ),
);

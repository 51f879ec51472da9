import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contexts, type Status, asText, condition, filled } from "./expression";
import { outputsIn, runStep, textsOf } from "./step";
import { type Job, type Workflow, needsOf, ordered } from "./workflow";

/** What a run of a workflow meets. */
export interface Surroundings {
  /** Where its steps run. */
  readonly folder: string;
  /** Over this process's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What a job's steps have besides that runs in a protected environment: credentials, and where things are. */
  readonly environment?: (name: string) => Promise<Readonly<Record<string, string>>>;
  /** What expressions may name beside what the run itself makes. */
  readonly github: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Brings the folder to a branch's tip or to a commit. Absent: it stays as it is. */
  readonly checkout?: (ref: string) => Promise<void>;
  /** The workflow that a job calls, by the path that it names. Absent: none does. */
  readonly called?: (path: string) => Promise<Workflow>;
  /** Jobs that are left out, with all that need them. */
  readonly without?: readonly string[];
  readonly print: (line: string) => void;
}

/** How a job ended; `skipped`: its condition, or one that it needs, was not met. */
export type Result = "success" | "failure" | "skipped";

/** What came of a run. */
export interface Ran {
  /** By job; of a matrix the worst. */
  readonly results: Readonly<Record<string, Result>>;
  /** By job: what its steps wrote to be shown. */
  readonly summaries: Readonly<Record<string, string>>;
}

/** Runs a workflow's steps in their order, job by job. @throws Error where it uses what has no local equivalent */
export async function runWorkflow(workflow: Workflow, around: Surroundings): Promise<Ran> {
  const artefacts = await mkdtemp(join(tmpdir(), "sluice-artefacts-"));
  try {
    return await runJobs(workflow, around, artefacts);
  } finally {
    await rm(artefacts, { recursive: true, force: true });
  }
}

async function runJobs(workflow: Workflow, around: Surroundings, artefacts: string): Promise<Ran> {
  const results: Record<string, Result> = {};
  const outputs: Record<string, Record<string, string>> = {};
  const summaries: Record<string, string> = {};
  for (const name of ordered(workflow.jobs)) {
    const job = workflow.jobs[name] as Job;
    const needs = Object.fromEntries(
      needsOf(job).map((need) => [need, { result: results[need], outputs: outputs[need] ?? {} }]),
    );
    const status = statusOf(needsOf(job).map((need) => results[need]));
    const contexts: Contexts = { ...contextsOf(around), needs };
    const isLeft = around.without?.includes(name) === true;
    if (isLeft || !condition(job.if, contexts, status)) {
      results[name] = "skipped";
      around.print(`job ${name}: skipped${isLeft ? ", as asked" : ""}`);
      continue;
    }
    const runs = job.strategy?.matrix?.include;
    const cases = runs === undefined ? [{}] : (filled(runs, contexts) as Record<string, unknown>[]);
    results[name] = "success";
    for (const matrix of cases) {
      const ran = await runJob(name, job, { ...contexts, matrix }, around, artefacts);
      if (!ran.succeeded) results[name] = "failure";
      outputs[name] = ran.outputs;
      summaries[name] = (summaries[name] ?? "") + ran.summary;
    }
  }
  return { results, summaries };
}

const statusOf = (results: readonly (Result | undefined)[]): Status =>
  results.every((result) => result === "success") ? "success" : "failure";

const contextsOf = ({ github, inputs = {}, vars = {} }: Surroundings): Contexts => ({
  ...{ github: { token: "local", ...github }, inputs, vars },
});

/** What came of a job. */
interface Ended {
  readonly succeeded: boolean;
  readonly outputs: Record<string, string>;
  readonly summary: string;
}

/** A job that calls another workflow: that one's jobs, which know the inputs that they are given and no others. */
async function callWorkflow(
  path: string,
  job: Job,
  contexts: Contexts,
  around: Surroundings,
  artefacts: string,
): Promise<Ended> {
  if (!around.called) throw new Error(`${path} is called, and no workflow is known here`);
  const inputs = textsOf(job.with, contexts);
  const { results, summaries } = await runJobs(await around.called(path), { ...around, inputs }, artefacts);
  const succeeded = !Object.values(results).includes("failure");
  return { succeeded, outputs: {}, summary: Object.values(summaries).join("") };
}

async function runJob(
  name: string,
  job: Job,
  contexts: Contexts,
  around: Surroundings,
  artefacts: string,
): Promise<Ended> {
  const { print } = around;
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  const own: Contexts = { ...contexts, steps };
  const environment = job.environment === undefined ? "" : asText(filled(job.environment, own));
  const told = environment === "" ? "" : `, in the environment ${environment}, which nobody approves here`;
  print(`job ${asText(filled(job.name ?? name, own))}${told}`);
  if (job.uses !== undefined) return callWorkflow(job.uses, job, own, around, artefacts);
  let status: Status = "success";
  const folder = await mkdtemp(join(tmpdir(), "sluice-job-"));
  try {
    const shared = { summary: join(folder, "summary"), env: textsOf(job.env, own) };
    await writeFile(shared.summary, "");
    for (const [index, step] of (job.steps ?? []).entries()) {
      if (!condition(step.if, own, status)) continue;
      const output = join(folder, `output-${index}`);
      await writeFile(output, "");
      const inside = environment === "" ? {} : await around.environment?.(environment);
      const env = { ...inside, ...shared.env };
      const ended = await runStep(step, own, around, { ...shared, env, output, artefacts });
      if (step.id !== undefined) steps[step.id] = { outputs: outputsIn(await readFile(output, "utf8")) };
      if (ended !== 0) {
        print(`    ended with ${ended}`);
        status = "failure";
      }
    }
    return {
      succeeded: status === "success",
      outputs: textsOf(job.outputs, own),
      summary: await readFile(shared.summary, "utf8"),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

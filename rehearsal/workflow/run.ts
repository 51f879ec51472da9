import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exchanged } from "./artefacts";
import { type Contexts, type Status, asText, condition, filled } from "./expression";
import { type Job, type Step, type Workflow, needsOf, ordered } from "./workflow";

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

/** What stands for an action on this machine; `uses` without its version. Anything else is an error, not left out. */
const LOCAL: Readonly<Record<string, string>> = {
  "actions/checkout": "the working copy as it is",
  "actions/setup-node": "this Node.js",
  "pulumi/actions": "the engine that the rehearsal uses",
  "aws-actions/configure-aws-credentials": "the local cloud's own credentials",
  "actions/upload-artifact": "a folder of this run",
  "actions/download-artifact": "from a folder of this run",
};

/** Runs a workflow's steps in their order, job by job. @throws Error where it uses what has no local equivalent */
export async function runWorkflow(workflow: Workflow, around: Surroundings): Promise<Ran> {
  const artefacts = await mkdtemp(join(tmpdir(), "sluice-artefacts-"));
  const results: Record<string, Result> = {};
  const outputs: Record<string, Record<string, string>> = {};
  const summaries: Record<string, string> = {};
  try {
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
  } finally {
    await rm(artefacts, { recursive: true, force: true });
  }
}

const statusOf = (results: readonly (Result | undefined)[]): Status =>
  results.every((result) => result === "success") ? "success" : "failure";

const contextsOf = ({ github, inputs = {}, vars = {} }: Surroundings): Contexts => ({
  ...{ github: { token: "local", ...github }, inputs, vars },
});

async function runJob(
  name: string,
  job: Job,
  contexts: Contexts,
  around: Surroundings,
  artefacts: string,
): Promise<{ succeeded: boolean; outputs: Record<string, string>; summary: string }> {
  const { print } = around;
  const folder = await mkdtemp(join(tmpdir(), "sluice-job-"));
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  const own: Contexts = { ...contexts, steps };
  const environment = job.environment === undefined ? "" : asText(filled(job.environment, own));
  const told = environment === "" ? "" : `, in the environment ${environment}, which nobody approves here`;
  print(`job ${asText(filled(job.name ?? name, own))}${told}`);
  let status: Status = "success";
  try {
    const shared = { summary: join(folder, "summary"), env: textsOf(job.env, own) };
    await writeFile(shared.summary, "");
    for (const [index, step] of job.steps.entries()) {
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

interface Files {
  readonly summary: string;
  readonly output: string;
  readonly artefacts: string;
  readonly env: Readonly<Record<string, string>>;
}

async function runStep(step: Step, contexts: Contexts, around: Surroundings, files: Files): Promise<number> {
  const { print } = around;
  if (step.uses !== undefined) {
    const action = step.uses.split("@")[0] ?? "";
    const equivalent = LOCAL[action];
    if (equivalent === undefined)
      throw new Error(`${action} has no local equivalent: rehearsal/workflow/run.ts names them`);
    print(`  ${action}: locally ${equivalent}`);
    await exchanged(action, textsOf(step.with, contexts), around.folder, files.artefacts);
    return 0;
  }
  if (step.run === undefined) throw new Error(`the step ${step.name ?? ""} has neither uses nor run`);
  if (/\$\{\{/.test(step.run))
    throw new Error(`the step ${step.name ?? step.run} has an expression in its script`);
  print(`  ${step.name ?? step.run.split("\n")[0] ?? ""}`);
  if (step.run.trim() === "npm ci") {
    print("    locally what is installed here");
    return 0;
  }
  return shell(step.run, around, { ...files.env, ...textsOf(step.env, contexts) }, files);
}

/** As GitHub calls bash where a step names no shell. */
function shell(
  script: string,
  { folder, env, github, print }: Surroundings,
  own: Readonly<Record<string, string>>,
  { summary, output }: Files,
): Promise<number> {
  const told = Object.fromEntries(
    ["repository", "ref_name", "sha", "run_id", "run_attempt", "api_url", "event_name"].flatMap((key) =>
      key in github ? [[`GITHUB_${key.toUpperCase()}`, asText(github[key])]] : [],
    ),
  );
  const child = spawn("bash", ["-e", "-c", script], {
    cwd: folder,
    env: { ...process.env, ...env, ...told, GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output, ...own },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.trimEnd().split("\n")) print(`    ${line}`);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

const textsOf = (
  values: Readonly<Record<string, unknown>> | undefined,
  contexts: Contexts,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values ?? {}).map(([key, value]) => [
      key,
      typeof value === "string" ? asText(filled(value, contexts)) : asText(value),
    ]),
  );

/** `name=value` a line; what ends with its own delimiter is not used by our workflows. */
const outputsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

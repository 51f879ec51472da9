import { spawn } from "node:child_process";
import { exchanged } from "./artefacts";
import { type Contexts, asText, filled } from "./expression";
import { withoutGit } from "./repository";
import type { Surroundings } from "./run";
import type { Step } from "./workflow";

/** What stands for an action on this machine; `uses` without its version. Anything else is an error, not left out. */
const LOCAL: Readonly<Record<string, string>> = {
  "actions/checkout": "this working copy, brought to what it names",
  "actions/setup-node": "this Node.js",
  "pulumi/actions": "the engine that the rehearsal uses",
  "aws-actions/configure-aws-credentials": "the local cloud's own credentials",
  "actions/upload-artifact": "a folder of this run",
  "actions/download-artifact": "from a folder of this run",
};

/** Where a step finds what its job and the jobs before have left. */
export interface Files {
  readonly summary: string;
  readonly output: string;
  readonly artefacts: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs one step; gives the exit code of its script. @throws Error where it uses what has no local equivalent */
export async function runStep(
  step: Step,
  contexts: Contexts,
  around: Surroundings,
  files: Files,
): Promise<number> {
  const { print } = around;
  if (step.uses !== undefined) {
    const action = step.uses.split("@")[0] ?? "";
    const equivalent = LOCAL[action];
    if (equivalent === undefined)
      throw new Error(`${action} has no local equivalent: rehearsal/workflow/step.ts names them`);
    print(`  ${action}: locally ${equivalent}`);
    const options = textsOf(step.with, contexts);
    if (action === "actions/checkout")
      await around.checkout?.(options["ref"] ?? asText(around.github["sha"]));
    await exchanged(action, options, around.folder, files.artefacts);
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
    env: { ...withoutGit(), ...env, ...told, GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output, ...own },
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

/** Options or variables, each with its expressions filled in. */
export const textsOf = (
  values: Readonly<Record<string, unknown>> | undefined,
  contexts: Contexts,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values ?? {}).map(([key, value]) => [
      key,
      typeof value === "string" ? asText(filled(value, contexts)) : asText(value),
    ]),
  );

/** What a step hands on: `name=value` a line; what ends with its own delimiter is not used by our workflows. */
export const outputsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

/**
 * Runs a workflow's steps on this machine: `npm run workflow -- preview.yml`. A stack is deployed to a local cloud, a
 * release of its next version is committed on a branch, and then every step runs as the file has it, with a local
 * equivalent in the place of each action, which is named.
 *
 * Exit code 0: every job that ran succeeded. 1: one did not. 2: usage.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { STRATEGIES } from "../../model/release";
import { onSignals } from "./signals";
import { startStage } from "./stage";
import { runWorkflow } from "./run";
import { readWorkflow } from "./workflow";

const USAGE =
  "npm run workflow -- FILE [--stack dev] [--strategy canary|blue-green|rolling] [--beside STACK]... " +
  "[--event pull_request|push|workflow_dispatch|schedule] [--input NAME=VALUE]... [--without JOB]...";

/** What starts a workflow, where it is not a form. */
const EVENTS: Readonly<Record<string, string>> = { "preview.yml": "pull_request", "deploy.yml": "push" };

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      stack: { type: "string", default: "dev" },
      strategy: { type: "string" },
      beside: { type: "string", multiple: true, default: [] },
      event: { type: "string" },
      input: { type: "string", multiple: true, default: [] },
      without: { type: "string", multiple: true, default: [] },
    },
  });
  const [file, ...others] = positionals;
  const strategy = STRATEGIES.find((one) => one === values.strategy);
  if (file === undefined || others.length > 0 || strategy !== values.strategy) {
    console.error(USAGE);
    return 2;
  }
  const project = resolve(__dirname, "../..");
  const workflow = await readWorkflow(join(project, ".github", "workflows", file));
  const stage = await startStage(project, values.stack, { strategy, beside: values.beside });
  const stop = onSignals(() => stage.close());
  try {
    const inputs = Object.fromEntries(
      values.input.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]),
    );
    const event = values.event ?? EVENTS[file] ?? "workflow_dispatch";
    const { results } = await runWorkflow(workflow, {
      ...(await stage.surroundings(event)),
      ...{ inputs: { stack: values.stack, ...inputs }, without: values.without },
      print: console.log,
    });
    for (const [job, result] of Object.entries(results)) console.log(`${job}: ${result}`);
    const written = [...Object.values(stage.gitHub.comments).flat(), ...stage.gitHub.issues];
    for (const { body } of written) console.log(`\n${body}`);
    return Object.values(results).includes("failure") ? 1 : 0;
  } finally {
    stop();
    await stage.close();
  }
}

void main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);

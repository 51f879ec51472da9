import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { otherColour } from "../../model/release";
import { editRelease, settingsIn } from "../../rollout/configuration";
import { paceFromNow } from "../../cloud/clock";
import { startCloud } from "../cloud/start";
import { findEngine } from "../engine/find";
import { openStack } from "../engine/workspace";
import { nextVersion } from "../script";
import { makeWorkingCopy } from "../workingCopy";
import { type LocalGitHub, localGitHub } from "./github";
import type { Surroundings } from "./run";
import { balancerUrl } from "../traffic/targets";
import { startUsers } from "./users";

/** A deployed stack in a local cloud, in a repository of git, with a branch on which its next version is asked for. */
export interface Stage {
  readonly folder: string;
  readonly gitHub: LocalGitHub;
  /** What a run on that branch meets. @param event what started it */
  surroundings(event: string): Omit<Surroundings, "print">;
  /** The stack file's text, as a branch of the repository that is pushed to has it. */
  pushed(branch: string): Promise<string>;
  close(): Promise<void>;
}

const REPOSITORY = "example/voiceassist";
const REGION = "us-east-1";
const PULL = 1;

/** Whoever waits for a release here is no user of it: a look every 30 s is one every 3 s. */
const SPEED = 10;

const run = promisify(execFile);

/** Deploys the stack as the project's file has it, and commits the edit. @throws Error where the deployment fails */
export async function startStage(project: string, stack: string): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), "sluice-workflow-"));
  const folder = join(root, "checkout");
  const opened: (() => Promise<void>)[] = [() => rm(root, { recursive: true, force: true })];
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one();
  };
  try {
    const [engine, copy, gitHub] = await Promise.all([
      findEngine(),
      makeWorkingCopy(project, stack, folder),
      localGitHub(),
    ]);
    opened.push(() => gitHub.close());
    const cloud = await startCloud(undefined, { pace: paceFromNow(SPEED) });
    opened.push(() => cloud.stop());
    const opening = { engine, dir: folder, stack, env: { ...copy.env, ...cloud.env } };
    const { result, diagnostics } = await (await openStack(opening)).up();
    if (result === "failed") throw new Error(`${stack} could not be deployed:\n${diagnostics.join("\n")}`);

    const url = await balancerUrl(cloud);
    const users = startUsers(url, settingsIn(await copy.read()));
    opened.push(() => users.stop());

    const git = async (...args: string[]) => (await run("git", args, { cwd: folder })).stdout.trim();
    const origin = join(root, "origin.git");
    await run("git", ["init", "--quiet", "--bare", origin]);
    await git("init", "--quiet", "--initial-branch", "main");
    await git("config", "user.name", "rehearsal");
    await git("config", "user.email", "rehearsal@example.com");
    await writeFile(join(folder, ".gitignore"), "*\n!Pulumi*.yaml\n");
    await git("remote", "add", "origin", origin);
    await git("add", "Pulumi.yaml", `Pulumi.${stack}.yaml`);
    await git("commit", "--quiet", "--message", "as deployed");
    // As deploy.yml has it.
    const branch = stack === "dev" ? "develop" : "main";
    await git("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
    const base = await git("rev-parse", "HEAD");
    const text = await copy.read();
    const { live, ...release } = settingsIn(text).release;
    const next = { version: nextVersion(release[live].version ?? "1.0.0") };
    await copy.write(editRelease(text, { [otherColour(live)]: next }));
    await git("commit", "--quiet", "--all", "--message", `${next.version} in ${otherColour(live)}`);
    const head = await git("rev-parse", "HEAD");

    const bin = await shims(root, project);
    const pull_request = {
      number: PULL,
      base: { sha: base },
      head: { sha: head, repo: { full_name: REPOSITORY } },
    };
    return {
      ...{ folder, gitHub, close },
      pushed: async (branch) =>
        (await run("git", ["show", `${branch}:Pulumi.${stack}.yaml`], { cwd: origin })).stdout,
      surroundings: (event) => ({
        folder,
        env: {
          ...copy.env,
          ...cloud.env,
          AWS_ENDPOINT_URL: cloud.address.endpoint,
          AWS_ACCESS_KEY_ID: "test",
          AWS_SECRET_ACCESS_KEY: "test",
          AWS_REGION: REGION,
          // The load balancer's own name leads nowhere here.
          SLUICE_BALANCER_URL: url,
          PATH: [bin, engine.path, process.env["PATH"] ?? ""].join(delimiter),
        },
        github: {
          ...{
            event_name: event,
            event: { pull_request },
            repository: REPOSITORY,
            ref_name: branch,
            sha: head,
          },
          ...{
            run_id: 1,
            run_attempt: 1,
            api_url: gitHub.url,
            ref: `refs/heads/${branch}`,
            workflow: "local",
          },
        },
        // The state is beside the configuration, wherever a job says that it is.
        vars: {
          AWS_REGION: REGION,
          AWS_ROLE: "local",
          PULUMI_BACKEND_URL: copy.env["PULUMI_BACKEND_URL"] ?? "",
        },
      }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `npx sluice` and `npm start` of the project, called from a folder that has no packages of its own. */
async function shims(root: string, project: string): Promise<string> {
  const bin = join(root, "bin");
  await mkdir(bin);
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const node = quoted(process.execPath);
  const scripts = {
    npx: [
      '[ "$1" = sluice ] || { echo "npx $1: only sluice is called here" >&2; exit 1; }',
      `shift\nexec ${node} ${quoted(join(project, "bin", "sluice.js"))} "$@"`,
    ],
    // What it is to write belongs to the checkout.
    npm: [
      'here=$PWD\nfor arg do\n  shift\n  case $arg in *.html | *.json) arg=$here/$arg ;; esac\n  set -- "$@" "$arg"\ndone',
      `cd ${quoted(project)} && PATH=\${PATH#*:} exec npm "$@"`,
    ],
  };
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script.join("\n")}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return bin;
}

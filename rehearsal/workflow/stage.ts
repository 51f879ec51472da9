import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Strategy, otherColour } from "../../model/release";
import { editRelease, settingsIn } from "../../rollout/configuration";
import { paceFromNow } from "../../cloud/clock";
import { type Cloud, startCloud } from "../cloud/start";
import { findEngine } from "../engine/find";
import { openStack } from "../engine/workspace";
import { nextVersion } from "../script";
import { makeWorkingCopy } from "../workingCopy";
import { type LocalGitHub, localGitHub } from "./github";
import type { Surroundings } from "./run";
import { balancerUrl } from "../traffic/targets";
import { makeRepository } from "./repository";
import { shims } from "./shims";
import { startUsers } from "./users";
import { readWorkflow } from "./workflow";

/** A deployed stack in a local cloud, in a repository of git, with a branch on which its next version is asked for. */
export interface Stage {
  readonly folder: string;
  readonly gitHub: LocalGitHub;
  /**
   * What a run meets that starts now. Whatever comes after the pull request comes after its merge.
   *
   * @param event what started it: a schedule on the default branch, anything else on the stack's
   */
  surroundings(event: string): Promise<Omit<Surroundings, "print">>;
  /** A stack file's text, as a branch of the repository that is pushed to has it. */
  pushed(branch: string, stack: string): Promise<string>;
  close(): Promise<void>;
}

/** What is on stage beside what the stack's file has. */
export interface Setting {
  /** The stack's strategy. Default: its file's. */
  readonly strategy?: Strategy | undefined;
  /** Stacks whose files are in the checkout too, each with an empty account of its own. Default: none. */
  readonly beside?: readonly string[];
}

const REPOSITORY = "example/voiceassist";
const REGION = "us-east-1";

/** The first stack's; each other has the next one. */
const ACCOUNT = 123456789012;
const PULL = 1;

/** The repository's default branch, on which a schedule runs. */
const DEFAULT = "main";

/** Whoever waits for a release here is no user of it: a look every 30 s is one every 3 s. */
const SPEED = 10;

/** Deploys the stack as the project's file has it, and commits the edit. @throws Error where the deployment fails */
export async function startStage(
  project: string,
  stack: string,
  { strategy, beside = [] }: Setting = {},
): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), "sluice-workflow-"));
  const folder = join(root, "checkout");
  const closing: (() => Promise<void>)[] = [() => rm(root, { recursive: true, force: true })];
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    const [engine, copy, gitHub] = await Promise.all([
      findEngine(),
      makeWorkingCopy(project, stack, folder),
      localGitHub(),
    ]);
    closing.push(() => gitHub.close());
    if (strategy) await copy.write(editRelease(await copy.read(), { strategy }));
    for (const name of beside) {
      const { dir } = await makeWorkingCopy(project, name, join(root, name));
      await copyFile(join(dir, fileOf(name)), join(folder, fileOf(name)));
    }
    // One pace: what baked in one account by its clock has baked by the other's.
    const pace = paceFromNow(SPEED);
    const clouds: Record<string, Cloud> = {};
    for (const [index, name] of [stack, ...beside].entries()) {
      const cloud = await startCloud(undefined, { pace, account: String(ACCOUNT + index) });
      closing.push(() => cloud.stop());
      clouds[name] = cloud;
    }
    const cloudOf = (name: string): Cloud => {
      const cloud = clouds[name];
      if (!cloud) throw new Error(`the stack ${name} is not here; add it: --beside ${name}`);
      return cloud;
    };
    const opened = (name: string) =>
      openStack({ engine, dir: folder, stack: name, env: { ...copy.env, ...cloudOf(name).env } });
    for (const name of beside) await opened(name);
    const first = await opened(stack);

    const kept = ["Pulumi.yaml", ...[stack, ...beside].map(fileOf)];
    const repository = await makeRepository(folder, join(root, "origin.git"), kept);
    const base = await repository.commit("as deployed");
    // As deploy.yml has it.
    const branch = stack === "dev" ? "develop" : DEFAULT;
    for (const name of [branch, DEFAULT]) await repository.push(base, name);
    const { result, diagnostics } = await first.up();
    if (result === "failed") throw new Error(`${stack} could not be deployed:\n${diagnostics.join("\n")}`);

    const users = startUsers(await balancerUrl(cloudOf(stack)), settingsIn(await copy.read()));
    closing.push(() => users.stop());

    const text = await copy.read();
    const { live, ...release } = settingsIn(text).release;
    const next = { version: nextVersion(release[live].version ?? "1.0.0") };
    await copy.write(editRelease(text, { [otherColour(live)]: next }));
    const head = await repository.commit(`${next.version} in ${otherColour(live)}`);

    let merged: Promise<void> | undefined;
    /** The branch that an event is about, and the commit. */
    const about = async (event: string) => {
      if (event === "pull_request") return { ref: branch, sha: head };
      await (merged ??= repository.push(head, branch));
      const ref = event === "schedule" ? DEFAULT : branch;
      return { ref, sha: await repository.tip(ref) };
    };
    const bin = await shims(root, project);
    const pull_request = {
      number: PULL,
      base: { sha: base },
      head: { sha: head, repo: { full_name: REPOSITORY } },
    };
    return {
      ...{ folder, gitHub, close },
      pushed: (name, of) => repository.shown(name, fileOf(of)),
      surroundings: async (event) => {
        const { ref, sha } = await about(event);
        return {
          folder,
          checkout: (wanted) => repository.checkOut(wanted),
          called: (path) => readWorkflow(join(project, path)),
          env: { PATH: [bin, engine.path, process.env["PATH"] ?? ""].join(delimiter) },
          environment: async (name) => {
            const cloud = cloudOf(name.split("-")[0] ?? "");
            return {
              ...copy.env,
              ...cloud.env,
              AWS_REGION: REGION,
              // The load balancer's own name leads nowhere here. Before the first deployment there is none.
              SLUICE_BALANCER_URL: await balancerUrl(cloud).catch(() => ""),
            };
          },
          github: {
            ...{ event_name: event, repository: REPOSITORY, workflow: "local", run_id: 1, run_attempt: 1 },
            // By the rarer of its schedules a workflow does all that it does by the other.
            event: { pull_request, schedule: "0 */4 * * *" },
            ...{ ref_name: ref, ref: `refs/heads/${ref}`, sha, api_url: gitHub.url },
          },
          // The state is beside the configuration, wherever a job says that it is.
          vars: {
            AWS_REGION: REGION,
            AWS_ROLE: "local",
            PULUMI_BACKEND_URL: copy.env["PULUMI_BACKEND_URL"] ?? "",
          },
        };
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const fileOf = (stack: string): string => `Pulumi.${stack}.yaml`;

import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { circumstances } from "../../model/circumstances";
import { releaseOutput } from "../../model/recorded";
import { next } from "../../model/transition";
import { settingsIn } from "../../rollout/configuration";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";
import { STACK, type Scratch, scratch } from "./fixture";

export const PARAMETER = "/voiceassist/dev/partial-results/config";

/** A stack file with a flag in it. */
export const FLAGGED = `${STACK}  sluice:limits: { exposure: 25 }
  sluice:flags:
    partial-results: # guide 004
      rollout_percentage: 10 # of the sessions
      max_buffer_timeout: 5
      plan: weekly
`;

/** A stack by name, where there is no project. */
export const BARE = ["--app", "voiceassist", "--environment", "dev", "--region", REGION];
/** What the parameter says at first. */
export const DEPLOYED = { enabled: true, rollout_percentage: 10, max_buffer_timeout: 5 };

/** How an update ends while somebody else's holds the stack. */
export const LOCKED = 'echo "error: the stack is currently locked by 1 lock(s)" >&2; exit 255';

/** Changed lines of a text. */
export const changed = (before: string, after: string): string[] =>
  after.split("\n").filter((line) => !before.split("\n").includes(line));

const HOUR = 3_600_000;

/** A project with a flag, SSM, and an engine that answers as it is told. */
export interface Flagged {
  readonly aws: PointedAt;
  readonly project: Scratch;
  /** A folder with nothing in it. */
  readonly bare: string;
  /** Writes the parameter, as it is or as JSON. */
  put(value: unknown, name?: string): Promise<unknown>;
  /** What it says; undefined where there is none. */
  held(name?: string): Promise<Record<string, unknown> | undefined>;
  file(): Promise<string>;
  /** The state has what a stack file asks for, and its flags since so many hours. */
  deployed(file: string, hours?: number): Promise<void>;
  /** From now on there is no state to be read. */
  stateless(): Promise<void>;
  /** From now on an update runs this line of shell. */
  updates(line: string): Promise<void>;
  /** The arguments of each update, a line each. */
  updated(): Promise<string[]>;
  end(): Promise<void>;
}

export async function flaggedProject(): Promise<Flagged> {
  const aws = await pointAtEndpoint();
  const project = await scratch("");
  const bare = await mkdtemp(join(tmpdir(), "sluice-bare-"));
  const engine = await mkdtemp(join(tmpdir(), "sluice-engine-"));
  const path = process.env["PATH"];
  process.env["PATH"] = `${engine}:/usr/bin:/bin`;
  const [state, log, up] = ["state.json", "log", "up"].map((name) => join(engine, name));
  await writeFile(
    join(engine, "pulumi"),
    `#!/bin/sh\nif [ "$1" = up ]; then echo "$*" >> ${log}; . ${up}; else cat ${state}; fi\n`,
  );
  await chmod(join(engine, "pulumi"), 0o755);
  await Promise.all([writeFile(log!, ""), writeFile(up!, "exit 0\n")]);
  await project.write("Pulumi.dev.yaml", FLAGGED);
  return {
    ...{ aws, project, bare },
    put: (value, Name = PARAMETER) =>
      aws.parameters.send(
        new PutParameterCommand({
          ...{ Name, Type: "String", Overwrite: true },
          Value: typeof value === "string" ? value : JSON.stringify(value),
        }),
      ),
    held: async (Name = PARAMETER) => {
      const found = await aws.parameters.send(new GetParameterCommand({ Name })).catch(() => undefined);
      return found && (JSON.parse(found.Parameter?.Value ?? "") as Record<string, unknown>);
    },
    file: () => readFile(join(project.folder, "Pulumi.dev.yaml"), "utf8"),
    deployed: (file, hours = 0) => writeFile(state!, JSON.stringify(stateOf(file, hours))),
    stateless: () => rm(state!),
    updates: (line) => writeFile(up!, `${line}\n`),
    updated: async () => (await readFile(log!, "utf8")).split("\n").filter(Boolean),
    end: async () => {
      process.env["PATH"] = path;
      await Promise.all([
        aws.end(),
        project.close(),
        ...[bare, engine].map((dir) => rm(dir, { recursive: true })),
      ]);
    },
  };
}

/** As the engine exports it. */
function stateOf(file: string, hours: number): object {
  const settings = settingsIn(file);
  const now = new Date(Date.now() - hours * HOUR).toISOString();
  const release = releaseOutput(
    next({ ...circumstances(settings), from: undefined, to: settings.release, now }),
  );
  const urn = (type: string, name: string) => `urn:pulumi:dev::sluice::${type}::${name}`;
  const flags = Object.keys(settings.flags).map((name) => ({
    urn: urn("aws:ssm/parameter:Parameter", `flag-${name}`),
    type: "aws:ssm/parameter:Parameter",
    outputs: { tags: { "sluice:role": "flag", "sluice:flag": name } },
  }));
  const transition = "sluice:release:Transition";
  const resources = [
    { urn: urn("pulumi:pulumi:Stack", "sluice-dev"), type: "pulumi:pulumi:Stack", outputs: { release } },
    { urn: urn(transition, "release"), type: transition },
    ...flags,
  ];
  return { deployment: { resources } };
}

/** One whose flag was deployed a week ago. */
export async function weekOldFlag(): Promise<Flagged> {
  const flagged = await flaggedProject();
  await flagged.deployed(FLAGGED, 7 * 24);
  await flagged.put(DEPLOYED);
  return flagged;
}

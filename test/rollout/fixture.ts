import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../rollout/main";

/** A project of a few resources, in a folder of its own. */
export interface Scratch {
  readonly folder: string;
  /** Calls the command line there. */
  call(...args: string[]): Promise<Called>;
  write(file: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** What a call of the command line did. */
export interface Called {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

/** Calls the command line from a folder. */
export async function call(folder: string, ...args: string[]): Promise<Called> {
  const printed: string[] = [];
  const complained: string[] = [];
  const terminal = { folder, print: (text: string) => printed.push(text) };
  const code = await run(args, terminal, (text) => complained.push(text));
  return { code, printed: printed.join("\n"), complained: complained.join("\n") };
}

const PULUMI = `name: sluice
main: program.js
runtime: nodejs
config:
  app: { type: string, default: "" }
`;

export const STACK = `config:
  aws:region: us-east-1
  sluice:app: voiceassist
  sluice:environment: dev
  sluice:registry: registry.example.com
  sluice:release:
    strategy: canary
    live: blue
    traffic: { blue: 100, green: 0 }
    blue: { version: "2.3.1" }
    green: {}
`;

/** @param program JavaScript of a Pulumi program, with `k8s`, `aws` and `pulumi` at hand */
export async function scratch(program: string): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-rollout-"));
  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  const packages = ["kubernetes", "aws", "pulumi"].map((name) => require.resolve(`@pulumi/${name}`));
  const [k8s, aws, pulumi] = packages.map((path) => `require(${JSON.stringify(path)})`);
  await write("Pulumi.yaml", PULUMI);
  await write("Pulumi.dev.yaml", STACK);
  await write(
    "program.js",
    `const k8s = ${k8s};\nconst aws = ${aws};\nconst pulumi = ${pulumi};\nmodule.exports = async () => {\n${program}\n};\n`,
  );
  return {
    folder,
    write,
    call: (...args) => call(folder, ...args),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

import { resolve } from "node:path";
import { parseDocument } from "yaml";
import type { Judged } from "../../model/controls";
import type { Environment } from "../../model/environments";
import { judgedOf } from "../../rollout/program/judged";
import { recordProgram } from "../../rollout/program/record";
import { findProject, readStackFile } from "../../rollout/project";

/** What the real program registers for a stack. */
export interface Recorded {
  readonly name: string;
  readonly environment: Environment;
  readonly resources: readonly Judged[];
}

const project = findProject(resolve(__dirname, "../.."));

/** Records a stack, with some keys of its configuration changed; undefined removes one. */
export async function recorded(
  environment: Environment,
  name: string = environment,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Recorded> {
  const stack = readStackFile(project, environment);
  const document = parseDocument(stack.text);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) document.deleteIn(["config", key]);
    else document.setIn(["config", key], value);
  }
  const text = document.toString();
  return { name, environment, resources: judgedOf(await recordProgram(project, { ...stack, text })) };
}

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0b7c9a52-3f1e-4c36-9d2b-7a4e8f60c1d3";

let stacks: Promise<readonly Recorded[]> | undefined;

/** The three stacks as they are, and prod with what settings can add to it; recorded once. */
export const recordStacks = (): Promise<readonly Recorded[]> => (stacks ??= recordAll());

const recordAll = async (): Promise<readonly Recorded[]> => [
  await recorded("dev"),
  await recorded("staging"),
  await recorded("prod"),
  await recorded("prod", "prod that owns its repositories", { "sluice:repositories": true }),
  await recorded("prod", "prod whose DNS is kept elsewhere", {
    "sluice:zoneId": undefined,
    "sluice:certificateArn": CERTIFICATE,
  }),
];

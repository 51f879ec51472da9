import { createRequire } from "node:module";
import { RunError, output, runtime } from "@pulumi/pulumi";
import { UsageError } from "../failure";
import { type Project, type StackFile, configurationOf } from "../project";
import { type Registered, RecordingMonitor } from "./monitor";

/** Where readers of configuration learn which keys are secret. */
const SECRET_KEYS = "PULUMI_CONFIG_SECRET_KEYS";

/** What backends without organisations call theirs. */
const ORGANISATION = "organization";

/**
 * Runs the project's program in this process, as for an empty account, and gives what it registers, in the
 * order of registration. Neither an engine nor AWS is asked, and nothing is created.
 *
 * @throws UsageError where the program refuses the configuration
 */
export async function recordProgram(project: Project, stack: StackFile): Promise<readonly Registered[]> {
  const { values, secret } = configurationOf(project, stack);
  const region = values["aws:region"] ?? "us-east-1";
  const monitor = new RecordingMonitor({ project: project.name, stack: stack.name, region });
  // As in a preview, an output that nobody knows stays unknown instead of undefined.
  runtime.setMockOptions(monitor, project.name, stack.name, true, ORGANISATION);
  // Until the monitor is asked what it can do, secrets are sent as if they were none.
  await (runtime as unknown as { awaitFeatureSupport(): Promise<void> }).awaitFeatureSupport();
  runtime.setAllConfig({ ...values }, [...secret]);
  const before = process.env[SECRET_KEYS] ?? "[]";
  process.env[SECRET_KEYS] = JSON.stringify(secret);
  const frames = Error.stackTraceLimit;
  // The SDK takes a stack trace for every property, which would be most of the time that all this takes.
  Error.stackTraceLimit = 2;
  try {
    const program = createRequire(project.main)(project.main) as () => Promise<unknown>;
    await (output(await program()) as unknown as { promise(): Promise<unknown> }).promise();
    await runtime.disconnect();
  } catch (error) {
    if (RunError.isInstance(error)) throw new UsageError(`${stack.path}:\n${error.message}`);
    throw error;
  } finally {
    Error.stackTraceLimit = frames;
    process.env[SECRET_KEYS] = before;
  }
  return monitor.registered;
}

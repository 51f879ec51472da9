import { delimiter, join } from "node:path";
import {
  CommandError,
  LocalWorkspace,
  type EngineEvent,
  type OutputMap,
  type UpOptions,
} from "@pulumi/pulumi/automation";
import type { Engine } from "./engine";
import { Tally, type Outcome } from "./outcome";

export type { Changes, Outcome } from "./outcome";

/** Which stack to open, and with what. */
export interface StackOptions {
  engine: Engine;
  /** The folder of Pulumi.yaml; its program is run through the language host, as by `pulumi` itself. */
  dir: string;
  /** The stack's name. It is created if the backend has none of that name. */
  stack: string;
  /** Set for the engine and the program, over this process's own: backend, passphrase, attached providers. */
  env: Record<string, string>;
}

/** What an operation may be told. */
export interface OperationOptions {
  /**
   * Ends the operation: the engine is interrupted, may finish what it is doing for five seconds, and is killed then
   * with its whole process group. The outcome is then `failed`.
   */
  signal?: AbortSignal;
  /** Called with each engine event, as it comes. */
  onEvent?: (event: EngineEvent) => void;
  /** Called with what the engine prints, in pieces. */
  onOutput?: (text: string) => void;
}

/** What a preview or update may be told beyond that. */
export type UpdateOptions = OperationOptions &
  Pick<UpOptions, "policyPacks" | "policyPackConfigs" | "target" | "refresh" | "parallel">;

/** A stack that the real engine works on. Its operations report failures; they throw only if they could not start. */
export interface OpenStack {
  /** Shows what an update would do. */
  preview(options?: UpdateOptions): Promise<Outcome>;
  /** Updates the stack, without a preview. */
  up(options?: UpdateOptions & { message?: string }): Promise<Outcome>;
  /** Destroys what the stack holds. */
  destroy(options?: OperationOptions): Promise<Outcome>;
  /** Releases the lock of an operation that was killed. Throws if the stack has none. */
  cancel(): Promise<void>;
  /** The stack's outputs, secrets in plain text. */
  outputs(): Promise<OutputMap>;
}

/** Policy packs and the language host start with every operation, and are the same each time. */
const QUICKLY = `--require ${JSON.stringify(join(__dirname, "../../fast.cjs"))}`;

/** Opens a stack, or creates it. Throws an Error with what the engine said if the project or backend is at fault. */
export async function openStack({ engine, dir, stack: stackName, env }: StackOptions): Promise<OpenStack> {
  const path = [engine.path, env.PATH ?? process.env.PATH ?? ""].join(delimiter);
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, workDir: dir },
    { pulumiCommand: engine.command, envVars: { NODE_OPTIONS: QUICKLY, ...env, PATH: path } },
  ).catch((error: unknown) => {
    throw error instanceof CommandError ? notOpened(stackName, error) : error;
  });
  const outputs = stack.outputs.bind(stack);
  // After an update the Automation API calls the engine three times more, for outputs and a summary that nobody reads.
  Object.assign(stack, { outputs: () => Promise.resolve({}), info: () => Promise.resolve(undefined) });
  return {
    preview: (options) => observed(options, (all) => stack.preview(all)),
    up: (options) => observed(options, (all) => stack.up(all)),
    destroy: (options) => observed(options, (all) => stack.destroy(all)),
    cancel: () => stack.cancel(),
    outputs,
  };
}

/** A CommandError tells streams and codes, and all of it twice; what the engine printed is the reason. */
function notOpened(stack: string, error: CommandError): Error {
  const printed =
    /stderr: (?:Command failed[^\n]*\n)?(.*?)\n err\?:/s.exec(error.message)?.[1] ?? error.message;
  return new Error(`the stack ${stack} could not be opened: ${explained(printed.trim())}`, { cause: error });
}

type Observed<Options> = Options & Required<Pick<UpOptions, "color" | "onEvent" | "onError">>;

async function observed<Options extends OperationOptions>(
  options: Options = {} as Options,
  operate: (options: Observed<Options>) => Promise<unknown>,
): Promise<Outcome> {
  const tally = new Tally();
  let printed = "";
  const all = {
    ...options,
    color: "never" as const,
    onEvent: (event: EngineEvent) => {
      tally.add(event);
      options.onEvent?.(event);
    },
    onError: (text: string) => {
      printed += text;
    },
  };
  try {
    options.signal?.throwIfAborted();
    await operate(all);
    return tally.outcome("succeeded");
  } catch (error) {
    if (!(error instanceof CommandError) && !options.signal?.aborted) throw error;
    const outcome = tally.outcome("failed", printed || "the operation was ended before it could finish");
    return { ...outcome, diagnostics: outcome.diagnostics.map(explained) };
  }
}

/** What the engine says, in its own terms, where something of it was killed; and what that means. */
const KILLED: readonly (readonly [RegExp, string])[] = [
  [/^pulumi was ended by/, "the engine was killed"],
  [/\bcontext canceled\b/, "the engine was told to end"],
  [/\berror reading from server: EOF\b/, "the language host, which runs the program, ended before it"],
  [
    /\bfailed to (?:get analyzer info|run (?:stack )?(?:policy|remediation)): .*(?:ECONN|EOF\b|connection|RST_STREAM|cancell?ed)/i,
    "the language host, or a policy pack that it runs, ended before it",
  ],
];

function explained(text: string): string {
  const [, meaning] = KILLED.find(([found]) => found.test(text)) ?? [];
  return meaning === undefined ? text : `${meaning} (${text})`;
}

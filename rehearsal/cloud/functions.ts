import { spawn } from "node:child_process";
import { once } from "node:events";
import { text as readText } from "node:stream/consumers";
import type { Cloud } from "./start";
import type { Held } from "./world";

const FUNCTION = "aws:lambda/function:Function";

/** What a call of a function came to. */
export interface Invocation {
  /** What the handler answered; absent where it failed. */
  readonly answer?: unknown;
  /** By what it failed. */
  readonly error?: string;
  readonly log: string;
}

/** A function's properties, as the engine gave them. */
interface Properties {
  readonly handler: string;
  readonly timeout: number;
  readonly environment?: { readonly variables?: Readonly<Record<string, string>> };
  readonly code: {
    readonly content: { readonly assets?: Readonly<Record<string, { readonly path?: string }>> };
  };
}

/**
 * Calls a function of the local cloud as Lambda's runtime does: the handler that it names, from the files that the
 * engine was given, with its variables and within its time, in a process of its own. The event is empty.
 *
 * @throws Error where there is no such function, or its handler is in none of its files
 */
export async function invoke(cloud: Cloud, name: string): Promise<Invocation> {
  const functions = (await cloud.held()).filter(({ type }) => type === FUNCTION);
  const held = functions.find(({ properties }) => properties["name"] === name);
  if (!held)
    throw new Error(`found the functions ${functions.map(({ id }) => id).join(", ")}; ${name} is none`);
  const { timeout, environment } = held.properties as unknown as Properties;
  const child = spawn(process.execPath, ["-e", callOf(held)], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    timeout: 1_000 * timeout,
    killSignal: "SIGKILL",
    env: {
      ...cloud.env,
      AWS_REGION: String(held.properties["region"]),
      AWS_LAMBDA_FUNCTION_NAME: name,
      ...environment?.variables,
    },
  });
  let result: Omit<Invocation, "log"> = { error: `it was ended after ${timeout} s` };
  child.on("message", (message) => (result = message as typeof result));
  const [log] = await Promise.all([readText(child.stdout!), once(child, "close")]);
  return { ...result, log };
}

/** What the process does: `index.handler` is `handler` of `index.js`. */
function callOf({ id, properties }: Held): string {
  const { handler, code } = properties as unknown as Properties;
  const [file = "", exported = ""] = handler.split(".");
  const path = code.content.assets?.[`${file}.js`]?.path;
  if (path === undefined) throw new Error(`${id} names the handler ${handler}, and has no file ${file}.js`);
  return (
    `Promise.resolve().then(() => require(${JSON.stringify(path)})[${JSON.stringify(exported)}]({})).then(` +
    `(answer) => process.send({ answer }), (error) => process.send({ error: String(error) }))` +
    `.finally(() => process.disconnect())`
  );
}

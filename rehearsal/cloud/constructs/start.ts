import { join } from "node:path";
import { startChild } from "../child";

/** The process that serves awsx and eks. */
export interface Constructs {
  /** On loopback, for both packages. */
  readonly port: number;
  /** Settles when the process has ended, for whatever reason, with how: "ended by SIGKILL". */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** What it is called in messages. */
export const CONSTRUCTS = "the process that serves awsx and eks";

/**
 * Starts the process that serves the components.
 *
 * @throws Error with what it printed, where it ends before it is ready
 */
export async function startConstructs(): Promise<Constructs> {
  const child = await startChild({ name: CONSTRUCTS, script: join(__dirname, "main.ts") });
  const port = Number(child.line);
  if (!Number.isInteger(port)) {
    await child.stop();
    throw new Error(`${CONSTRUCTS} printed "${child.line}" where its port was expected`);
  }
  return { port, ended: child.ended, close: child.stop };
}

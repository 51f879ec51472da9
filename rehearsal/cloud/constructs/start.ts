import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The process that serves awsx and eks. */
export interface Constructs {
  /** On loopback, for both packages. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts the process that serves the components.
 *
 * @throws Error with what it printed, where it ends before it is ready
 */
export async function startConstructs(): Promise<Constructs> {
  const child = spawn(
    process.execPath,
    ["-r", join(__dirname, "../../../register.cjs"), join(__dirname, "main.ts")],
    {
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  let said = "";
  child.stderr.on("data", (text: Buffer) => {
    said = (said + text.toString()).slice(-8_000);
    process.stderr.write(text);
  });
  const ended = new Promise<void>((resolve, reject) =>
    child.once("exit", () => resolve()).once("error", reject),
  );
  const port = await Promise.race([
    new Promise<number>((resolve) =>
      createInterface({ input: child.stdout }).once("line", (line) => resolve(Number(line))),
    ),
    ended.then(() => {
      throw new Error(`the process that serves awsx and eks ended before it was ready:\n${said}`);
    }),
  ]);
  if (!Number.isInteger(port))
    throw new Error(`the process that serves awsx and eks printed no port:\n${said}`);
  return {
    port,
    close: async () => {
      child.stdin.end();
      const kill = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await ended;
      clearTimeout(kill);
    },
  };
}

/**
 * What `npm test` runs once everything is installed: format, types and lint, then each folder of tests in a process
 * of its own. Words name the checks to run; `--list` says which there are.
 *
 * Exit code 0: all passed. 1: something failed, or nothing ran. 2: an option that there is not. 128 and the signal's
 * number: stopped.
 */
import { constants } from "node:os";
import path from "node:path";
import { findEngine } from "../rehearsal/engine/find";
import { allChecks, matching } from "./runner/checks";
import { run, signalAll } from "./runner/child";
import { type Outcome, succeeded, summary } from "./runner/outcome";

/** Time that checks get to take down what they started, before they are killed. */
const GRACE_SECONDS = 8;

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg.startsWith("-") && arg !== "--list");
  if (unknown !== undefined) {
    console.error(
      `npm test: no option ${unknown}. Allowed: --list, or words that name checks (npm test -- model).`,
    );
    return 2;
  }
  const all = allChecks(__dirname);
  const words = args.filter((arg) => !arg.startsWith("-"));
  const checks = matching(all, words);
  if (checks.length === 0) {
    console.error(`npm test: no check is named ${words.join(" or ")}. There are: ${names(all)}.`);
    return 1;
  }
  if (args.includes("--list")) {
    console.log(checks.map(({ name }) => name).join("\n"));
    return 0;
  }

  const { CI, NO_COLOR } = process.env;
  const colour = process.stdout.isTTY && !CI && !NO_COLOR;
  const outcomes: Outcome[] = [];
  if (checks.some(({ kind }) => kind === "suite")) await prepareEngine();
  for (const [index, check] of checks.entries()) {
    console.log(`[${index + 1}/${checks.length}] ${check.name}`);
    if (stopCode() !== undefined) break;
    const outcome = await run(check, { root: path.resolve(__dirname, ".."), colour });
    if (stopCode() !== undefined) break;
    outcomes.push(outcome);
    console.log(`      ${outcome.failed === 0 ? "passed" : "FAILED"} in ${outcome.seconds.toFixed(1)} s\n`);
  }
  const stopped = stopCode();
  if (stopped !== undefined) return stopped;
  console.log(summary(outcomes));
  return succeeded(outcomes) ? 0 : 1;
}

/** The exit code that a signal asks for, once there was one. */
const stopCode = () => (stoppedBy === undefined ? undefined : 128 + constants.signals[stoppedBy]);

/** Building an engine takes longer than a test may; suites that need one say themselves that there is none. */
async function prepareEngine(): Promise<void> {
  const stopped = new AbortController();
  stopEngine = () => {
    stopped.abort();
  };
  await findEngine({ signal: stopped.signal }).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
  });
}

const names = (checks: readonly { name: string }[]): string => checks.map(({ name }) => name).join(", ");

let stoppedBy: NodeJS.Signals | undefined;
let stopEngine = (): void => undefined;
function stop(signal: NodeJS.Signals): void {
  if (stoppedBy !== undefined) return;
  stoppedBy = signal;
  console.error(`\nnpm test: stopped by ${signal}; ending what runs.`);
  stopEngine();
  signalAll(signal);
  setTimeout(() => {
    signalAll("SIGKILL");
  }, GRACE_SECONDS * 1000).unref();
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
// npm starts us through a shell that ends on a signal without handing it on.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) stop("SIGTERM");
}, 1000).unref();

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));

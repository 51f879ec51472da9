"use strict";

const { spawn } = require("node:child_process");

/** How long a program or plugin may take to end after an interrupt, in milliseconds, before it is killed. */
const GRACE = 2_000;

/** How long output may still arrive after a process has ended, in milliseconds: a grandchild may hold the pipe. */
const DRAIN = 2_000;

const running = new Set();

/** Whether this host is ending. The engine is then to hear of that, and not of a program that was interrupted. */
let ending = false;

/**
 * Starts `node` with arguments, and resolves to {code, signal} when it has ended and its output has been passed to
 * `out` and `err` (functions of one Buffer). Rejects if it could not be started. `signal` is an AbortSignal that
 * ends it. It stays in this process's group, so that a signal to the group reaches it too. Nothing is told any more
 * of what `endAll` ends.
 */
function runNode({ args, cwd, env, out, err, signal }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    const abort = () => end(child);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    child.stdout.on("data", out);
    child.stderr.on("data", err);
    let drain;
    const settle = (then) => {
      clearTimeout(drain);
      running.delete(child);
      signal?.removeEventListener("abort", abort);
      if (!ending) then();
    };
    child.once("error", (error) => settle(() => reject(error)));
    child.once("close", (code, by) => settle(() => resolve({ code, signal: by })));
    child.once("exit", (code, by) => {
      drain = setTimeout(() => settle(() => resolve({ code, signal: by })), DRAIN);
    });
  });
}

/** Interrupts a child, and kills it if it has not ended in time. */
function end(child) {
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), GRACE);
  child.once("exit", () => clearTimeout(timer));
}

/** Ends everything that was started here, for good. Resolves when it has ended. */
async function endAll() {
  ending = true;
  const children = [...running].filter((child) => child.exitCode === null && child.signalCode === null);
  await Promise.all(
    children.map((child) => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      end(child);
      return ended;
    }),
  );
}

module.exports = { runNode, endAll };

"use strict";

// node leash.js COMMAND [ARGUMENT...]
//
// Runs a command so that it, and what it starts, ends when this process is told to end or its parent has gone, even
// killed outright: neither the Pulumi engine nor a compiler notices that by itself. Ending is an interrupt, five
// seconds in which the engine can finish what it is doing and release its lock, then TERM and KILL to the group. The
// same happens when this process itself is killed outright.

const { watchParent } = require("./language-host/parent");
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { basename } = require("node:path");

const GRACE = 5_000;
const LAST = 1_000;

/** Ends the group that it is told, unless it is killed before its input closes. Seconds as in GRACE and LAST. */
const GUARD = `
read -r group || exit
read -r _
kill -s INT -- "-$group" || exit
for _ in 1 2 3 4 5; do sleep 1; kill -s 0 -- "-$group" || exit; done
kill -s TERM -- "-$group"
sleep 1
kill -s KILL -- "-$group"`;

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  toGroup("SIGINT");
  setTimeout(() => toGroup("SIGTERM"), GRACE);
  setTimeout(() => toGroup("SIGKILL"), GRACE + LAST);
}

function toGroup(signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

// Before there is anything to end, so that at no moment a signal could end this process alone.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
watchParent(end);

/** Becomes the command once the guard knows its process; never, where this process is gone before that. */
const HELD = `
read -r _ <&3 || exit
exec 3<&-
command -v "$1" >/dev/null || { echo "$1 could not be started: not found" >&2; exit 127; }
exec "$@"`;

const [command, ...args] = process.argv.slice(2);
const guard = spawn("/bin/sh", ["-c", GUARD], { stdio: ["pipe", "ignore", "ignore"], detached: true });
// Standard input is the tie to the parent, so it is not the command's.
const child = spawn("/bin/sh", ["-c", HELD, basename(command), command, ...args], {
  stdio: ["ignore", "inherit", "inherit", "pipe"],
  detached: true,
});
guard.stdin.write(`${child.pid}\n`, () => child.stdio[3].end("\n"));
for (const part of [guard, guard.stdin, child.stdio[3]]) part.on("error", () => undefined);
child.on("error", (error) => {
  process.stderr.write(`/bin/sh could not be started: ${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code, signal) => {
  guard.kill("SIGKILL");
  if (ending || signal !== null) toGroup("SIGKILL");
  if (!ending && signal !== null) process.stderr.write(`${basename(command)} was ended by ${signal}\n`);
  process.exit(code ?? 128 + constants.signals[signal]);
});

"use strict";

// node leash.js COMMAND [ARGUMENT...]
//
// Runs a command so that it, and what it starts, ends when this process is told to end or its parent has gone, even
// killed outright: neither the Pulumi engine nor a compiler notices that by itself. Ending is an interrupt, five
// seconds in which the engine can finish what it is doing and release its lock, then TERM and KILL to the group.

const { watchParent } = require("./language-host/parent");
const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const GRACE = 5_000;
const LAST = 1_000;

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

const [command, ...args] = process.argv.slice(2);
// Standard input is the tie to the parent, so it is not the command's.
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], detached: true });
child.on("error", (error) => {
  process.stderr.write(`${command} could not be started: ${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code, signal) => {
  if (ending) toGroup("SIGKILL");
  process.exit(code ?? 128 + constants.signals[signal]);
});

"use strict";

const { runNode } = require("./children");
const { optionsEnvironment, runtimeOptions } = require("./options");
const { resolveFrom } = require("./stubs");

/** The exit code by which @pulumi/pulumi/cmd/run says that the user has been told what went wrong already. */
const TOLD = 32;

/**
 * Runs the program of a RunRequest to its end, its output passed through to the engine.
 * Resolves to {error, bail}; an empty error means that it succeeded. `signal` ends it.
 */
async function runProgram(request, engine, signal) {
  const info = request.getInfo();
  const options = runtimeOptions(info);
  let outOfMemory = false;
  const { code, signal: by } = await runNode({
    args: [
      ...options.nodeargs,
      resolveFrom(info.getProgramDirectory(), "@pulumi/pulumi/cmd/run"),
      ...flags(request, engine),
      info.getEntryPoint() || ".",
      ...request.getArgsList(),
    ],
    env: { ...process.env, ...optionsEnvironment(options), ...configuration(request) },
    out: (data) => process.stdout.write(data),
    err: (data) => {
      outOfMemory ||= data.includes("<--- Last few GCs --->");
      process.stderr.write(data);
    },
    signal,
  });
  if (code === 0) return { error: "", bail: false };
  if (code === TOLD) return { error: "", bail: true };
  const how = by === null ? `Program exited with non-zero exit code: ${code}` : `Program was ended by ${by}`;
  const hint =
    ". It may have run out of memory: raise it with nodeargs: --max-old-space-size=<MiB> in Pulumi.yaml";
  return { error: how + (outOfMemory ? hint : ""), bail: false };
}

/**
 * The arguments of cmd/run. Without `sync` there are no synchronous invokes, which only SDKs older than 3 use;
 * so that the program can speak to the engine's monitor itself, with no proxy between.
 */
function flags(request, engine) {
  const info = request.getInfo();
  const values = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return [
    ...given.flatMap(([name, value]) => [`--${name}`, value]),
    ...(request.getDryrun() ? ["--dry-run"] : []),
  ];
}

function configuration(request) {
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

module.exports = { runProgram };

"use strict";

const { runNode } = require("./children");
const { runBehindFront } = require("./front");
const { optionsEnvironment, runtimeOptions } = require("./options");
const { language, resolveFrom } = require("./stubs");

/**
 * Runs the policy pack or other plugin of a RunPluginRequest, passing its output to `call` until it ends or the
 * engine ends the call. The engine reads the plugin's port from that output. Resolves when it has ended.
 */
async function runPlugin(call, signal) {
  const request = call.request;
  const info = request.getInfo();
  const options = runtimeOptions(info);
  const directory = info.getProgramDirectory();
  const policies = request.getKind() === "analyzer";
  const module = resolveFrom(directory, `@pulumi/pulumi/cmd/${policies ? "run-policy-pack" : "run-plugin"}`);
  const send = (set) => (value) => {
    const response = new language.RunPluginResponse();
    set(response, value);
    if (!signal.aborted) call.write(response);
  };
  const out = send((response, data) => response.setStdout(new Uint8Array(data)));
  const run = (variables, output) =>
    runNode({
      // A policy pack has its folder last and works in it; other plugins have it first and work in the engine's.
      args: [
        ...options.nodeargs,
        module,
        ...(policies ? [...request.getArgsList(), directory] : [directory, ...request.getArgsList()]),
      ],
      cwd: policies ? directory : request.getPwd(),
      env: { ...environment(request.getEnvList()), ...optionsEnvironment(options), ...variables },
      out: output,
      err: send((response, data) => response.setStderr(new Uint8Array(data))),
      signal,
    });
  const { code } = await (policies ? runBehindFront(run, out, signal) : run({}, out));
  send((response) => response.setExitcode(code ?? -1))();
}

/** The variables of a list of NAME=value; as in a real environment, a later one wins. */
function environment(list) {
  return Object.fromEntries(
    list.map((entry) => {
      const at = entry.indexOf("=", 1);
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

module.exports = { runPlugin };

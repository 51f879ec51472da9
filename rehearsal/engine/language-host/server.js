"use strict";

const { dependencies } = require("./dependencies");
const { runPlugin } = require("./plugin");
const { runProgram } = require("./program");
const { empty, grpc, language, plugin, sdkVersion, service } = require("./stubs");

/** As large as the engine's own limit: a program's whole configuration may travel in one message. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

/**
 * Serves LanguageRuntime on a free loopback port, which it resolves to. `engine` is the engine's address, until a
 * handshake gives another. Generating code, packing and linking are answered as unimplemented.
 */
function serve(engine) {
  const server = new grpc.Server({ "grpc.max_receive_message_length": LARGEST_MESSAGE });
  server.addService(service, handlers(engine));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

function handlers(engine) {
  let cancelled = new AbortController();
  return {
    handshake: answer((request) => {
      engine = request.getEngineAddress();
      return new language.LanguageHandshakeResponse();
    }),
    getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(sdkVersion)),
    // The rehearsal attaches the engine to providers that run already, so none are to be fetched beforehand; for
    // others the engine learns name and version when the program registers the first resource.
    getRequiredPlugins: answer(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: answer(() => new language.GetRequiredPackagesResponse()),
    runtimeOptionsPrompts: answer(() => new language.RuntimeOptionsResponse()),
    template: answer(() => new language.TemplateResponse()),
    about: answer(about),
    getProgramDependencies: answer(programDependencies),
    installDependencies,
    run: answer(async (request, ended) => {
      const signal = AbortSignal.any([ended, cancelled.signal]);
      const { error, bail } = await runProgram(request, engine, signal).catch(failed);
      return new language.RunResponse().setError(error).setBail(bail);
    }),
    runPlugin: (call) => {
      runPlugin(call, endOf(call)).then(
        () => call.end(),
        (error) => call.destroy(status(error)),
      );
    },
    cancel: answer(() => {
      cancelled.abort();
      cancelled = new AbortController();
      return new empty.Empty();
    }),
  };
}

/** A unary handler from a function of the request and of a signal that the caller has gone. */
function answer(handle) {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handle(call.request, endOf(call)))
      .then(
        (response) => callback(null, response),
        (error) => callback(status(error)),
      );
  };
}

function endOf(call) {
  const ended = new AbortController();
  call.on("cancelled", () => ended.abort());
  return ended.signal;
}

const failed = (error) => ({ error: error.message, bail: false });

const status = (error) => ({ code: grpc.status.UNKNOWN, details: error.message });

function about() {
  return new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
}

function programDependencies(request) {
  const directory = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const list = dependencies(directory, request.getTransitivedependencies()).map(({ name, version }) =>
    new language.DependencyInfo().setName(name).setVersion(version),
  );
  return new language.GetProgramDependenciesResponse().setDependenciesList(list);
}

function installDependencies(call) {
  const directory = call.request.getInfo()?.getProgramDirectory() || call.request.getDirectory();
  const text = `Dependencies are installed by npm: run npm ci in ${directory}\n`;
  call.write(new language.InstallDependenciesResponse().setStdout(new Uint8Array(Buffer.from(text))));
  call.end();
}

module.exports = { serve };

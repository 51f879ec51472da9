"use strict";

const { createRequire } = require("node:module");
const path = require("node:path");

/**
 * Requires from where @pulumi/pulumi is, so that the stubs and gRPC are the same instances. It is looked for from
 * this file upwards and then, for a copy outside of the project, from the working directory, which the engine sets
 * to the program's.
 */
function requireFromSdk() {
  const file = require.resolve("@pulumi/pulumi/package.json", { paths: [__dirname, process.cwd()] });
  return createRequire(file);
}

/**
 * The path of a module of the SDK, as the program or policy pack in `directory` would load it.
 * Throws an Error that says what to do if its dependencies are not installed.
 */
function resolveFrom(directory, module) {
  try {
    return createRequire(path.join(directory, "package.json")).resolve(module);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    throw new Error(
      `Cannot find module '${module}' from ${directory}: the Pulumi SDK has not been installed. Run npm ci there.`,
      { cause: error },
    );
  }
}

const sdk = requireFromSdk();

module.exports = {
  resolveFrom,
  sdkVersion: sdk("./package.json").version,
  grpc: sdk("@grpc/grpc-js"),
  service: sdk("./proto/language_grpc_pb.js").LanguageRuntimeService,
  language: sdk("./proto/language_pb.js"),
  analyzer: sdk("./proto/analyzer_pb.js"),
  analyzerService: sdk("./proto/analyzer_grpc_pb.js").AnalyzerService,
  plugin: sdk("./proto/plugin_pb.js"),
  empty: sdk("google-protobuf/google/protobuf/empty_pb.js"),
};

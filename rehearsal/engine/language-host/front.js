"use strict";

const { analyzer, analyzerService, grpc } = require("./stubs");

/**
 * Runs a policy pack behind a server that passes calls on to it. A pack learns which stack it judges, and that
 * stack's configuration, from its environment, and so can only be started once the engine has told that; but the
 * engine tells it to a pack that runs. `run` starts the pack with additional variables and a function for its
 * output, and resolves when it has ended, to what this resolves to. `out` gets the server's port as a first line.
 */
function runBehindFront(run, out, signal) {
  const server = new grpc.Server(LIMITS);
  const ended = new Promise((resolve, reject) => {
    let pack;
    const start = (variables) =>
      (pack ??= new Promise((attached, failed) => {
        const told = (line) =>
          /^\d+$/.test(line)
            ? attached(new Pack(`127.0.0.1:${line}`, insecure(), LIMITS))
            : failed(notAPort(line));
        const life = run(variables, afterFirstLine(told, out));
        life.then(() => failed(new Error("the policy pack ended before it told its port")), failed);
        life.then(resolve, reject);
      }));
    server.addService(raw, handlers(start));
    signal.addEventListener("abort", () => pack ?? resolve({ code: 0 }), { once: true });
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : out(Buffer.from(`${port}\n`)),
    );
  });
  return ended.finally(() => server.forceShutdown());
}

/** A stack policy is asked about all resources in one message. */
const LIMITS = { "grpc.max_receive_message_length": 400 * 1024 * 1024 };

const notAPort = (line) =>
  new Error(
    `the policy pack printed "${line}" where its port was expected: use console.error before new PolicyPack`,
  );

const asIs = (bytes) => bytes;

/** The service with its messages left as bytes. */
const raw = Object.fromEntries(
  Object.entries(analyzerService).map(([name, { path }]) => [
    name,
    {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  ]),
);
const Pack = grpc.makeGenericClientConstructor(raw, "Analyzer");
const insecure = () => grpc.credentials.createInsecure();

/** An empty message, of whatever type. */
const NOTHING = Buffer.alloc(0);

function handlers(start) {
  const pass = (name, variables) => (call, callback) => {
    start(variables(call.request)).then(
      (pack) => pack[name](call.request, callback),
      (error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
    );
  };
  const passed = Object.keys(raw).map((name) => [name, pass(name, () => ({}))]);
  const configure = pass("configureStack", stackVariables);
  return {
    ...Object.fromEntries(passed),
    handshake: (_call, callback) => callback(null, NOTHING),
    // Packs of older SDKs do not know this call, which is no fault.
    configureStack: (call, callback) =>
      configure(call, (error, response) =>
        error?.code === grpc.status.UNIMPLEMENTED ? callback(null, NOTHING) : callback(error, response),
      ),
  };
}

/** The variables from which the SDK in a pack knows project, stack and configuration. */
function stackVariables(bytes) {
  const stack = analyzer.AnalyzerStackConfigureRequest.deserializeBinary(bytes);
  return {
    PULUMI_NODEJS_ORGANIZATION: stack.getOrganization(),
    PULUMI_NODEJS_PROJECT: stack.getProject(),
    PULUMI_NODEJS_STACK: stack.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(stack.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(stack.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(stack.getConfigSecretKeysList()),
  };
}

/** Gives the first line of an output to `found`, and passes the rest on. */
function afterFirstLine(found, rest) {
  let line = "";
  let told = false;
  return (data) => {
    if (told) return rest(data);
    line += data.toString("latin1");
    const end = line.indexOf("\n");
    if (end < 0) return;
    told = true;
    found(line.slice(0, end).trim());
    if (end + 1 < line.length) rest(Buffer.from(line.slice(end + 1), "latin1"));
  };
}

module.exports = { runBehindFront };

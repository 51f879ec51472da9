import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { Behaviour, CheckFailure, CheckRequest, DiffRequest } from "./behaviour";
import { Connections, type Connection } from "./connections";
import { fromStruct, toStruct } from "./convert";
import { toDiffResponse } from "./diff-response";
import { toServiceError } from "./failure";
import type { Values } from "./values";

type Named = { getUrn(): string; getType(): string; getName(): string };

/** The gRPC service `ResourceProvider` for a behaviour, as the engine calls it. */
export function resourceProvider(behaviour: Behaviour): IResourceProviderServer {
  const connections = new Connections();

  /** Answers with what `answer` gives, or with its error. */
  const unary =
    <Request, Response>(answer: (request: Request, connection: Connection) => Response | Promise<Response>) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      const run = async (): Promise<Response> => answer(call.request, connections.of(call.getPeer()));
      run().then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
    };

  const unimplemented =
    (method: string) =>
    (_: unknown, callback: sendUnaryData<never>): void =>
      callback({ code: status.UNIMPLEMENTED, details: `${method} is not implemented` });

  const subject = (request: Named, connection: Connection) => ({
    urn: request.getUrn(),
    type: request.getType() || typeOf(request.getUrn()),
    name: request.getName() || nameOf(request.getUrn()),
    provider: configured(connection, behaviour),
  });

  const waiting = (request: { getTimeout(): number }, connection: Connection) => ({
    signal: connection.cancelled.signal,
    timeoutSeconds: request.getTimeout(),
  });

  const checkRequest = (request: rpc.CheckRequest): Omit<CheckRequest, "provider"> => ({
    urn: request.getUrn(),
    type: request.getType() || typeOf(request.getUrn()),
    name: request.getName() || nameOf(request.getUrn()),
    olds: nonEmpty(fromStruct(request.getOlds())),
    news: fromStruct(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
  });

  const diffRequest = (request: rpc.DiffRequest): Omit<DiffRequest, "provider"> => ({
    urn: request.getUrn(),
    type: request.getType() || typeOf(request.getUrn()),
    name: request.getName() || nameOf(request.getUrn()),
    id: request.getId(),
    oldInputs: fromStruct(request.getOldInputs()),
    olds: fromStruct(request.getOlds()),
    news: fromStruct(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  });

  return {
    handshake: (call, callback) => {
      connections.begin(call.getPeer());
      callback(null, new rpc.ProviderHandshakeResponse());
    },
    attach: unary(() => new Empty()),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(behaviour.version);
      return info;
    }),
    getSchema: unary(() => {
      const response = new rpc.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: behaviour.package, version: behaviour.version }));
      return response;
    }),
    configure: unary((request: rpc.ConfigureRequest, connection) => {
      connection.provider = fromStruct(request.getArgs());
      const response = new rpc.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
    checkConfig: unary((request: rpc.CheckRequest) =>
      toCheckResponse(behaviour.checkConfig({ ...checkRequest(request), provider: {} })),
    ),
    diffConfig: unary((request: rpc.DiffRequest) =>
      toDiffResponse(behaviour.diffConfig({ ...diffRequest(request), provider: {} })),
    ),
    check: unary((request: rpc.CheckRequest, connection) =>
      toCheckResponse(
        behaviour.check({ ...checkRequest(request), provider: configured(connection, behaviour) }),
      ),
    ),
    diff: unary((request: rpc.DiffRequest, connection) =>
      toDiffResponse(
        behaviour.diff({ ...diffRequest(request), provider: configured(connection, behaviour) }),
      ),
    ),
    create: unary(async (request: rpc.CreateRequest, connection) => {
      const created = await behaviour.create({
        ...subject(request, connection),
        ...waiting(request, connection),
        inputs: fromStruct(request.getProperties()),
        preview: request.getPreview(),
      });
      const response = new rpc.CreateResponse();
      response.setId(request.getPreview() ? "" : created.id);
      response.setProperties(toStruct(created.properties));
      return response;
    }),
    read: unary(async (request: rpc.ReadRequest, connection) => {
      const found = await behaviour.read({
        ...subject(request, connection),
        ...waiting(request, connection),
        id: request.getId(),
        inputs: fromStruct(request.getInputs()),
        properties: fromStruct(request.getProperties()),
      });
      const response = new rpc.ReadResponse();
      if (!found) return response;
      response.setId(found.id);
      response.setProperties(toStruct(found.properties));
      response.setInputs(toStruct(found.inputs));
      return response;
    }),
    update: unary(async (request: rpc.UpdateRequest, connection) => {
      const properties = await behaviour.update({
        ...subject(request, connection),
        ...waiting(request, connection),
        id: request.getId(),
        oldInputs: fromStruct(request.getOldInputs()),
        olds: fromStruct(request.getOlds()),
        news: fromStruct(request.getNews()),
        ignoreChanges: request.getIgnorechangesList(),
        preview: request.getPreview(),
      });
      const response = new rpc.UpdateResponse();
      response.setProperties(toStruct(properties));
      return response;
    }),
    delete: unary(async (request: rpc.DeleteRequest, connection) => {
      await behaviour.delete({
        ...subject(request, connection),
        ...waiting(request, connection),
        id: request.getId(),
        properties: fromStruct(request.getProperties()),
      });
      return new Empty();
    }),
    invoke: unary(async (request: rpc.InvokeRequest, connection) => {
      const { result, failures = [] } = await behaviour.invoke({
        token: request.getTok(),
        args: fromStruct(request.getArgs()),
        provider: configured(connection, behaviour),
        preview: request.getPreview(),
      });
      const response = new rpc.InvokeResponse();
      response.setReturn(toStruct(result));
      response.setFailuresList(failures.map(toFailure));
      return response;
    }),
    cancel: unary((_: Empty, connection) => {
      connection.cancelled.abort();
      return new Empty();
    }),
    call: unimplemented("Call"),
    construct: unimplemented("Construct"),
    parameterize: unimplemented("Parameterize"),
    getMapping: unimplemented("GetMapping"),
    getMappings: unimplemented("GetMappings"),
    list: (call) => {
      call.emit("error", { code: status.UNIMPLEMENTED, details: "List is not implemented" });
    },
  };
}

function configured(connection: Connection, { package: name }: Behaviour): Values {
  if (!connection.provider) throw new Error(`the provider ${name} was called before it was configured`);
  return connection.provider;
}

const nonEmpty = (values: Values): Values | undefined =>
  Object.keys(values).length > 0 ? values : undefined;

const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

const typeOf = (urn: string): string => (urn.split("::")[2] ?? "").split("$").pop() ?? "";

function toFailure({ property, reason }: CheckFailure): rpc.CheckFailure {
  const failure = new rpc.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

function toCheckResponse(result: { inputs: Values; failures: readonly CheckFailure[] }): rpc.CheckResponse {
  const response = new rpc.CheckResponse();
  response.setInputs(toStruct(result.inputs));
  response.setFailuresList(result.failures.map(toFailure));
  return response;
}

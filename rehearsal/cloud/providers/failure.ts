import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { NotReady } from "./behaviour";
import { toStruct } from "./convert";

/**
 * An error as gRPC carries it. What a behaviour refuses comes as a precondition that failed, of which the
 * engine knows that nothing happened; a mistake of ours comes as an internal error, with its stack in the log.
 */
export function toServiceError(error: unknown): Partial<ServiceError> {
  if (error instanceof NotReady) return notReady(error);
  if (isMistake(error)) {
    console.error(error);
    return { code: status.INTERNAL, details: `the local cloud has a fault: ${String(error)}` };
  }
  return { code: status.FAILED_PRECONDITION, details: (error as Error).message };
}

const isMistake = (error: unknown): boolean =>
  !(error instanceof Error) ||
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError ||
  error instanceof SyntaxError;

function notReady(error: NotReady): Partial<ServiceError> {
  const detail = new ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(toStruct(error.properties));
  detail.setInputs(toStruct(error.inputs));
  detail.setReasonsList([...error.reasons]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rpc = new Status();
  rpc.setCode(status.UNKNOWN);
  rpc.setMessage(error.message);
  rpc.addDetails(packed);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(rpc.serializeBinary()));
  return { code: status.UNKNOWN, details: error.message, metadata };
}

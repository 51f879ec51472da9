import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb";
import { getMonitor } from "@pulumi/pulumi/runtime";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type StateResource, recordedFrom } from "../../model/recorded";
import type { Recorded } from "../../model/release";

/**
 * What this stack's state last recorded; undefined where no update has completed yet.
 *
 * It is the engine's own builtin and not a StackReference: a reference sees outputs alone, and these lag
 * behind the rules after a half-failed update.
 *
 * @throws Error where there is no engine to ask, or it does not answer
 */
export async function readRecorded(): Promise<Recorded | undefined> {
  const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const request = new ResourceInvokeRequest();
  request.setTok("pulumi:pulumi:readStackResourceOutputs");
  request.setArgs(Struct.fromJavaScript({ stackName }));
  // The SDK's own invoke accepts references, and would look up every resource that the state names: those
  // of remote components are not registered yet, so it reports an error for each.
  request.setAcceptresources(false);
  const monitor = getMonitor();
  if (!monitor) throw new Error("no engine is attached: run this program with pulumi");
  const invoke = promisify<ResourceInvokeRequest, InvokeResponse>((asked, answer) =>
    monitor.invoke(asked, answer),
  );
  const answer = await invoke(request);
  const failures = answer.getFailuresList().map((failure) => failure.getReason());
  if (failures.length > 0) throw new Error(`the stack's own state could not be read: ${failures.join("; ")}`);
  const { outputs } = answer.getReturn()?.toJavaScript() as unknown as {
    outputs: Record<string, StateResource>;
  };
  return recordedFrom(Object.values(outputs));
}

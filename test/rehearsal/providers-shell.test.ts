import assert from "node:assert/strict";
import { type Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type CreateRequest, NotReady } from "../../rehearsal/cloud/providers/behaviour";
import { AwsBehaviour } from "../../rehearsal/cloud/providers/aws/behaviour";
import { serve } from "../../rehearsal/cloud/providers/server";
import { Faults } from "../../rehearsal/cloud/faults";
import { World } from "../../rehearsal/cloud/world";

/** A cloud whose creations do what a test tells. */
class Slow extends AwsBehaviour {
  creation: (request: CreateRequest) => Promise<never> = () =>
    Promise.reject(new Error("no creation was told"));
  override create(request: CreateRequest): Promise<never> {
    return this.creation(request);
  }
}

describe("shell of a provider", () => {
  const slow = new Slow(new World(), new Faults());
  let server: { port: number; close(): Promise<void> };
  let client: ResourceProviderClient;

  before(async () => {
    server = await serve(slow);
    client = new ResourceProviderClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
    await new Promise((resolve) => client.configure(new rpc.ConfigureRequest(), resolve));
  });
  after(async () => {
    (client as Client).close();
    await server.close();
  });

  /** The error of a creation. */
  const failure = (): Promise<ServiceError> =>
    new Promise((resolve, reject) => {
      const request = new rpc.CreateRequest();
      request.setUrn("urn:pulumi:dev::test::aws:ec2/vpc:Vpc::net");
      request.setTimeout(30);
      client.create(request, (error) => {
        if (error) resolve(error);
        else reject(new Error("it succeeded"));
      });
    });

  it("hands over what exists but did not become ready, so that the engine keeps it", async () => {
    slow.creation = ({ type, name, timeoutSeconds }) => {
      assert.deepEqual([type, name, timeoutSeconds], ["aws:ec2/vpc:Vpc", "net", 30]);
      return Promise.reject(
        new NotReady("vpc-0a", { state: "pending" }, { cidrBlock: "10.0.0.0/16" }, ["still pending"]),
      );
    };
    const { metadata } = await failure();
    const [bytes] = metadata.get("grpc-status-details-bin");
    const [detail] = Status.deserializeBinary(bytes as Buffer).getDetailsList();
    assert.equal(detail?.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
    const failed = rpc.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    assert.deepEqual([failed.getId(), failed.getReasonsList()], ["vpc-0a", ["still pending"]]);
    assert.deepEqual(failed.getProperties()?.toJavaScript(), { state: "pending" });
    assert.deepEqual(failed.getInputs()?.toJavaScript(), { cidrBlock: "10.0.0.0/16" });
  });

  it("tells a refusal from a mistake of its own", async () => {
    slow.creation = () => Promise.reject(new Error("the quota is exhausted"));
    assert.deepEqual(
      [(await failure()).code, (await failure()).details],
      [status.FAILED_PRECONDITION, "the quota is exhausted"],
    );
    slow.creation = () => Promise.reject(new TypeError("x is undefined"));
    const logged: unknown[] = [];
    const log = console.error;
    console.error = (line: unknown) => logged.push(line);
    try {
      assert.equal((await failure()).code, status.INTERNAL);
    } finally {
      console.error = log;
    }
    assert.equal(logged.length, 1);
  });

  it("passes a cancellation on to what is waiting", async () => {
    slow.creation = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("cancelled"));
        });
        client.cancel(new Empty(), () => undefined);
      });
    assert.equal((await failure()).details, "cancelled");
  });
});

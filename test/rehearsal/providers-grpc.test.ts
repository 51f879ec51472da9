import assert from "node:assert/strict";
import { credentials, status } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import sdk from "@pulumi/aws/package.json";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { AwsBehaviour } from "../../rehearsal/cloud/providers/aws/behaviour";
import { serve } from "../../rehearsal/cloud/providers/server";
import { Faults } from "../../rehearsal/cloud/faults";
import { World } from "../../rehearsal/cloud/world";
import { rule, RULE, targetGroup, TARGET_GROUP, text, VPC, weighted } from "./providers-fixture";

const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Json = Parameters<typeof Struct.fromJavaScript>[0];

const struct = (values: unknown): Struct => Struct.fromJavaScript(values as Json);

const urn = (type: string, name = "api"): string => `urn:pulumi:dev::test::${type}::${name}`;

/** A connection as the engine opens one for each provider resource. */
function connect(port: number) {
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
  });
  const call =
    <Request, Response>(
      method: (request: Request, callback: (error: Error | null, response: Response) => void) => unknown,
    ) =>
    (request: Request): Promise<Response> =>
      new Promise((resolve, reject) => {
        method.call(client, request, (error: Error | null, response: Response) => {
          if (error) reject(error);
          else resolve(response);
        });
      });
  return {
    close: () => client.close(),
    handshake: call<rpc.ProviderHandshakeRequest, rpc.ProviderHandshakeResponse>(client.handshake),
    info: call<Empty, PluginInfo>(client.getPluginInfo),
    configure: (region: string) => {
      const request = new rpc.ConfigureRequest();
      request.setArgs(struct({ region }));
      return call<rpc.ConfigureRequest, rpc.ConfigureResponse>(client.configure)(request);
    },
    check: (type: string, news: unknown) => {
      const request = new rpc.CheckRequest();
      request.setUrn(urn(type));
      request.setNews(struct(news));
      return call<rpc.CheckRequest, rpc.CheckResponse>(client.check)(request);
    },
    diff: (type: string, olds: unknown, news: unknown) => {
      const request = new rpc.DiffRequest();
      request.setUrn(urn(type));
      request.setId("id");
      request.setOldInputs(struct(olds));
      request.setOlds(struct(olds));
      request.setNews(struct(news));
      return call<rpc.DiffRequest, rpc.DiffResponse>(client.diff)(request);
    },
    create: (type: string, properties: unknown, preview = false) => {
      const request = new rpc.CreateRequest();
      request.setUrn(urn(type));
      request.setProperties(struct(properties));
      request.setPreview(preview);
      return call<rpc.CreateRequest, rpc.CreateResponse>(client.create)(request);
    },
    invoke: (token: string) => {
      const request = new rpc.InvokeRequest();
      request.setTok(token);
      return call<rpc.InvokeRequest, rpc.InvokeResponse>(client.invoke)(request);
    },
  };
}

describe("AWS provider over gRPC", () => {
  let server: { port: number; close(): Promise<void> };
  let engine: ReturnType<typeof connect>;

  before(async () => {
    server = await serve(new AwsBehaviour(new World(), new Faults()));
    engine = connect(server.port);
    await engine.handshake(new rpc.ProviderHandshakeRequest());
    await engine.configure("us-east-1");
  });
  after(async () => {
    engine.close();
    await server.close();
  });

  it("is of the version of the installed SDK", async () => {
    assert.equal((await engine.info(new Empty())).getVersion(), sdk.version);
  });

  it("answers a check with failures by path, and with inputs", async () => {
    const response = await engine.check(RULE, rule(weighted(1000, 0)));
    const [failure, ...more] = response.getFailuresList();
    assert.equal(failure?.getProperty(), "actions[0].forward.targetGroups[0].weight");
    assert.equal(failure.getReason(), "found 1000; allowed: 0 to 999");
    assert.deepEqual(more, []);
    assert.equal(response.getInputs()?.toJavaScript().priority, 100);
  });

  it("carries unknown values both ways", async () => {
    const response = await engine.create(TARGET_GROUP, targetGroup({ vpcId: UNKNOWN_TEXT }), true);
    const properties = response.getProperties()?.toJavaScript() ?? {};
    assert.deepEqual([properties.vpcId, properties.arn, properties.port], [UNKNOWN_TEXT, UNKNOWN_TEXT, 8080]);
    assert.equal(response.getId(), "");
  });

  it("answers a diff in detail", async () => {
    const shift = await engine.diff(RULE, rule(weighted(90, 10)), rule(weighted(80, 20)));
    assert.equal(shift.getChanges(), rpc.DiffResponse.DiffChanges.DIFF_SOME);
    assert.deepEqual(shift.getDiffsList(), ["actions"]);
    assert.deepEqual(shift.getReplacesList(), []);
    const paths = [...shift.getDetaileddiffMap().keys()];
    assert.deepEqual(paths.sort(), [
      "actions[0].forward.targetGroups[0].weight",
      "actions[0].forward.targetGroups[1].weight",
    ]);
    const port = await engine.diff(TARGET_GROUP, targetGroup(), targetGroup({ port: 9090 }));
    assert.deepEqual([port.getReplacesList(), port.getDeletebeforereplace()], [["port"], true]);
    const same = await engine.diff(TARGET_GROUP, targetGroup(), targetGroup());
    assert.equal(same.getChanges(), rpc.DiffResponse.DiffChanges.DIFF_NONE);
  });

  it("reports a refusal as a precondition that failed", async () => {
    await assert.rejects(engine.create(RULE, rule(weighted(90, 10))), {
      code: status.FAILED_PRECONDITION,
      details: /operation error Elastic Load Balancing v2: CreateRule, .*api error ListenerNotFound/,
    });
  });

  it("keeps the configurations of several provider resources apart", async () => {
    const west = connect(server.port);
    try {
      await west.handshake(new rpc.ProviderHandshakeRequest());
      await west.configure("us-west-2");
      const region = async (of: typeof west) =>
        (await of.invoke("aws:index/getRegion:getRegion")).getReturn()?.toJavaScript().region;
      assert.deepEqual([await region(west), await region(engine)], ["us-west-2", "us-east-1"]);
      const vpc = await west.create(VPC, { cidrBlock: "10.0.0.0/16" });
      assert.match(text(vpc.getProperties()?.toJavaScript(), "arn"), /^arn:aws:ec2:us-west-2:/);
    } finally {
      west.close();
    }
  });

  it("refuses a call before it was configured", async () => {
    const early = connect(server.port);
    try {
      await assert.rejects(early.check(VPC, { cidrBlock: "10.0.0.0/16" }), {
        details: /before it was configured/,
      });
    } finally {
      early.close();
    }
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LoadBalancer } from "../../components/edge/loadBalancer";
import type { Network } from "../../components/network/network";
import { assertIncludes, record, settled } from "./mocks";

const network = {
  vpcId: pulumi.output("vpc-1"),
  publicSubnetIds: pulumi.output(["subnet-1", "subnet-2"]),
} as Network;

const LISTENER = "aws:lb/listener:Listener";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

async function made(args: { environment: "dev" | "prod"; certificateArn?: string }) {
  const mocks = record();
  new LoadBalancer("edge", {
    name: "app-dev",
    network,
    podSecurityGroupId: "sg-pods",
    podPorts: [8080],
    ...args,
  });
  await settled();
  return mocks;
}

describe("LoadBalancer", () => {
  it("without a certificate answers 404 on HTTP for what no rule claims", async () => {
    const mocks = await made({ environment: "dev" });
    assert.deepEqual(mocks.names(LISTENER), ["app-dev-http"]);
    assertIncludes(mocks.find(LISTENER, "app-dev-http"), {
      port: 80,
      defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "404" } }],
    });
  });

  it("with a certificate redirects HTTP and serves modern TLS", async () => {
    const mocks = await made({ environment: "prod", certificateArn: "arn:certificate" });
    assertIncludes(mocks.find(LISTENER, "app-dev-http"), {
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } }],
    });
    assertIncludes(mocks.find(LISTENER, "app-dev-https"), {
      port: 443,
      certificateArn: "arn:certificate",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    });
  });

  it("opens to the world the ports of its listeners and nothing else", async () => {
    const mocks = await made({ environment: "prod", certificateArn: "arn:certificate" });
    const open = mocks.registered.filter(
      ({ type, inputs }) => type === INGRESS && inputs["cidrIpv4"] === "0.0.0.0/0",
    );
    assert.deepEqual(
      open.map(({ inputs }) => [inputs["ipProtocol"], inputs["fromPort"], inputs["toPort"]]),
      [
        ["tcp", 80, 80],
        ["tcp", 443, 443],
      ],
    );
  });

  it("reaches pods on their ports only", async () => {
    const mocks = await made({ environment: "dev" });
    assertIncludes(mocks.find(INGRESS, "app-dev-pods-8080"), {
      securityGroupId: "sg-pods",
      referencedSecurityGroupId: "app-dev-id",
      fromPort: 8080,
      toPort: 8080,
    });
  });

  it("is protected from deletion in prod, and may be taken down in dev", async () => {
    const protection = async (environment: "dev" | "prod") =>
      (await made({ environment })).find("aws:lb/loadBalancer:LoadBalancer", "app-dev")[
        "enableDeletionProtection"
      ];
    assert.equal(await protection("prod"), true);
    assert.equal(await protection("dev"), false);
  });
});

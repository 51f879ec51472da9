import assert from "node:assert/strict";
import { LoadBalancer, type LoadBalancerArgs } from "../../components/edge/loadBalancer";
import { network, recordEdge } from "./edgeFixture";
import { assertIncludes, known, settled } from "./mocks";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

type Varied = Pick<LoadBalancerArgs, "environment" | "certificateArn" | "logs" | "behindCloudFront">;

async function both(args: Varied) {
  const mocks = recordEdge();
  const loadBalancer = new LoadBalancer("edge", {
    name: "app-dev",
    network,
    podSecurityGroupId: "sg-pods",
    podPorts: [8080],
    ...args,
  });
  await settled();
  return { mocks, loadBalancer };
}

const made = async (args: Varied) => (await both(args)).mocks;

const BEHIND = { environment: "prod", certificateArn: "arn:certificate", behindCloudFront: true } as const;

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
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
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
      (await made({ environment })).find(BALANCER, "app-dev")["enableDeletionProtection"];
    assert.equal(await protection("prod"), true);
    assert.equal(await protection("dev"), false);
  });

  it("answers by HTTPS without naming its software, and asks browsers to stay with HTTPS", async () => {
    const mocks = await made({ environment: "prod", certificateArn: "arn:certificate" });
    assertIncludes(mocks.find(LISTENER, "app-dev-https"), {
      routingHttpResponseServerEnabled: false,
      routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000",
    });
  });

  it("drops invalid headers, and what is malformed as strictly as those before it allow", async () => {
    const strictness = async (args: Varied) => {
      const inputs = (await made(args)).find(BALANCER, "app-dev");
      return [inputs["dropInvalidHeaderFields"], inputs["desyncMitigationMode"]];
    };
    assert.deepEqual(await strictness({ environment: "dev" }), [true, "defensive"]);
    assert.deepEqual(await strictness({ environment: "prod", certificateArn: "arn:c" }), [true, "defensive"]);
    assert.deepEqual(await strictness(BEHIND), [true, "strictest"]);
  });

  it("writes a line for each request and each connection to the bucket that it is given", async () => {
    const logs = { bucket: "logs", prefix: "load-balancer", enabled: true };
    assertIncludes((await made({ environment: "dev", logs: "logs" })).find(BALANCER, "app-dev"), {
      accessLogs: logs,
      connectionLogs: logs,
    });
  });

  it("is in all of the network's public subnets", async () => {
    assertIncludes((await made({ environment: "dev" })).find(BALANCER, "app-dev"), {
      internal: false,
      subnets: ["subnet-1", "subnet-2"],
    });
  });

  it("behind CloudFront lets in CloudFront alone, by HTTPS alone", async () => {
    const mocks = await made(BEHIND);
    assert.deepEqual(mocks.names(LISTENER), ["app-dev-https"]);
    assert.deepEqual(mocks.names(INGRESS), ["app-dev-in-cloudfront", "app-dev-pods-8080"]);
    assertIncludes(mocks.find(INGRESS, "app-dev-in-cloudfront"), {
      securityGroupId: "app-dev-id",
      prefixListId: "pl-of-com.amazonaws.global.cloudfront.origin-facing",
      cidrIpv4: undefined,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
  });

  it("tells what records, metrics and other groups need to know of it", async () => {
    const { loadBalancer } = await both({ environment: "dev" });
    assert.equal(await known(loadBalancer.arn), "arn:app-dev");
    assert.equal(await known(loadBalancer.dnsName), "app-dev.elb.example");
    assert.equal(await known(loadBalancer.zoneId), "Z-BALANCER");
    assert.equal(await known(loadBalancer.securityGroupId), "app-dev-id");
    assert.equal(await known(loadBalancer.arnSuffix), "app/app-dev/0123456789abcdef");
  });
});

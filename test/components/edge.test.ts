import assert from "node:assert/strict";
import { isSecret } from "@pulumi/pulumi";
import { Edge, type EdgeArgs } from "../../components/edge/edge";
import type { Environment } from "../../model/environments";
import { key, network, recordEdge } from "./edgeFixture";
import { assertIncludes, assertSecret, known, settled } from "./mocks";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const RECORD = "aws:route53/record:Record";
const ACL = "aws:wafv2/webAcl:WebAcl";
const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";
const LISTENER = "aws:lb/listener:Listener";

const domain = "app.example.com";
const ZONE = { domain, zoneId: "Z1", hosts: [`api.${domain}`, `admin.${domain}`] };
const ELSEWHERE = { domain, certificateArn: "arn:certificate", hosts: [`api.${domain}`] };

async function made(environment: Environment, args: Partial<EdgeArgs> = {}) {
  const mocks = recordEdge();
  const edge = new Edge("edge", {
    name: "app-x",
    app: "app",
    environment,
    region: "eu-west-1",
    network,
    key,
    hosts: [],
    podSecurityGroupId: "sg-pods",
    podPorts: [8080],
    ...args,
  });
  await settled();
  return { mocks, edge };
}

describe("Edge with a domain and its zone", () => {
  it("puts CloudFront before the load balancer, in any environment", async () => {
    for (const environment of ["dev", "staging", "prod"] as const) {
      const { mocks, edge } = await made(environment, ZONE);
      assertIncludes(mocks.find(DISTRIBUTION, "app-x"), {
        aliases: ZONE.hosts,
        origins: [{ domainName: `origin.${domain}` }],
        viewerCertificate: { acmCertificateArn: `arn:${domain}-global` },
        webAclId: "arn:app-x-global",
      });
      assert.equal(await known(edge.dnsName), "app-x.cloudfront.example");
    }
  });

  it("sends users' names to CloudFront by IPv4 and IPv6, and the origin's to the load balancer", async () => {
    const { mocks } = await made("prod", ZONE);
    const cloudFront = [{ name: "app-x.cloudfront.example", zoneId: "Z-CLOUDFRONT" }];
    for (const host of ZONE.hosts)
      for (const type of ["A", "AAAA"])
        assertIncludes(mocks.find(RECORD, `${host}-${type}`), {
          zoneId: "Z1",
          name: host,
          type,
          aliases: cloudFront,
        });
    assertIncludes(mocks.find(RECORD, `origin.${domain}-A`), {
      name: `origin.${domain}`,
      aliases: [{ name: "app-x.elb.example", zoneId: "Z-BALANCER" }],
    });
  });

  it("has the load balancer let in nobody who lacks the origin's secret, and CloudFront send it", async () => {
    const { mocks } = await made("prod", ZONE);
    const secret = "value-of-edge-origin";
    assertIncludes(mocks.find(ASSOCIATION, "edge"), {
      resourceArn: "arn:app-x",
      webAclArn: "arn:app-x-regional",
    });
    assertIncludes(mocks.find(ACL, "app-x-regional"), {
      scope: "REGIONAL",
      defaultAction: { block: {} },
      rules: [{ action: { allow: {} }, statement: { byteMatchStatement: { searchString: secret } } }],
    });
    assertIncludes(mocks.find(DISTRIBUTION, "app-x"), { origins: [{ customHeaders: [{ value: secret }] }] });
  });

  it("closes the load balancer to others last, when users' names already lead to CloudFront", async () => {
    const { mocks } = await made("prod", ZONE);
    const order = mocks.registered.map(({ type, name }) => `${type} ${name}`);
    const closed = order.indexOf(`${ACL} app-x-regional`);
    for (const host of ZONE.hosts) assert.ok(order.indexOf(`${RECORD} ${host}-A`) < closed, host);
  });

  it("looks at what the world sends before CloudFront takes it", async () => {
    const { mocks } = await made("prod", ZONE);
    const { rules, ...acl } = mocks.find(ACL, "app-x-global");
    assertIncludes(acl, { scope: "CLOUDFRONT", defaultAction: { allow: {} } });
    assert.equal((rules as unknown[]).length, 5);
  });

  it("ends TLS at the load balancer with the certificate of the stack's own region", async () => {
    const { mocks, edge } = await made("prod", ZONE);
    assert.deepEqual(mocks.names(LISTENER), ["app-x-https"]);
    assertIncludes(mocks.find(LISTENER, "app-x-https"), { certificateArn: `arn:${domain}` });
    assert.equal(await known(edge.listenerArn), "arn:app-x-https");
  });

  it("gives a preview secret, as a secret, to the program and to those who may read it", async () => {
    const { mocks, edge } = await made("prod", ZONE);
    const secret = edge.previewSecret;
    assert.ok(secret && (await isSecret(secret)));
    assert.equal(await known(secret), "value-of-edge-preview");
    assertIncludes(mocks.find("random:index/randomPassword:RandomPassword", "edge-preview"), {
      length: 40,
      special: false,
    });
    assertIncludes(mocks.find("aws:secretsmanager/secret:Secret", "edge-preview"), {
      name: "app/prod/preview",
      kmsKeyId: "arn:key",
      recoveryWindowInDays: 30,
    });
    assertSecret(
      mocks.find("aws:secretsmanager/secretVersion:SecretVersion", "edge-preview")["secretString"],
      "value-of-edge-preview",
    );
  });

  it("leaves no trace of dev's preview secret", async () => {
    const { mocks } = await made("dev", ZONE);
    assertIncludes(mocks.find("aws:secretsmanager/secret:Secret", "edge-preview"), {
      recoveryWindowInDays: 0,
    });
  });
});

describe("Edge without a zone", () => {
  it("is the load balancer, with the certificate that is given, behind a web ACL in staging and prod", async () => {
    for (const environment of ["staging", "prod"] as const) {
      const { mocks, edge } = await made(environment, ELSEWHERE);
      assert.deepEqual(mocks.names(DISTRIBUTION), []);
      assert.deepEqual(mocks.names(RECORD), []);
      assert.equal(edge.previewSecret, undefined);
      assert.equal(await known(edge.dnsName), "app-x.elb.example");
      assertIncludes(mocks.find(LISTENER, "app-x-https"), { certificateArn: "arn:certificate" });
      assertIncludes(mocks.find(ASSOCIATION, "edge"), { webAclArn: "arn:app-x-regional" });
      const { rules, ...acl } = mocks.find(ACL, "app-x-regional");
      assertIncludes(acl, { scope: "REGIONAL", defaultAction: { allow: {} } });
      assert.equal((rules as unknown[]).length, 5);
    }
  });

  it("is plain in dev: HTTP, no web ACL, and nothing that waits for a domain", async () => {
    const { mocks, edge } = await made("dev");
    assert.deepEqual(mocks.names(ACL), []);
    assert.deepEqual(mocks.names(LISTENER), ["app-x-http"]);
    assert.equal(await known(edge.listenerArn), "arn:app-x-http");
    assert.equal(await known(edge.dnsName), "app-x.elb.example");
  });

  it("logs requests to the load balancer everywhere", async () => {
    for (const environment of ["dev", "staging", "prod"] as const) {
      const { mocks } = await made(environment, environment === "dev" ? {} : ELSEWHERE);
      assertIncludes(mocks.find("aws:lb/loadBalancer:LoadBalancer", "app-x"), {
        accessLogs: { bucket: "app-x-logs", prefix: "load-balancer", enabled: true },
      });
    }
  });
});

import assert from "node:assert/strict";
import { LabelParameterVersionCommand } from "@aws-sdk/client-ssm";
import { TARGET_GROUP } from "../../rehearsal/cloud/balancer/resources";
import { balancerRoutes } from "../../rehearsal/cloud/balancer/routes";
import { serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import * as edge from "./balancer-fixture";
import { both, type EndpointFixture, forward, rejects, startEndpoint } from "./endpoint-fixture";

const { ARNS, ruleArn } = edge;

const signedFor = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

describe("AWS endpoint", () => {
  let aws: EndpointFixture;
  beforeEach(async () => {
    aws = await startEndpoint();
  });
  afterEach(() => aws.end());

  const post = async (headers: Record<string, string>, body: string) => {
    const response = await fetch(aws.url, { method: "POST", headers, body });
    return { status: response.status, text: await response.text() };
  };

  describe("what all services share", () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };

    it("says who the caller is", async () => {
      const body = "Action=GetCallerIdentity&Version=2011-06-15";
      const { text } = await post({ ...form, authorization: signedFor("sts") }, body);
      assert.match(text, /<GetCallerIdentityResult>.*<Account>123456789012<\/Account>/);
    });

    it("refuses actions and services that it doesn't have, as AWS does", async () => {
      const unknown = await post(
        { ...form, authorization: signedFor("elasticloadbalancing") },
        "Action=CreateRule&Version=2015-12-01",
      );
      assert.equal(unknown.status, 400);
      assert.match(unknown.text, /<Code>InvalidAction<\/Code><Message>Could not find operation CreateRule/);
      const service = await post(
        { ...form, authorization: signedFor("iam") },
        "Action=ListUsers&Version=2010-05-08",
      );
      assert.match(service.text, /<Code>InvalidAction<\/Code>/);
      const labels = new LabelParameterVersionCommand({ Name: "/a", Labels: ["x"] });
      await rejects(aws.parameters.send(labels), "UnknownOperationException");
      const toString = await post(
        { authorization: signedFor("ssm"), "x-amz-target": "AmazonSSM.toString" },
        "{}",
      );
      assert.match(toString.text, /UnknownOperationException/);
    });

    it("refuses requests that are not signed, or not for the service that they call", async () => {
      const body = "Action=GetCallerIdentity&Version=2011-06-15";
      const unsigned = await post(form, body);
      assert.deepEqual(
        [unsigned.status, /<Code>(\w+)</.exec(unsigned.text)?.[1]],
        [403, "MissingAuthenticationToken"],
      );
      const json = await post({ "x-amz-target": "AmazonSSM.GetParameter" }, "{}");
      assert.equal(
        (JSON.parse(json.text) as { __type: string }).__type,
        "MissingAuthenticationTokenException",
      );
      const bad = await post({ ...form, authorization: "AWS4-HMAC-SHA256 Credential=test/x" }, body);
      assert.match(bad.text, /<Code>IncompleteSignature<\/Code>/);
      assert.match(
        (await post({ ...form, authorization: signedFor("ssm") }, body)).text,
        /<Code>InvalidAction<\/Code>/,
      );
    });
  });

  describe("control API", () => {
    const local = async (method: string, path: string, body?: unknown) => {
      const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
      const response = await fetch(`${aws.url}/_local/${path}`, init);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };

    it("injects faults into API calls by action and resource, and clears them", async () => {
      const error = { code: "Throttling", message: "Rate exceeded" };
      const fault = { action: "api", type: "elasticloadbalancing:ModifyRule", name: "weights$", error };
      assert.equal((await local("POST", "faults", fault)).status, 200);
      const change = forward({ TargetGroups: both(1, 1) });
      await rejects(aws.modify(change), "Throttling", /Rate exceeded/);
      await aws.modify({ ...change, RuleArn: ruleArn("preview") });
      await local("DELETE", "faults");
      await aws.modify(change);
    });

    it("refuses a fault that is not one, with what it takes", async () => {
      const { status, body } = await local("POST", "faults", { action: "explode" });
      assert.equal(status, 400);
      assert.match(String(body.error), /create\|update\|delete\|api/);
    });

    it("shows what the world holds", async () => {
      const { body } = await local("GET", `world?type=${TARGET_GROUP}`);
      assert.deepEqual(
        (body as unknown as { id: string }[]).map(({ id }) => id),
        [ARNS.blue, ARNS.green],
      );
    });

    it("has the load balancer's listeners and counts when they are passed to it, and lists its routes", async () => {
      const missing = await local("GET", "listeners");
      assert.equal(missing.status, 404);
      assert.match(String(missing.body.error), /GET \/_local\/world/);
      const { balancer, url } = await edge.startEdge(aws.world);
      const more = await serveEndpoint(aws.world, new Faults(), balancerRoutes(balancer));
      try {
        const listeners: unknown = await (await fetch(`${more.url}/_local/listeners`)).json();
        assert.deepEqual(listeners, [
          { arn: ARNS.listener, loadBalancerArn: ARNS.loadBalancer, port: 80, url },
        ]);
      } finally {
        await more.close();
      }
    });
  });
});

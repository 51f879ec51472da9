import assert from "node:assert/strict";
import { PreviewRules } from "../../cloud/previewRules";
import { PREVIEW_HEADER } from "../../model/names";
import { LISTENER_RULE } from "../../rehearsal/cloud/balancer/resources";
import { putTagged } from "./contract-tagged";
import { type PointedAt, REGION, pointAtEndpoint } from "./readers-fixture";

const ORIGIN = "http://app-dev-1.us-east-1.elb.amazonaws.com:80";

describe("PreviewRules", () => {
  let aws: PointedAt;
  beforeEach(async () => {
    aws = await pointAtEndpoint();
    putTagged(aws.world);
  });
  afterEach(() => aws.end());

  const found = (colour: "blue" | "green", app = "app") => new PreviewRules(REGION).of(app, "dev", colour);
  function conditions(...all: object[]): void {
    const [rule] = aws.world.all(LISTENER_RULE).filter(({ id }) => id.endsWith("/green"));
    assert.ok(rule);
    const properties = { ...rule.properties, conditions: all };
    aws.world.put({ ...rule, type: LISTENER_RULE, properties });
  }
  const header = (value: string) => ({ httpHeader: { httpHeaderName: PREVIEW_HEADER, values: [value] } });

  it("are how a colour is reached at the load balancer's listener, by path", async () => {
    conditions({ pathPattern: { values: ["/api", "/api/*"] } }, header("green"));
    assert.deepEqual(await found("green"), [
      { service: "api", origin: ORIGIN, prefix: "/api", value: "green" },
    ]);
  });

  it("are by host without a prefix, with the secret that the rule asks for", async () => {
    conditions({ hostHeader: { values: ["api.example.com"] } }, header("green-s3cret"));
    assert.deepEqual(await found("green"), [
      { service: "api", origin: ORIGIN, host: "api.example.com", prefix: "", value: "green-s3cret" },
    ]);
  });

  it("are of the colour and the stack that are asked for, and not of a header that is another", async () => {
    conditions(header("green"));
    assert.deepEqual(
      (await found("blue")).map(({ value }) => value),
      [""],
    );
    await assert.rejects(found("green", "other"), /LoadBalancerNotFound/);
  });

  it("are an error where the caller may not look", async () => {
    await aws.fail("elasticloadbalancing:DescribeRules", "AccessDenied");
    await assert.rejects(found("green"), /AccessDenied/);
  });
});

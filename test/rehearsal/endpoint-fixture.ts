import assert from "node:assert/strict";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import type { World } from "../../rehearsal/cloud/world";
import * as edge from "./balancer-fixture";

const { ARNS, putRule, ruleArn, weighted } = edge;

/** An endpoint over a world with two rules: `weights` at priority 100, and `preview` by header and host at 5. */
export interface EndpointFixture {
  readonly world: World;
  readonly url: string;
  readonly balancing: elb.ElasticLoadBalancingV2Client;
  readonly parameters: SSMClient;
  modify(input: elb.ModifyRuleCommandInput): Promise<elb.ModifyRuleCommandOutput>;
  end(): Promise<void>;
}

export async function startEndpoint(): Promise<EndpointFixture> {
  const world = edge.edgeWorld();
  putRule(world, "weights", 100, weighted(90, 10, 60));
  putRule(world, "preview", 5, weighted(0, 1), [
    { httpHeader: { httpHeaderName: "X-Preview", values: ["a", "b"] } },
    { hostHeader: { values: ["api.example.com"] } },
  ]);
  const endpoint = await serveEndpoint(world, new Faults());
  const config = {
    endpoint: endpoint.url,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const balancing = new elb.ElasticLoadBalancingV2Client(config);
  const parameters = new SSMClient(config);
  return {
    ...{ world, url: endpoint.url, balancing, parameters },
    modify: (input) => balancing.send(new elb.ModifyRuleCommand(input)),
    end: async () => {
      balancing.destroy();
      parameters.destroy();
      await endpoint.close();
      await edge.endAll();
    },
  };
}

/** The input of a ModifyRule that makes the rule `weights` forward so. */
export const forward = (config: elb.ForwardActionConfig): elb.ModifyRuleCommandInput => ({
  RuleArn: ruleArn("weights"),
  Actions: [{ Type: "forward", ForwardConfig: config }],
});

/** Weights of blue and green in AWS's names. */
export const both = (blue: number, green: number): elb.TargetGroupTuple[] => [
  { TargetGroupArn: ARNS.blue, Weight: blue },
  { TargetGroupArn: ARNS.green, Weight: green },
];

/** A call must fail with the error of this name, and a message that matches. */
export const rejects = (call: Promise<unknown>, name: string, message = /./): Promise<void> =>
  assert.rejects(call, (error: Error) => {
    assert.equal(error.name, name);
    assert.match(error.message, message);
    return true;
  });

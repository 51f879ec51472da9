import assert from "node:assert/strict";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  LISTENER,
  LISTENER_RULE,
  LOAD_BALANCER,
  TARGET_GROUP,
} from "../../rehearsal/cloud/balancer/resources";
import { serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import { World } from "../../rehearsal/cloud/world";
import { createTagged, putTagged } from "./contract-tagged";
import { startMoto } from "./moto";

/**
 * Something that speaks AWS's API and holds one load balancer `edge` with a listener on port 80, whose
 * default is a fixed 404; the target groups `blue` and `green`; and on path `/*`, at priority 10, a rule
 * that forwards 90 to blue and 10 to green with stickiness of 60 s, tagged `service=api`.
 */
export interface Subject {
  readonly url: string;
  readonly arns: Arns;
  stop(): Promise<void>;
}

export interface Arns {
  readonly loadBalancer: string;
  readonly listener: string;
  readonly rule: string;
  readonly blue: string;
  readonly green: string;
}

/** What the SDK's clients need to reach a subject. */
export const clientConfig = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
});

const HEALTH_CHECK = {
  path: "/healthz",
  interval: 15,
  timeout: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
};

/** Our endpoint, with the same things put into its world. */
export async function ourEndpoint(): Promise<Subject> {
  const world = new World();
  const prefix = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
  const arns = {
    loadBalancer: `${prefix}:loadbalancer/app/edge/50dc6c495c0c9188`,
    listener: `${prefix}:listener/app/edge/50dc6c495c0c9188/f2f7dc8efc522ab2`,
    rule: `${prefix}:listener-rule/app/edge/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`,
    blue: `${prefix}:targetgroup/blue/73e2d6bc24d8a067`,
    green: `${prefix}:targetgroup/green/73e2d6bc24d8a068`,
  };
  const balancer = { name: "edge", dnsName: "edge-1.us-east-1.elb.amazonaws.com", subnets: ["s-1", "s-2"] };
  world.put({ type: LOAD_BALANCER, id: arns.loadBalancer, properties: balancer });
  for (const name of ["blue", "green"] as const) {
    const group = { name, port: 8080, protocol: "HTTP", targetType: "ip", vpcId: "vpc-1" };
    world.put({ type: TARGET_GROUP, id: arns[name], properties: { ...group, healthCheck: HEALTH_CHECK } });
  }
  const fixedResponse = { contentType: "text/plain", statusCode: "404" };
  const listener = { loadBalancerArn: arns.loadBalancer, port: 80, protocol: "HTTP" };
  const defaultActions = [{ type: "fixed-response", fixedResponse }];
  world.put({ type: LISTENER, id: arns.listener, properties: { ...listener, defaultActions } });
  const forward = {
    targetGroups: [
      { arn: arns.blue, weight: 90 },
      { arn: arns.green, weight: 10 },
    ],
    stickiness: { enabled: true, duration: 60 },
  };
  const rule = {
    listenerArn: arns.listener,
    priority: 10,
    conditions: [{ pathPattern: { values: ["/*"] } }],
    actions: [{ type: "forward", order: 1, forward }],
    tags: { service: "api" },
  };
  world.put({ type: LISTENER_RULE, id: arns.rule, properties: rule });
  putTagged(world);
  const endpoint = await serveEndpoint(world, new Faults());
  return { url: endpoint.url, arns, stop: () => endpoint.close() };
}

/** moto, with the same things made through its API. */
export async function moto(): Promise<Subject> {
  const { url, stop } = await startMoto();
  const client = new elb.ElasticLoadBalancingV2Client(clientConfig(url));
  try {
    const arns = await fill(client, url);
    await createTagged(client);
    return { url, arns, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    client.destroy();
  }
}

async function fill(client: elb.ElasticLoadBalancingV2Client, url: string): Promise<Arns> {
  const { subnets, vpc } = await defaultNetwork(url);
  const { LoadBalancers } = await client.send(
    new elb.CreateLoadBalancerCommand({
      Name: "edge",
      Subnets: subnets.slice(0, 2),
      Scheme: "internet-facing",
    }),
  );
  const loadBalancer = arnOf(LoadBalancers?.[0]?.LoadBalancerArn);
  const group = async (Name: string) => {
    const command = new elb.CreateTargetGroupCommand({
      ...{ Name, Port: 8080, Protocol: "HTTP", TargetType: "ip", VpcId: vpc },
      HealthCheckPath: HEALTH_CHECK.path,
      HealthCheckIntervalSeconds: HEALTH_CHECK.interval,
      HealthCheckTimeoutSeconds: HEALTH_CHECK.timeout,
      HealthyThresholdCount: HEALTH_CHECK.healthyThreshold,
      UnhealthyThresholdCount: HEALTH_CHECK.unhealthyThreshold,
    });
    return arnOf((await client.send(command)).TargetGroups?.[0]?.TargetGroupArn);
  };
  const blue = await group("blue");
  const green = await group("green");
  const FixedResponseConfig = { StatusCode: "404", ContentType: "text/plain" };
  const { Listeners } = await client.send(
    new elb.CreateListenerCommand({
      ...{ LoadBalancerArn: loadBalancer, Port: 80, Protocol: "HTTP" },
      DefaultActions: [{ Type: "fixed-response", FixedResponseConfig }],
    }),
  );
  const listener = arnOf(Listeners?.[0]?.ListenerArn);
  const ForwardConfig = {
    TargetGroups: [
      { TargetGroupArn: blue, Weight: 90 },
      { TargetGroupArn: green, Weight: 10 },
    ],
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
  };
  const { Rules } = await client.send(
    new elb.CreateRuleCommand({
      ListenerArn: listener,
      Priority: 10,
      Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
      Actions: [{ Type: "forward", Order: 1, ForwardConfig }],
      Tags: [{ Key: "service", Value: "api" }],
    }),
  );
  return { loadBalancer, listener, rule: arnOf(Rules?.[0]?.RuleArn), blue, green };
}

function arnOf(arn: string | undefined): string {
  if (!arn) throw new Error("moto created something without an ARN");
  return arn;
}

/** The default VPC; asked for by hand, since nothing else here needs the EC2 client. */
async function defaultNetwork(url: string): Promise<{ subnets: string[]; vpc: string }> {
  const authorization =
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0";
  const body = new URLSearchParams({ Action: "DescribeSubnets", Version: "2016-11-15" });
  const answer = await (await fetch(url, { method: "POST", headers: { authorization }, body })).text();
  const all = (tag: string) =>
    [...answer.matchAll(new RegExp(`<${tag}>([^<]+)<`, "g"))].map((m) => m[1] ?? "");
  return { subnets: all("subnetId"), vpc: all("vpcId")[0] ?? "" };
}

/** A call must fail with the error of this name. */
export const rejects = (call: Promise<unknown>, name: string): Promise<void> =>
  assert.rejects(call, (error: Error) => {
    assert.equal(error.name, name);
    return true;
  });

import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  LISTENER,
  LISTENER_RULE,
  LOAD_BALANCER,
  TARGET_GROUP,
} from "../../rehearsal/cloud/balancer/resources";
import type { World } from "../../rehearsal/cloud/world";
import { type Role, releaseTags } from "../../model/names";
import { COLOURS, type Colour } from "../../model/release";

/**
 * A stack `app-dev` with one public service `api`: a load balancer with a listener, a target group and a header rule
 * for each colour, and a weighted rule of 90 to blue and 10 to green with stickiness of 60 s; all of it tagged as the
 * program tags it. Its second weighted rule has the role `sole`, for nobody to find.
 */
const NAME = "app-dev";

const tagsOf = (role: Role, colour?: Colour): Record<string, string> => ({
  ...releaseTags({ app: "app", environment: "dev", service: "api", role, ...(colour && { colour }) }),
});

const HEADERS = { blue: 1, green: 2 } as const;

/** Puts it into our endpoint's world. */
export function putTagged(world: World): void {
  const prefix = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
  const loadBalancer = `${prefix}:loadbalancer/app/${NAME}/60dc6c495c0c9188`;
  const listener = `${prefix}:listener/app/${NAME}/60dc6c495c0c9188/f2f7dc8efc522ab2`;
  const group = (colour: Colour) => `${prefix}:targetgroup/${NAME}-${colour}/73e2d6bc24d8a067`;
  const put = (name: string, priority: number, action: object, tags: Record<string, string>) => {
    const id = `${prefix}:listener-rule/app/${NAME}/60dc6c495c0c9188/f2f7dc8efc522ab2/${name}`;
    const conditions = [{ pathPattern: { values: [`/${name}`] } }];
    const actions = [{ type: "forward", order: 1, ...action }];
    world.put({
      type: LISTENER_RULE,
      id,
      properties: { listenerArn: listener, priority, conditions, actions, tags },
    });
  };
  const dnsName = `${NAME}-1.us-east-1.elb.amazonaws.com`;
  world.put({
    type: LOAD_BALANCER,
    id: loadBalancer,
    properties: { name: NAME, dnsName, subnets: ["s-1", "s-2"] },
  });
  const defaultActions = [
    { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } },
  ];
  const properties = { loadBalancerArn: loadBalancer, port: 80, protocol: "HTTP", defaultActions };
  world.put({ type: LISTENER, id: listener, properties });
  for (const colour of COLOURS) {
    const described = { port: 80, protocol: "HTTP", targetType: "ip", vpcId: "vpc-1" };
    const tags = tagsOf("target", colour);
    world.put({
      type: TARGET_GROUP,
      id: group(colour),
      properties: { name: `${NAME}-${colour}`, ...described, tags },
    });
    put(colour, HEADERS[colour], { targetGroupArn: group(colour) }, tagsOf("header", colour));
  }
  const shared = (blue: number) => ({
    forward: {
      targetGroups: [
        { arn: group("blue"), weight: blue },
        { arn: group("green"), weight: 100 - blue },
      ],
      stickiness: { enabled: true, duration: 60 },
    },
  });
  put("weighted", 10, shared(90), tagsOf("weighted"));
  put("sole", 11, shared(50), tagsOf("sole"));
}

/** Makes it through the API, in the network of the load balancer `edge`. */
export async function createTagged(client: elb.ElasticLoadBalancingV2Client): Promise<void> {
  const { LoadBalancers } = await client.send(new elb.DescribeLoadBalancersCommand({ Names: ["edge"] }));
  const [edge] = LoadBalancers ?? [];
  const Subnets = edge?.AvailabilityZones?.map(({ SubnetId = "" }) => SubnetId);
  const made = await client.send(new elb.CreateLoadBalancerCommand({ Name: NAME, Subnets }));
  const fixed: elb.Action = {
    Type: "fixed-response",
    FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain" },
  };
  const { Listeners } = await client.send(
    new elb.CreateListenerCommand({
      ...{ LoadBalancerArn: made.LoadBalancers?.[0]?.LoadBalancerArn, Port: 80, Protocol: "HTTP" },
      DefaultActions: [fixed],
    }),
  );
  const create = (
    name: string,
    Priority: number,
    action: Partial<elb.Action>,
    tags: Record<string, string>,
  ) =>
    client.send(
      new elb.CreateRuleCommand({
        ...{ ListenerArn: Listeners?.[0]?.ListenerArn, Priority, Tags: listed(tags) },
        Conditions: [{ Field: "path-pattern", Values: [`/${name}`] }],
        Actions: [{ Type: "forward", Order: 1, ...action }],
      }),
    );
  const groups: Partial<Record<Colour, string>> = {};
  for (const colour of COLOURS) {
    const { TargetGroups } = await client.send(
      new elb.CreateTargetGroupCommand({
        ...{ Name: `${NAME}-${colour}`, Port: 80, Protocol: "HTTP", TargetType: "ip", VpcId: edge?.VpcId },
        Tags: listed(tagsOf("target", colour)),
      }),
    );
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn;
    groups[colour] = TargetGroupArn;
    await create(colour, HEADERS[colour], { TargetGroupArn }, tagsOf("header", colour));
  }
  const shared = (blue: number): Partial<elb.Action> => ({
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: groups.blue, Weight: blue },
        { TargetGroupArn: groups.green, Weight: 100 - blue },
      ],
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
    },
  });
  await create("weighted", 10, shared(90), tagsOf("weighted"));
  await create("sole", 11, shared(50), tagsOf("sole"));
}

const listed = (tags: Readonly<Record<string, string>>): elb.Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Balancer, startBalancer } from "../../rehearsal/cloud/balancer/balancer";
import type { Measurements } from "../../rehearsal/cloud/balancer/measurements";
import {
  LISTENER,
  LISTENER_RULE,
  LOAD_BALANCER,
  TARGET_GROUP,
  type Action,
  type Condition,
} from "../../rehearsal/cloud/balancer/resources";
import { World } from "../../rehearsal/cloud/world";

const ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
export const ARNS = {
  loadBalancer: `${ARN}:loadbalancer/app/edge/50dc6c495c0c9188`,
  listener: `${ARN}:listener/app/edge/50dc6c495c0c9188/f2f7dc8efc522ab2`,
  blue: `${ARN}:targetgroup/blue/73e2d6bc24d8a067`,
  green: `${ARN}:targetgroup/green/73e2d6bc24d8a068`,
};

export const ruleArn = (name: string): string =>
  `${ARN}:listener-rule/app/edge/50dc6c495c0c9188/f2f7dc8efc522ab2/${name}`;

/** A weighted forward to blue and green; group stickiness with a duration in seconds, off at 0. */
export const weighted = (blue: number, green: number, stickySeconds = 0): Action => ({
  type: "forward",
  order: 1,
  forward: {
    targetGroups: [
      { arn: ARNS.blue, weight: blue },
      { arn: ARNS.green, weight: green },
    ],
    stickiness: { enabled: stickySeconds > 0, duration: stickySeconds || 60 },
  },
});

export const anyPath: Condition = { pathPattern: { values: ["/*"] } };

/** A world with one load balancer, one listener and the groups blue and green. */
export function edgeWorld(groups: Record<string, unknown> = {}): World {
  const world = new World();
  world.put({
    type: LOAD_BALANCER,
    id: ARNS.loadBalancer,
    properties: {
      arn: ARNS.loadBalancer,
      name: "edge",
      dnsName: "edge-1.us-east-1.elb.amazonaws.com",
      subnets: ["subnet-1", "subnet-2"],
      tagsAll: { app: "voiceassist", "with space & more": "<a'b\">" },
    },
  });
  for (const name of ["blue", "green"] as const) {
    world.put({
      type: TARGET_GROUP,
      id: ARNS[name],
      properties: {
        ...{ arn: ARNS[name], name, port: 8080, protocol: "HTTP", targetType: "ip", vpcId: "vpc-1" },
        deregistrationDelay: 1,
        ...groups,
        healthCheck: {
          path: "/healthz",
          interval: 0.1,
          timeout: 0.5,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
          ...(groups.healthCheck as object | undefined),
        },
      },
    });
  }
  world.put({
    type: LISTENER,
    id: ARNS.listener,
    properties: {
      ...{ arn: ARNS.listener, loadBalancerArn: ARNS.loadBalancer, port: 80, protocol: "HTTP" },
      defaultActions: [
        { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } },
      ],
    },
  });
  return world;
}

export function putRule(
  world: World,
  name: string,
  priority: number,
  action: Action,
  conditions = [anyPath],
): void {
  const properties = {
    arn: ruleArn(name),
    listenerArn: ARNS.listener,
    priority,
    conditions,
    actions: [action],
  };
  world.put({ type: LISTENER_RULE, id: ruleArn(name), properties: { ...properties, tags: { rule: name } } });
}

/** A local server of one colour. */
export interface Pod {
  readonly id: string;
  readonly port: number;
  /** The status of its health check. */
  health: number;
  readonly seen: IncomingMessage[];
  /** As SIGKILL would: it stops listening and every connection is reset. */
  kill(): void;
}

const PODS: Pod[] = [];
const BALANCERS: Balancer[] = [];

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a server and registers it with the colour's target group. */
export async function startPod(
  world: World,
  colour: "blue" | "green",
  handler: Handler = (_, response) => response.end(colour),
): Promise<Pod> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    if (request.url === "/healthz") {
      response.writeHead(pod.health).end();
      return;
    }
    pod.seen.push(request);
    response.setHeader("x-colour", colour);
    handler(request, response);
  });
  server.keepAliveTimeout = 70_000;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (_request, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\nX-Colour: ${colour}\r\n\r\n`,
    );
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const pod: Pod = {
    id: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    health: 200,
    seen: [],
    kill: () => {
      server.close();
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
  PODS.push(pod);
  world.register(ARNS[colour], pod);
  return pod;
}

/** Starts a load balancer and gives the URL of its one listener. */
export async function startEdge(
  world: World,
  measurements?: Measurements,
): Promise<{ balancer: Balancer; url: string }> {
  const balancer = startBalancer(world, undefined, measurements);
  BALANCERS.push(balancer);
  await balancer.settled();
  const [served] = balancer.listeners();
  return { balancer, url: served?.url ?? "" };
}

/** Does something while a port that nobody listens on stands for a colour's targets. */
export async function withoutTargets(
  world: World,
  colour: "blue" | "green",
  run: () => Promise<unknown>,
): Promise<void> {
  const targets = [...world.targets(ARNS[colour])];
  const closed = { id: "127.0.0.1", port: 1 };
  for (const target of targets) world.forget(ARNS[colour], target);
  world.register(ARNS[colour], closed);
  await run();
  world.forget(ARNS[colour], closed);
  for (const target of targets) world.register(ARNS[colour], target);
}

/** Ends everything that was started; for `afterEach`. */
export async function endAll(): Promise<void> {
  await Promise.all(BALANCERS.splice(0).map((balancer) => balancer.close()));
  for (const pod of PODS.splice(0)) pod.kill();
}

/** Waits until something is true, and fails after 5 s. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`Within 5 s it did not come true that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The states of a colour's targets. */
export const states = (world: World, colour: "blue" | "green"): string[] =>
  world.targets(ARNS[colour]).map((target) => target.state);

export const allHealthy = (world: World, ...colours: ("blue" | "green")[]): Promise<void> =>
  until(`${colours.join(" and ")} are healthy`, () =>
    colours.every((colour) => states(world, colour).every((state) => state === "healthy")),
  );

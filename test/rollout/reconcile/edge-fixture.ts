import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LISTENER_RULE } from "../../../rehearsal/cloud/balancer/resources";
import { type Balancer, startBalancer } from "../../../rehearsal/cloud/balancer/balancer";
import { PREVIEW_HEADER, releaseTags } from "../../../model/names";
import { COLOURS, type Colour } from "../../../model/release";
import { putTagged } from "../../cloud/contract-tagged";
import { type PointedAt, pointAtEndpoint } from "../../cloud/readers-fixture";

const ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012";

/** How a colour's pod answers; what it leaves open is 200 with who it is, as the pods of a rehearsal do. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The local AWS with a stack `app-dev`, whose one public service `api` is behind the local load balancer. */
export interface LocalEdge {
  readonly aws: PointedAt;
  /** Of the load balancer's one listener. */
  readonly url: string;
  /** Paths that a colour was asked for, in their order. */
  readonly seen: Readonly<Record<Colour, string[]>>;
  /** From now on a colour answers so. */
  answer(colour: Colour, how: Answering): void;
  /** Starts so many more healthy targets of a colour. */
  grow(colour: Colour, count: number): Promise<void>;
  /** Who may send the header from now on. */
  allow(source: string): void;
  end(): Promise<void>;
}

/** @param versions of the colours; both have a healthy target */
export async function localEdge(versions: Readonly<Record<Colour, string>>): Promise<LocalEdge> {
  const aws = await pointAtEndpoint();
  putTagged(aws.world);
  const seen: Record<Colour, string[]> = { blue: [], green: [] };
  const answering: Record<Colour, Answering> = { blue: () => false, green: () => false };
  const servers: Server[] = [];
  const start = async (colour: Colour): Promise<void> => {
    const server = createServer((request, response) => {
      // The load balancer asks for "/" to know whether the target is healthy.
      if (request.url !== "/") seen[colour].push(request.url ?? "");
      if (request.url !== "/" && answering[colour](request, response)) return;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ status: "healthy", version: versions[colour] }));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const group = `${ARN}:targetgroup/app-dev-${colour}/73e2d6bc24d8a067`;
    aws.world.register(group, { id: "127.0.0.1", port: (server.address() as AddressInfo).port });
    for (const target of aws.world.targets(group)) target.state = "healthy";
  };
  for (const colour of COLOURS) await start(colour);
  const put = (name: string, priority: number, more: readonly object[], action: object, tags: object) => {
    const id = `${ARN}:listener-rule/app/app-dev/60dc6c495c0c9188/f2f7dc8efc522ab2/${name}`;
    const conditions = [{ pathPattern: { values: ["/api", "/api/*"] } }, ...more];
    const listenerArn = `${ARN}:listener/app/app-dev/60dc6c495c0c9188/f2f7dc8efc522ab2`;
    const actions = [{ type: "forward", order: 1, ...action }];
    aws.world.put({
      type: LISTENER_RULE,
      id,
      properties: { listenerArn, priority, conditions, actions, tags },
    });
  };
  const group = (colour: Colour) => `${ARN}:targetgroup/app-dev-${colour}/73e2d6bc24d8a067`;
  const tagsOf = (role: "header" | "weighted", colour?: Colour) =>
    releaseTags({ app: "app", environment: "dev", service: "api", role, ...(colour && { colour }) });
  const allow = (source: string) =>
    COLOURS.forEach((colour, index) => {
      const header = { httpHeader: { httpHeaderName: PREVIEW_HEADER, values: [colour] } };
      const conditions = [header, { sourceIp: { values: [source] } }];
      put(colour, index + 1, conditions, { targetGroupArn: group(colour) }, tagsOf("header", colour));
    });
  allow("127.0.0.0/8");
  const targetGroups = [
    { arn: group("blue"), weight: 100 },
    { arn: group("green"), weight: 0 },
  ];
  put("weighted", 10, [], { forward: { targetGroups } }, tagsOf("weighted"));
  const balancer: Balancer = startBalancer(aws.world);
  await balancer.settled();
  const listener = balancer.listeners().find(({ arn }) => arn.includes("/app-dev/"));
  return {
    ...{ aws, seen, allow, url: listener?.url ?? "" },
    answer: (colour, how) => (answering[colour] = how),
    grow: async (colour, count) => {
      for (let left = count; left > 0; left -= 1) await start(colour);
    },
    end: async () => {
      await balancer.close();
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
      await aws.end();
    },
  };
}

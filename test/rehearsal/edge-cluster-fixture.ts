import { loadBalancerName, releaseTags } from "../../model/names";
import { COLOURS } from "../../model/release";
import { LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP } from "../../rehearsal/cloud/balancer/resources";
import { clusterRoutes } from "../../rehearsal/cloud/cluster/routes";
import { cloudwatch } from "../../rehearsal/cloud/endpoint/cloudwatch/service";
import { serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import type { Scene } from "../../rehearsal/scene";
import { type Traffic, startTraffic } from "../../rehearsal/traffic/traffic";
import type { Subject } from "../../rollout/subject";
import * as edge from "./balancer-fixture";
import {
  DEPLOYMENT,
  NAMESPACE,
  SERVICE,
  TARGET_GROUP_BINDING,
  type TestCluster,
  binding,
  deployment,
  service,
  template,
  testCluster,
} from "./cluster-fixture";

/** A service in two colours behind a load balancer, with its users, without an engine. */
export interface EdgeCluster {
  readonly cluster: TestCluster;
  readonly traffic: Traffic;
  readonly scene: Scene;
  close(): Promise<void>;
}

/** How pods leave, and what users are shared by. */
export interface EdgeOptions {
  /** Seconds that a deregistered target may finish its requests in. */
  readonly deregistrationSeconds: number;
  /** Seconds that a pod goes on for after it was told to end. */
  readonly preStopSeconds: number;
  /** Green's share in percent. */
  readonly green: number;
}

const REPLICAS = 3;

/** Whose it is. */
export const SUBJECT: Subject = { app: "voiceassist", environment: "dev", region: "us-east-1" };

/** Starts one; its pods live and end at their true pace. */
export async function edgeCluster({
  deregistrationSeconds,
  preStopSeconds,
  green,
}: EdgeOptions): Promise<EdgeCluster> {
  const cluster = testCluster({ end: 1 });
  const { world } = cluster;
  const groups = { deregistrationDelay: deregistrationSeconds, port: 8000, healthCheck: { path: "/health" } };
  for (const held of edge.edgeWorld(groups).everything()) world.put(held);
  edge.putRule(world, "api", 10, edge.weighted(100 - green, green));
  const named = { app: SUBJECT.app, environment: SUBJECT.environment, service: "api" };
  const tagged = (type: string, id: string, more: object) => {
    const held = world.get(type, id)!;
    world.put({ ...held, properties: { ...held.properties, ...more } });
  };
  const name = loadBalancerName(SUBJECT.app, SUBJECT.environment);
  tagged(LOAD_BALANCER, edge.ARNS.loadBalancer, { name });
  tagged(LISTENER_RULE, edge.ruleArn("api"), { tags: releaseTags({ ...named, role: "weighted" }) });
  for (const colour of COLOURS) {
    const tags = releaseTags({ ...named, role: "target", colour });
    tagged(TARGET_GROUP, edge.ARNS[colour], { tags });
  }
  const { balancer, url } = await edge.startEdge(world);
  const routes = clusterRoutes(cluster.controllers);
  const endpoint = await serveEndpoint(world, new Faults(), routes, [cloudwatch(balancer.measurements)]);
  await cluster.create(NAMESPACE, "app", {});
  for (const colour of COLOURS) {
    const labels = { app: "api", colour };
    const inApp = (object: object) => ({
      ...object,
      metadata: { ...(object as { metadata?: object }).metadata, namespace: "app" },
    });
    await cluster.create(SERVICE, `api-${colour}`, inApp(service(labels)));
    await cluster.create(TARGET_GROUP_BINDING, `api-${colour}`, {
      ...inApp(binding(edge.ARNS[colour])),
      spec: { ...binding(edge.ARNS[colour]).spec, serviceRef: { name: `api-${colour}`, port: 80 } },
    });
    const container = {
      image: "registry.test/api:1.0.0",
      ...(preStopSeconds > 0 && { lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } } }),
    };
    const spec = { replicas: REPLICAS, template: template(labels, container) };
    await cluster.create(DEPLOYMENT, `api-${colour}`, inApp(deployment(spec, labels)));
    const arn = edge.ARNS[colour];
    await edge.until(`${colour} stands`, () => world.targets(arn).length === REPLICAS);
  }
  await edge.allHealthy(world, "blue", "green");
  const traffic = startTraffic({
    targets: [{ service: "api", url: `${url}/` }],
    ...{ sessions: 40, ratePerSecond: 400, requestsPerSession: 5 },
  });
  const env = { AWS_ENDPOINT_URL: endpoint.url };
  return {
    ...{ cluster, traffic },
    scene: {
      ...{ dir: "", stack: "dev", env, signal: new AbortController().signal },
      subject: SUBJECT,
    },
    close: async () => {
      await traffic.stop();
      cluster.controllers.close();
      await endpoint.close();
      await edge.endAll();
    },
  };
}

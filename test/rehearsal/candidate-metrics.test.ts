import assert from "node:assert/strict";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { TargetMetrics } from "../../cloud/targetMetrics";
import { judgeThresholds } from "../../model/analysis/analyse";
import { SETTLING_SECONDS, observationOf } from "../../model/analysis/minutes";
import { Measurements } from "../../rehearsal/cloud/balancer/measurements";
import { cloudwatch } from "../../rehearsal/cloud/endpoint/cloudwatch/service";
import { serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import { startCloud } from "../../rehearsal/cloud/start";
import { REGION, pointAt } from "../cloud/readers-fixture";
import * as edge from "./balancer-fixture";
import { ARN, deployment, DEPLOYMENT, exposed, testCluster, until } from "./cluster-fixture";

const NOON = Date.parse("2026-11-21T12:00:00.000Z");
const iso = (minutes: number) => new Date(NOON + 60_000 * minutes).toISOString();

describe("a candidate in the local cloud", () => {
  it("is judged by what its pods answer through the load balancer, well and then badly", async () => {
    let now = NOON;
    const cluster = testCluster();
    const { world } = cluster;
    for (const held of edge.edgeWorld().everything()) world.put(held);
    const forward = { targetGroups: [{ arn: ARN, weight: 1 }] };
    edge.putRule(world, "api", 10, { type: "forward", order: 1, forward });
    const { balancer, url } = await edge.startEdge(world, new Measurements(() => now));
    const endpoint = await serveEndpoint(world, new Faults(), {}, [cloudwatch(balancer.measurements)]);
    const putBack = pointAt(endpoint.url);
    try {
      const { namespace } = await exposed(cluster, false);
      await cluster.create(DEPLOYMENT, "api", { ...deployment(), metadata: { name: "api", namespace } });
      await until("two targets", () => world.targets(ARN).length === 2);
      const send = () =>
        Promise.all(Array.from({ length: 300 }, async () => (await fetch(`${url}/`)).arrayBuffer()));
      const verdict = async (from: string, to: string) => {
        now = Date.parse(to) + 1_000 * SETTLING_SECONDS;
        const span = { from, to: new Date(now).toISOString() };
        const { [ARN]: minutes = [] } = await new TargetMetrics(REGION).minutes([ARN], span);
        const candidate = observationOf("api", "blue", from, minutes);
        const findings = judgeThresholds({ candidate, now: new Date(now).toISOString() });
        return findings.find(({ criterion }) => criterion === "errorRate")?.verdict;
      };
      await send();
      assert.equal(await verdict(iso(0), iso(1)), "success");
      now = NOON + 5 * 60_000;
      cluster.controllers.setBehaviour({ app: "api", colour: "blue" }, { errorRate: 50 });
      await send();
      assert.equal(await verdict(iso(5), iso(6)), "failure");
      assert.equal(await verdict(iso(6), iso(8)), "could-not-observe", "nobody asked anything of it then");
    } finally {
      putBack();
      cluster.controllers.close();
      await endpoint.close();
      await edge.endAll();
    }
  });

  it("has CloudWatch's metrics in the cloud's own process too", async function () {
    this.timeout(60_000);
    const cloud = await startCloud();
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = new CloudWatchClient({ endpoint: cloud.address.endpoint, region: REGION, credentials });
    try {
      await cloud.publishMetrics({ delaySeconds: 1, backdateSeconds: 60 });
      await assert.rejects(cloud.publishMetrics({ delaySeconds: -1 }), /it takes \{delaySeconds/);
      const Metric = { Namespace: "AWS/ApplicationELB", MetricName: "RequestCount" };
      const MetricStat = { Metric, Period: 60, Stat: "Sum" };
      const StartTime = new Date(NOON);
      const EndTime = new Date(NOON + 60_000);
      const command = new GetMetricDataCommand({
        MetricDataQueries: [{ Id: "a", MetricStat }],
        StartTime,
        EndTime,
      });
      const { MetricDataResults } = await client.send(command);
      assert.deepEqual(
        MetricDataResults?.map(({ StatusCode, Values }) => [StatusCode, Values]),
        [["Complete", []]],
      );
    } finally {
      client.destroy();
      await cloud.stop();
    }
  });
});

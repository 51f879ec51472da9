import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer } from "node:net";
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import type { Balancer } from "../../rehearsal/cloud/balancer/balancer";
import { Measurements } from "../../rehearsal/cloud/balancer/measurements";
import { balancerRoutes } from "../../rehearsal/cloud/balancer/routes";
import { cloudwatch } from "../../rehearsal/cloud/endpoint/cloudwatch/service";
import { type Endpoint, serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import type { World } from "../../rehearsal/cloud/world";
import * as edge from "./balancer-fixture";
import { rejects } from "./endpoint-fixture";

const { ARNS } = edge;
const NOON = Date.parse("2026-11-21T12:00:00.000Z");
const MINUTE = 60_000;
const GROUP = "targetgroup/blue/73e2d6bc24d8a067";
const BALANCER = "app/edge/50dc6c495c0c9188";

describe("CloudWatch of the AWS endpoint", () => {
  let now: number;
  let world: World;
  let balancer: Balancer;
  let url: string;
  let endpoint: Endpoint;
  let client: CloudWatchClient;

  beforeEach(async () => {
    now = NOON;
    world = edge.edgeWorld();
    edge.putRule(world, "all", 10, edge.weighted(1, 0));
    ({ balancer, url } = await edge.startEdge(world, new Measurements(() => now)));
    const services = [cloudwatch(balancer.measurements)];
    endpoint = await serveEndpoint(world, new Faults(), balancerRoutes(balancer), services);
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    client = new CloudWatchClient({
      endpoint: endpoint.url,
      region: "us-east-1",
      credentials,
      maxAttempts: 1,
    });
  });
  afterEach(async () => {
    client.destroy();
    await endpoint.close();
    await edge.endAll();
  });

  const query = (
    MetricName: string,
    Stat: string,
    more: { group?: string; period?: number } = {},
  ): MetricDataQuery => ({
    Id: "q",
    MetricStat: {
      Metric: {
        Namespace: "AWS/ApplicationELB",
        MetricName,
        Dimensions: [
          { Name: "LoadBalancer", Value: BALANCER },
          { Name: "TargetGroup", Value: more.group ?? GROUP },
        ],
      },
      Period: more.period ?? 60,
      Stat,
    },
  });
  const ask = (MetricDataQueries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) =>
    client.send(
      new GetMetricDataCommand({
        ...{
          MetricDataQueries,
          StartTime: new Date(NOON - 600 * MINUTE),
          EndTime: new Date(NOON + 600 * MINUTE),
        },
        ...more,
      }),
    );
  /** Values of a metric by the minute's number since noon, of what has happened by now. */
  const values = async (metric: string, stat = "Sum") => {
    now += 2 * MINUTE;
    const { MetricDataResults = [] } = await ask([query(metric, stat)]);
    now -= 2 * MINUTE;
    const { Timestamps = [], Values = [], StatusCode } = MetricDataResults[0]!;
    assert.equal(StatusCode, "Complete");
    return Timestamps.map((time, index) => [(time.getTime() - NOON) / MINUTE, Values[index]]);
  };
  const get = async (path = "/") => (await fetch(`${url}${path}`)).status;
  const four = async () => ({
    requests: await values("RequestCount"),
    failed: await values("HTTPCode_Target_5XX_Count"),
    refused: await values("TargetConnectionErrorCount"),
    answered: await values("TargetResponseTime", "SampleCount"),
  });

  it("counts what targets answered, by the minute, the newest first unless asked otherwise", async () => {
    await edge.startPod(world, "blue", ({ url: path }, response) =>
      response.writeHead(path === "/bad" ? 503 : 200).end(),
    );
    await get();
    now += MINUTE;
    await get();
    await get("/bad");
    assert.deepEqual(await four(), {
      requests: [
        [1, 2],
        [0, 1],
      ],
      failed: [[1, 1]],
      refused: [],
      answered: [
        [1, 2],
        [0, 1],
      ],
    });
  });

  it("counts no request for which there was no target: the load balancer itself answers 503", async () => {
    assert.equal(await get(), 503);
    assert.deepEqual(await four(), { requests: [], failed: [], refused: [], answered: [] });
  });

  it("counts a request whose connection was refused as one, and one that the target broke off as unanswered", async () => {
    world.register(ARNS.blue, { id: "127.0.0.1", port: 1 });
    assert.equal(await get(), 502);
    assert.deepEqual(await four(), { requests: [[0, 1]], failed: [], refused: [[0, 1]], answered: [] });
    world.forget(ARNS.blue, { id: "127.0.0.1", port: 1 });
    const breaking = createServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
    await new Promise<void>((resolve) => breaking.listen(0, "127.0.0.1", resolve));
    world.register(ARNS.blue, { id: "127.0.0.1", port: (breaking.address() as AddressInfo).port });
    now += MINUTE;
    assert.equal(await get(), 502);
    const found = await four();
    assert.deepEqual(
      [found.requests, found.refused, found.failed, found.answered],
      [
        [
          [1, 1],
          [0, 1],
        ],
        [[0, 1]],
        [],
        [],
      ],
    );
    breaking.close();
  });

  it("counts a request that is upgraded as answered", async () => {
    await edge.startPod(world, "blue");
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    const { requests, answered, failed } = await four();
    assert.deepEqual([requests, answered, failed], [[[0, 1]], [[0, 1]], []]);
  });

  it("forgets minutes after three hours", async () => {
    await edge.startPod(world, "blue");
    for (const minutes of [0, 1, 179]) {
      now = NOON + minutes * MINUTE;
      await get();
    }
    assert.equal((await values("RequestCount")).length, 3);
    now = NOON + 180 * MINUTE;
    await get();
    assert.deepEqual(
      (await values("RequestCount")).map(([minute]) => minute),
      [180, 179, 1],
    );
  });

  it("has no data of what it does not know, and refuses what only CloudWatch can", async () => {
    await edge.startPod(world, "blue");
    await get();
    now += 2 * MINUTE;
    const found = async (asked: MetricDataQuery) => (await ask([asked])).MetricDataResults?.[0]?.Values;
    assert.deepEqual(await found(query("RequestCount", "Sum")), [1]);
    assert.deepEqual(await found(query("RequestCount", "Sum", { group: `${GROUP}0` })), []);
    assert.deepEqual(await found(query("NewConnectionCount", "Sum")), []);
    const { MetricStat } = query("RequestCount", "Sum");
    const Metric = { ...MetricStat!.Metric!, Dimensions: [] };
    assert.deepEqual(
      await found({ Id: "q", MetricStat: { ...MetricStat!, Metric } }),
      [],
      "nor a sum of all",
    );
    const refused = (asked: MetricDataQuery[], message: RegExp) =>
      rejects(ask(asked), "ValidationException", message);
    await refused([{ Id: "e", Expression: "q * 2" }], /evaluates no expressions/);
    await refused([query("RequestCount", "Sum", { period: 300 })], /Period is 300/);
    await refused([query("RequestCount", "Total")], /statistic Total is not known/);
    await refused(
      [query("RequestCount", "Sum"), query("RequestCount", "Sum")],
      /id "q" is not valid, or not used once/,
    );
    await refused([{ ...query("RequestCount", "Sum"), Id: "Q" }], /id "Q" is not valid/);
    await refused([], /0 queries were given/);
  });

  it("takes a start within a minute as that minute's, as CloudWatch does", async () => {
    await edge.startPod(world, "blue");
    await get();
    now += 2 * MINUTE;
    const { MetricDataResults } = await ask([query("RequestCount", "Sum")], {
      StartTime: new Date(NOON + 59_999),
    });
    assert.deepEqual(MetricDataResults?.[0]?.Values, [1]);
  });

  it("is told by the control API when to publish, and as of when", async () => {
    const tell = async (body: unknown) => {
      const response = await fetch(`${endpoint.url}/_local/metrics`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      return { status: response.status, text: await response.text() };
    };
    await edge.startPod(world, "blue");
    assert.equal((await tell({ delaySeconds: 0, backdateSeconds: 60 })).status, 200);
    await get();
    const seen = async () => (await ask([query("RequestCount", "Sum")])).MetricDataResults?.[0]?.Timestamps;
    assert.deepEqual(
      await seen(),
      [new Date(NOON - MINUTE)],
      "the minute before noon is over, and published",
    );
    await tell({ delaySeconds: 1 });
    assert.deepEqual(await seen(), []);
    for (const wrong of [{ delay: 1 }, { delaySeconds: -1 }, { backdateSeconds: "60" }, [], undefined]) {
      const { status, text } = await tell(wrong);
      assert.equal(status, 400);
      assert.match(text, /it takes \{delaySeconds: seconds, 0 or more, backdateSeconds/);
    }
  });
});

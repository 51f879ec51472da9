import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { Measurements } from "../../rehearsal/cloud/balancer/measurements";
import { cloudwatch } from "../../rehearsal/cloud/endpoint/cloudwatch/service";
import { serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import * as edge from "../rehearsal/balancer-fixture";
import { clientConfig, moto } from "./contract-subjects";

const COLOURS = ["blue", "green"] as const;

/** What one minute brings one target group. */
export interface Traffic {
  /** Requests that a target answers by 200. */
  readonly well?: number;
  /** By 500. */
  readonly failed?: number;
  /** Those whose connection no target takes. */
  readonly refused?: number;
}

/** Something that has CloudWatch's metrics of the target groups blue and green, which a rule names. */
export interface MetricsSubject {
  readonly url: string;
  readonly groups: Readonly<Record<(typeof COLOURS)[number], string>>;
  /** Lets something happen in the minute that begins at this ISO time. Minutes must ascend. */
  happen(minute: string, traffic: Partial<Record<(typeof COLOURS)[number], Traffic>>): Promise<void>;
  stop(): Promise<void>;
}

/** The rehearsal's: real requests through its load balancer, at the time that its clock shows. */
export interface LocalSubject extends MetricsSubject {
  readonly measurements: Measurements;
  /** Sends requests to a colour's target, which answers after so many milliseconds. */
  send(colour: "blue" | "green", path: string, count: number): Promise<number[]>;
  /** What the clock shows, as an ISO time. */
  clock(time: string): void;
}

/** The rehearsal's load balancer and endpoint. Its clock shows the end of time but while something happens. */
export async function ours(): Promise<LocalSubject> {
  let now = Number.MAX_SAFE_INTEGER;
  const measurements = new Measurements(() => now);
  const world = edge.edgeWorld();
  for (const [index, colour] of COLOURS.entries()) {
    const shares = colour === "blue" ? edge.weighted(1, 0) : edge.weighted(0, 1);
    edge.putRule(world, colour, 10 + index, shares, [{ pathPattern: { values: [`/${colour}/*`] } }]);
    await edge.startPod(world, colour, ({ url = "" }, response) => {
      const wait = Number(/\/wait\/(\d+)/.exec(url)?.[1] ?? 0);
      setTimeout(() => response.writeHead(url.includes("/fail") ? 500 : 200).end(), wait);
    });
  }
  const { url: edgeUrl } = await edge.startEdge(world, measurements);
  const endpoint = await serveEndpoint(world, new Faults(), {}, [cloudwatch(measurements)]);
  const send = (colour: string, path: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => (await fetch(`${edgeUrl}/${colour}${path}`)).status),
    );
  return {
    ...{ url: endpoint.url, groups: { blue: edge.ARNS.blue, green: edge.ARNS.green }, measurements, send },
    clock: (time) => (now = Date.parse(time)),
    happen: async (minute, traffic) => {
      now = Date.parse(minute) + 30_000;
      for (const colour of COLOURS) {
        const { well = 0, failed = 0, refused = 0 } = traffic[colour] ?? {};
        await send(colour, "/well", well);
        await send(colour, "/fail", failed);
        if (refused > 0) await edge.withoutTargets(world, colour, () => send(colour, "/well", refused));
      }
      now = Number.MAX_SAFE_INTEGER;
    },
    stop: async () => {
      await endpoint.close();
      await edge.endAll();
    },
  };
}

/** moto, told the same by PutMetricData; but of response times, for which see the test of that. */
export async function motos(): Promise<MetricsSubject & { put: PutMetric }> {
  const { url, arns, stop } = await moto();
  const client = new CloudWatchClient(clientConfig(url));
  const groups = { blue: arns.blue, green: arns.green };
  const put: PutMetric = async (minute, colour, MetricName, Value) => {
    const Dimensions = [
      { Name: "TargetGroup", Value: groups[colour].slice(groups[colour].indexOf("targetgroup/")) },
      { Name: "LoadBalancer", Value: arns.loadBalancer.replace(/^.*:loadbalancer\//, "") },
    ];
    const datum = { MetricName, Dimensions, Timestamp: new Date(minute), Value };
    await client.send(new PutMetricDataCommand({ Namespace: "AWS/ApplicationELB", MetricData: [datum] }));
  };
  return {
    ...{ url, groups, put },
    happen: async (minute, traffic) => {
      for (const colour of COLOURS) {
        const { well = 0, failed = 0, refused = 0 } = traffic[colour] ?? {};
        const data = {
          RequestCount: well + failed + refused,
          HTTPCode_Target_5XX_Count: failed,
          TargetConnectionErrorCount: refused,
        };
        // As a load balancer does, which publishes nothing that is 0.
        for (const [name, value] of Object.entries(data))
          if (value > 0) await put(minute, colour, name, value);
      }
    },
    stop: async () => {
      client.destroy();
      await stop();
    },
  };
}

type PutMetric = (minute: string, colour: "blue" | "green", metric: string, value: number) => Promise<void>;

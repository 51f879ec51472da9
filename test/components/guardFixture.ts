import { PutParameterCommand } from "@aws-sdk/client-ssm";
import * as pulumi from "@pulumi/pulumi";
import { standGuard } from "../../components/release/guard";
import type { GuardArgs, Guarded } from "../../components/release/guardArgs";
import type { Clock } from "../../components/release/patience";
import { greenAt } from "../../model/release";
import { LISTENER_RULE } from "../../rehearsal/cloud/balancer/resources";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";
import { ARNS, ruleArn } from "../rehearsal/balancer-fixture";
import { both, forward } from "../rehearsal/endpoint-fixture";
import { type Metrics, serveMetrics } from "./guardMetricsFixture";
import { RecordingMocks } from "./mocks";

export const FENCE = "/sluice/voiceassist/dev/fence";
export const VALIDATIONS = "/sluice/voiceassist/dev/validations";
export const RULE = ruleArn("weights");

const API: Guarded = {
  service: "api-gateway",
  namespace: "voiceassist",
  targetGroups: { blue: "blue", green: "green" },
  versions: { blue: "2.3.1", green: "2.4.0" },
  trusted: ["blue"],
  replicas: 3,
  floors: { blue: 3, green: 3 },
  recorded: greenAt(10),
};

/** When the guard is first asked. */
export const NOW = "2026-11-21T12:00:00.000Z";

/** Time that passes by waiting alone; `passed` is told how many seconds have. */
export const clockOf = (passed: (seconds: number) => void = () => undefined) => {
  let now = 0;
  return {
    now: () => now,
    sleep: (milliseconds: number) => {
      now += milliseconds;
      passed(now / 1000);
      return Promise.resolve();
    },
  };
};

export const inputs = (green: number, arns: { blue: unknown; green: unknown } = ARNS) => ({
  actions: [
    {
      type: "forward",
      forward: {
        targetGroups: [
          { arn: arns.blue, weight: 100 - green },
          { arn: arns.green, weight: green },
        ],
      },
    },
  ],
});

/** Whether the engine only looks, as the SDK is told. */
export const previewing = (preview: boolean) =>
  pulumi.runtime.setMocks(new RecordingMocks(), "sluice", "dev", preview);

/** What the SDK tells the person who waits. */
export interface Heard {
  readonly told: string[];
  readonly warnings: string[];
}

/** Listens to the SDK, which writes to the console where there is no engine. */
async function hear<Value>({ told, warnings }: Heard, run: () => Promise<Value>): Promise<Value> {
  const { log, warn, error } = console;
  console.log = (line: string) => void told.push(line);
  console.warn = console.error = (line: string) => void warnings.push(line);
  try {
    return await run();
  } finally {
    Object.assign(console, { log, warn, error });
  }
}

/** A guard before the weighted rule of a service in a world where green has three healthy targets. */
export interface Guarding {
  readonly aws: PointedAt;
  readonly metrics: Metrics;
  /** So many of green's targets fail their health check. */
  unhealthy(count: number): void;
  /** Gives green so many percent at the load balancer itself. */
  byHand(green: number): Promise<unknown>;
  /** Puts this into the fence parameter. */
  fence(value: string): Promise<unknown>;
  /** Puts this into the parameter that says what validation sent. */
  validations(value: string): Promise<unknown>;
  /** The engine before an update of the weighted rule; without `from`, before its creation. */
  asked(from: number | undefined, to: number, changes?: Asked): Promise<void>;
  /** What was said on the way, a line each. */
  readonly heard: Heard;
  end(): Promise<void>;
}

/** Whatever somebody asks AWS fails. */
export async function failEverything({ aws, metrics }: Guarding): Promise<void> {
  for (const action of ["DescribeRules", "DescribeTargetHealth", "DescribeTargetGroups"]) {
    await aws.fail(`elasticloadbalancing:${action}`, "AccessDenied");
  }
  await aws.fail("ssm:GetParameter", "AccessDenied");
  metrics.fail("AccessDenied");
}

/** Metrics are asked where `samples` says how many requests there must be, and count from an hour ago. */
type Asked = { guarded?: Partial<Guarded>; clock?: Clock } & Partial<Pick<GuardArgs, "samples" | "since">> &
  Partial<pulumi.ResourceHookArgs>;

/** To be ended by `end()`. */
export async function guarding(): Promise<Guarding> {
  await previewing(false);
  const aws = await pointAtEndpoint();
  const metrics = await serveMetrics(aws.world);
  for (let index = 0; index < 3; index += 1) {
    aws.world.register(ARNS.green, { id: `10.0.0.${index}`, port: 8080 });
  }
  for (const target of aws.world.targets(ARNS.green)) target.state = "healthy";
  const heard: Heard = { told: [], warnings: [] };
  const put = (Name: string, Value: string) =>
    aws.parameters.send(new PutParameterCommand({ Name, Value, Type: "String", Overwrite: true }));
  return {
    aws,
    metrics,
    heard,
    unhealthy: (count) => {
      for (const target of aws.world.targets(ARNS.green).slice(0, count)) target.state = "unhealthy";
    },
    byHand: (green) => aws.modify(forward({ TargetGroups: both(100 - green, green) })),
    fence: (Value) => put(FENCE, Value),
    validations: (Value) => put(VALIDATIONS, Value),
    end: async () => {
      await metrics.end();
      await aws.end();
    },
    asked: (from, to, changes = {}) => {
      const asked = { samples: 0, since: "2026-11-21T11:00:00.000Z", ...changes };
      const { guarded = {}, clock = clockOf(), samples, since, ...hook } = asked;
      const args: GuardArgs = {
        ...{ region: REGION, fence: FENCE, validations: VALIDATIONS, samples, since },
        rules: { "api-gateway-weighted": { ...API, ...guarded } },
        patience: { everySeconds: 5, mostSeconds: 180, clock },
        now: () => new Date(Date.parse(NOW) + clock.now()).toISOString(),
      };
      const before: pulumi.ResourceHookArgs = {
        urn: "urn:pulumi:dev::sluice::aws:lb/listenerRule:ListenerRule::api-gateway-weighted",
        name: "api-gateway-weighted",
        type: LISTENER_RULE,
        id: from === undefined ? "" : RULE,
        newInputs: inputs(to),
        ...(from !== undefined && { oldInputs: inputs(from) }),
        ...hook,
      };
      return hear(heard, () => standGuard(args, before));
    },
  };
}

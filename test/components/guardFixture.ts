import { PutParameterCommand } from "@aws-sdk/client-ssm";
import * as pulumi from "@pulumi/pulumi";
import { type Guarded, standGuard } from "../../components/release/guard";
import type { Clock } from "../../components/release/patience";
import { LISTENER_RULE } from "../../rehearsal/cloud/balancer/resources";
import { greenAt } from "../../model/release";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";
import { ARNS, ruleArn } from "../rehearsal/balancer-fixture";
import { RecordingMocks } from "./mocks";

export const FENCE = "/sluice/voiceassist/dev/fence";
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

/** A guard before the weighted rule of a service in a world where green has three healthy targets. */
export interface Guarding {
  readonly aws: PointedAt;
  /** So many of green's targets fail their health check. */
  unhealthy(count: number): void;
  /** Puts this into the fence parameter. */
  fence(value: string): Promise<unknown>;
  /** The engine before an update of the weighted rule; without `from`, before its creation. */
  asked(from: number | undefined, to: number, changes?: Asked): Promise<void>;
}

type Asked = { guarded?: Partial<Guarded>; clock?: Clock } & Partial<pulumi.ResourceHookArgs>;

/** To be ended by `aws.end()`. */
export async function guarding(): Promise<Guarding> {
  await previewing(false);
  const aws = await pointAtEndpoint();
  for (let index = 0; index < 3; index += 1) {
    aws.world.register(ARNS.green, { id: `10.0.0.${index}`, port: 8080 });
  }
  for (const target of aws.world.targets(ARNS.green)) target.state = "healthy";
  return {
    aws,
    unhealthy: (count) => {
      for (const target of aws.world.targets(ARNS.green).slice(0, count)) target.state = "unhealthy";
    },
    fence: (Value) => aws.parameters.send(new PutParameterCommand({ Name: FENCE, Value, Type: "String" })),
    asked: (from, to, { guarded = {}, clock = clockOf(), ...hook } = {}) =>
      standGuard(
        {
          region: REGION,
          fence: FENCE,
          rules: { "api-gateway-weighted": { ...API, ...guarded } },
          patience: { everySeconds: 5, mostSeconds: 180, clock },
        },
        {
          urn: "urn:pulumi:dev::sluice::aws:lb/listenerRule:ListenerRule::api-gateway-weighted",
          name: "api-gateway-weighted",
          type: LISTENER_RULE,
          id: from === undefined ? "" : RULE,
          newInputs: inputs(to),
          ...(from !== undefined && { oldInputs: inputs(from) }),
          ...hook,
        },
      ),
  };
}

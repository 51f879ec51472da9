import { Measurements } from "../../rehearsal/cloud/balancer/measurements";
import { cloudwatch } from "../../rehearsal/cloud/endpoint/cloudwatch/service";
import { serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import type { Service } from "../../rehearsal/cloud/endpoint/service";
import { Faults } from "../../rehearsal/cloud/faults";
import type { World } from "../../rehearsal/cloud/world";
import { ARNS } from "../rehearsal/balancer-fixture";

/** Requests of one minute by what became of them. */
interface Traffic {
  readonly well?: number;
  readonly failed?: number;
  readonly slow?: number;
}

/** CloudWatch, with what a load balancer measured. */
export interface Metrics {
  /** Requests to a colour in the minute that begins at an ISO time; minutes ascend. */
  happen(minute: string, colour: "blue" | "green", traffic: Traffic): void;
  /** How often anybody asked. */
  calls(): number;
  /** Lets every call fail with an AWS error code. */
  fail(code: string): void;
  end(): Promise<void>;
}

const KEY = "AWS_ENDPOINT_URL_CLOUDWATCH";
/** All that ever happens is published by then. */
const LATE = Number.MAX_SAFE_INTEGER;

/** Serves CloudWatch beside the rest of AWS, and points this process's clients at it until its end. */
export async function serveMetrics(world: World): Promise<Metrics> {
  let now = LATE;
  let calls = 0;
  const measurements = new Measurements(() => now);
  const service = cloudwatch(measurements);
  const { respond, ...action } = service.actions["GetMetricData"]!;
  const counting: Service = {
    ...service,
    actions: {
      GetMetricData: {
        ...action,
        resource: (input) => {
          calls += 1;
          return action.resource(input);
        },
        respond,
      },
    },
  };
  const faults = new Faults();
  const endpoint = await serveEndpoint(world, faults, {}, [counting]);
  const before = process.env[KEY];
  process.env[KEY] = endpoint.url;
  return {
    happen: (minute, colour, { well = 0, failed = 0, slow = 0 }) => {
      now = Date.parse(minute) + 10_000;
      for (let index = 0; index < well + failed + slow; index += 1) {
        measurements.sent(ARNS[colour], ARNS.loadBalancer);
        const status = index < failed ? 500 : 200;
        measurements.answered(ARNS[colour], status, index < failed + slow && index >= failed ? 6_000 : 20);
      }
      now = LATE;
    },
    calls: () => calls,
    fail: (code) => {
      faults.add({
        action: "api",
        type: "monitoring:GetMetricData",
        name: "",
        error: { code, message: "injected" },
      });
    },
    end: async () => {
      if (before === undefined) Reflect.deleteProperty(process.env, KEY);
      else process.env[KEY] = before;
      await endpoint.close();
    },
  };
}

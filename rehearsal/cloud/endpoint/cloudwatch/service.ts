import type { Measurements } from "../../balancer/measurements";
import { type Service, structures, texts } from "../service";
import { describeAlarms } from "./alarms";
import { metricData } from "./metric-data";

/** CloudWatch, over what a load balancer measured. */
export const cloudwatch = (measurements: Measurements): Service => ({
  name: "monitoring",
  protocol: { kind: "json", target: "GraniteServiceVersion20100801", version: "1.0" },
  actions: {
    GetMetricData: {
      resource: ({ MetricDataQueries }) => JSON.stringify(structures(MetricDataQueries)[0] ?? ""),
      respond: (call) => metricData(measurements, call),
    },
    DescribeAlarms: {
      resource: ({ AlarmNames }) => texts(AlarmNames)[0] ?? "",
      respond: describeAlarms,
    },
  },
});

import type { Measurements, Metric } from "../../balancer/measurements";
import { validationError } from "../errors";
import { type Call, type Input, structures, text } from "../service";
import { statistic } from "./statistics";

const NAMESPACE = "AWS/ApplicationELB";
const PERIOD = 60;
const MOST_QUERIES = 500;

const METRICS: readonly Metric[] = [
  "RequestCount",
  "HTTPCode_Target_5XX_Count",
  "TargetConnectionErrorCount",
  "TargetResponseTime",
];

/**
 * GetMetricData for what the load balancer measures by target group. A series that is not known is one without data, as
 * with CloudWatch, which has no list of what there should be.
 *
 * @throws AwsError for a time that is none, and for what only CloudWatch has: expressions, and periods but of a minute
 */
export function metricData(measurements: Measurements, { input }: Call): object {
  const [from, to] = [Number(input.StartTime) * 1_000, Number(input.EndTime) * 1_000];
  if (from > to) throw validationError("The parameter EndTime must be greater than StartTime.");
  if (from === to) throw validationError("The parameter StartTime must not equal parameter EndTime.");
  const queries = structures(input.MetricDataQueries);
  if (queries.length < 1 || queries.length > MOST_QUERIES) {
    throw validationError(`${queries.length} queries were given; it must be from 1 to ${MOST_QUERIES}`);
  }
  const ids = queries.map(({ Id }) => text(Id) ?? "");
  const wrong = ids.find((id, index) => !/^[a-z]\w*$/.test(id) || ids.indexOf(id) !== index);
  if (wrong !== undefined) throw validationError(`The id "${wrong}" is not valid, or not used once only`);
  const newestFirst = input.ScanBy !== "TimestampAscending";
  return {
    MetricDataResults: queries.map((query, index) => {
      // A start within a minute is taken as that minute's.
      const start = Math.floor(from / (PERIOD * 1_000)) * PERIOD * 1_000;
      const found = dataOf(measurements, query, start, to);
      const data = newestFirst ? found.reverse() : found;
      return {
        Id: ids[index],
        Label: text(query.Label) ?? ids[index],
        Timestamps: data.map(([time]) => time / 1_000),
        Values: data.map(([, value]) => value),
        StatusCode: "Complete",
      };
    }),
    Messages: [],
  };
}

function dataOf(measurements: Measurements, query: Input, from: number, to: number): [number, number][] {
  const stat = query.MetricStat as Input | undefined;
  if (!stat) {
    throw validationError("The local CloudWatch evaluates no expressions: a query must have MetricStat");
  }
  if (Number(stat.Period) !== PERIOD) {
    throw validationError(`Period is ${String(stat.Period)}; the local CloudWatch knows ${PERIOD} only`);
  }
  const take = statistic(text(stat.Stat) ?? "");
  if (!take) throw validationError(`The statistic ${String(stat.Stat)} is not known`);
  const { Namespace, MetricName, Dimensions } = stat.Metric as Input;
  const metric = METRICS.find((name) => name === MetricName);
  const dimensions = new Map(structures(Dimensions).map(({ Name, Value }) => [Name, String(Value)]));
  const [group, loadBalancer] = [dimensions.get("TargetGroup"), dimensions.get("LoadBalancer")];
  const known = Namespace === NAMESPACE && metric && dimensions.size === 2 && group && loadBalancer;
  if (!known) return [];
  return measurements
    .published(metric, group, loadBalancer, from, to)
    .map(({ start, values }) => [start, take(values)]);
}

import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Minute, type Span, settledMinutes } from "../model/analysis/minutes";
import { SLOW_SECONDS } from "../model/analysis/thresholds";
import { clientConfig } from "./client";

/** The metrics' period, in seconds: an Application Load Balancer publishes no shorter one. */
const PERIOD = 60;

/**
 * What is asked of each target group, with its statistic. Raw figures only: the arithmetic is ours.
 *
 * Slow answers are those that are not among `TC(:5)`, the trimmed count, which leaves out what is above its upper
 * bound. A percentile would not do: percentiles of minutes can neither be added nor tested. `PR(:5)` is a rounded
 * percentage. `TC(5:)` would count the slow ones themselves, but its absence could mean none or not measured; where
 * `TC(:5)` is absent, all answers were slow. CloudWatch documents `TC(:0.5)`, and a range's upper bound as within it.
 */
const ASKED = {
  requests: ["RequestCount", "Sum"],
  failed: ["HTTPCode_Target_5XX_Count", "Sum"],
  refused: ["TargetConnectionErrorCount", "Sum"],
  answered: ["TargetResponseTime", "SampleCount"],
  quick: ["TargetResponseTime", `TC(:${SLOW_SECONDS})`],
} as const;

type Statistic = readonly [metric: string, statistic: string];
type Figure = keyof typeof ASKED;
const FIGURES = Object.keys(ASKED) as Figure[];

/** Values by the id of a query, then by the minute's beginning in milliseconds. */
type Series = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** What CloudWatch knows of target groups; endpoint and credentials come from the SDK's environment. */
export class TargetMetrics {
  readonly #metrics: CloudWatchClient;
  readonly #balancing: ElasticLoadBalancingV2Client;

  /** @param region as in `aws:region` */
  constructor(region: string) {
    this.#metrics = new CloudWatchClient(clientConfig(region));
    this.#balancing = new ElasticLoadBalancingV2Client(clientConfig(region));
  }

  /**
   * The minutes of a time that were settled by its end and have data, ascending, by target group. CloudWatch publishes
   * nothing of a minute without requests, so such a minute is not there: that is no datum, and never success.
   * It publishes a minute after its end at the earliest, and may not have all of the last two: these are left out.
   *
   * @param targetGroupArns 100 at most, which is a load balancer's quota
   * @param span its end is the moment of the look
   * @throws Error where the answer is not whole, or a target group is in no rule; the SDK's where one is gone, the
   *   caller may not look, or the cloud does not answer
   */
  async minutes(targetGroupArns: readonly string[], span: Span): Promise<Record<string, Minute[]>> {
    const arns = [...new Set(targetGroupArns)];
    const whole = settledMinutes(span);
    if (!whole || arns.length === 0) return Object.fromEntries(arns.map((arn) => [arn, []]));
    const series = await this.#ask(arns, ASKED, whole);
    return Object.fromEntries(arns.map((arn, index) => [arn, minutesOf(series, index)]));
  }

  /**
   * The highest 95th percentile that the time to answer had in a minute of a time, in seconds, by target group; absent
   * where nothing was answered. For people to see: minutes' percentiles can be neither added nor tested.
   *
   * @throws Error as {@link minutes}
   */
  async worstP95(targetGroupArns: readonly string[], span: Span): Promise<Record<string, number>> {
    const arns = [...new Set(targetGroupArns)];
    const whole = settledMinutes(span);
    if (!whole || arns.length === 0) return {};
    const series = await this.#ask(arns, { p95: ["TargetResponseTime", "p95"] }, whole);
    const worst = arns.map((arn, index): [string, number] => [
      arn,
      Math.max(...(series.get(idOf("p95", index))?.values() ?? [])),
    ]);
    return Object.fromEntries(worst.filter(([, seconds]) => seconds !== -Infinity));
  }

  /** Every figure of every target group, by {@link idOf}. */
  async #ask(
    arns: readonly string[],
    figures: Readonly<Record<string, Statistic>>,
    whole: Span,
  ): Promise<Series> {
    const loadBalancers = await this.#loadBalancers(arns);
    const queries = arns.flatMap((arn, index) =>
      Object.entries(figures).map(([figure, statistic]) =>
        queryOf(idOf(figure, index), statistic, arn, loadBalancers.get(arn) ?? ""),
      ),
    );
    return this.#series(queries, whole);
  }

  async #loadBalancers(arns: readonly string[]): Promise<Map<string, string>> {
    const { TargetGroups = [] } = await this.#balancing.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns: [...arns] }),
    );
    const found = new Map(TargetGroups.map((group) => [group.TargetGroupArn, group.LoadBalancerArns?.[0]]));
    return new Map(
      arns.map((arn) => {
        const loadBalancer = found.get(arn);
        if (loadBalancer) return [arn, loadBalancer];
        throw new Error(
          `${arn} belongs to no load balancer, so nothing is measured of it: a rule must name it`,
        );
      }),
    );
  }

  async #series(queries: MetricDataQuery[], { from, to }: Span): Promise<Series> {
    const series = new Map(queries.map(({ Id = "" }) => [Id, new Map<number, number>()]));
    const complete = new Set<string>();
    let token: string | undefined;
    do {
      const page: GetMetricDataCommandOutput = await this.#metrics.send(
        new GetMetricDataCommand({
          MetricDataQueries: queries,
          StartTime: new Date(from),
          EndTime: new Date(to),
          ScanBy: "TimestampAscending",
          NextToken: token,
        }),
      );
      token = page.NextToken;
      for (const [id, time, value] of valuesIn(page)) series.get(id)?.set(time, value);
      for (const { Id = "", StatusCode } of page.MetricDataResults ?? []) {
        if (StatusCode === "Complete") complete.add(Id);
      }
    } while (token !== undefined);
    const lacking = [...series.keys()].filter((id) => !complete.has(id));
    if (lacking.length > 0) throw new Error(`CloudWatch did not give all data of ${lacking.join(", ")}`);
    return series;
  }
}

const idOf = (figure: string, index: number): string => `${figure}_${index}`;

function queryOf(
  id: string,
  [MetricName, Stat]: Statistic,
  targetGroup: string,
  loadBalancer: string,
): MetricDataQuery {
  const Dimensions = [
    { Name: "TargetGroup", Value: targetGroup.slice(targetGroup.indexOf("targetgroup/")) },
    { Name: "LoadBalancer", Value: loadBalancer.replace(/^.*:loadbalancer\//, "") },
  ];
  const Metric = { Namespace: "AWS/ApplicationELB", MetricName, Dimensions };
  return { Id: id, MetricStat: { Metric, Period: PERIOD, Stat } };
}

/**
 * What a page holds. What is partial goes on with the next page; where there is none, it is missed at the end.
 *
 * @throws Error where a query failed, or CloudWatch has a remark, which it has where something was left out
 */
function* valuesIn(page: GetMetricDataCommandOutput): Generator<[id: string, time: number, value: number]> {
  const results = page.MetricDataResults ?? [];
  const remarks = [...(page.Messages ?? []), ...results.flatMap(({ Messages = [] }) => Messages)];
  const failed = results.filter(({ StatusCode = "" }) => !["Complete", "PartialData"].includes(StatusCode));
  if (remarks.length > 0 || failed.length > 0) {
    const statuses = failed.map(
      ({ Id, StatusCode }) => `${Id ?? "a query"} is ${StatusCode ?? "without a status"}`,
    );
    const said = remarks.map(({ Code = "a remark", Value = "without words" }) => `${Code}: ${Value}`);
    throw new Error(`CloudWatch did not answer in full: ${[...statuses, ...new Set(said)].join("; ")}`);
  }
  for (const { Id = "", Timestamps = [], Values = [] } of results) {
    for (const [index, time] of Timestamps.entries()) {
      const value: unknown = Values[index];
      if (typeof value === "number" && Number.isFinite(value)) yield [Id, time.getTime(), value];
      else
        throw new Error(`CloudWatch answered ${String(value)} for ${Id} at ${time.toISOString()}: no number`);
    }
  }
}

function minutesOf(series: Series, index: number): Minute[] {
  const of = (figure: Figure) => series.get(idOf(figure, index));
  const times = new Set(FIGURES.flatMap((figure) => [...(of(figure)?.keys() ?? [])]));
  return [...times]
    .sort((a, b) => a - b)
    .map((time) => {
      const sum = (figure: Figure) => of(figure)?.get(time) ?? 0;
      return {
        at: new Date(time + 1_000 * PERIOD).toISOString(),
        requests: sum("requests"),
        errors: sum("failed") + sum("refused"),
        slow: Math.max(0, sum("answered") - sum("quick")),
        ended: sum("answered") + sum("refused"),
      };
    });
}

import assert from "node:assert/strict";
import { TargetMetrics } from "../../cloud/targetMetrics";
import { AwsError } from "../../rehearsal/cloud/endpoint/errors";
import { type Endpoint, serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { type Input, type Service, structures } from "../../rehearsal/cloud/endpoint/service";
import { Faults } from "../../rehearsal/cloud/faults";
import { ARNS, edgeWorld, putRule, weighted } from "../rehearsal/balancer-fixture";
import { rejects } from "./contract-subjects";
import { REGION, pointAt } from "./readers-fixture";

const FROM = "2026-11-21T12:00:00.000Z";
/** Its last two minutes have not settled. */
const SPAN = { from: FROM, to: "2026-11-21T12:12:00.000Z" };
const time = (minute: number) => Date.parse(FROM) / 1_000 + 60 * minute;

/** What CloudWatch says of one query. */
interface Said {
  StatusCode?: string;
  Messages?: { Code?: string; Value?: string }[];
  /** By the number of the minute. */
  values?: Record<number, number | null>;
}

/** A page: what is said of a query by the beginning of its id, and in general. */
interface Page {
  of?: Record<string, Said>;
  Messages?: { Code?: string; Value?: string }[];
}

describe("TargetMetrics", () => {
  let endpoint: Endpoint;
  let putBack = () => {};
  let pages: (Page | AwsError)[];
  let asked: Input[];
  const world = edgeWorld();

  /** CloudWatch, which says page after page. */
  const scripted: Service = {
    name: "monitoring",
    protocol: { kind: "json", target: "GraniteServiceVersion20100801", version: "1.0" },
    actions: {
      GetMetricData: {
        resource: () => "",
        respond: ({ input }) => {
          asked.push(input);
          const page = pages[asked.length - 1] ?? {};
          if (page instanceof AwsError) throw page;
          return {
            NextToken: pages[asked.length] && `page ${asked.length}`,
            Messages: page.Messages ?? [],
            MetricDataResults: structures(input.MetricDataQueries).flatMap(({ Id }) => {
              const said = page.of ? page.of[String(Id)] : {};
              if (!said) return [];
              const { StatusCode = "Complete", Messages, values = {} } = said;
              const Timestamps = Object.keys(values).map((minute) => time(Number(minute)));
              return [{ Id, StatusCode, Messages, Timestamps, Values: Object.values(values) }];
            }),
          };
        },
      },
    },
  };

  before(async () => {
    putRule(world, "weights", 100, weighted(90, 10));
    endpoint = await serveEndpoint(world, new Faults(), {}, [scripted]);
    putBack = pointAt(endpoint.url);
  });
  after(async () => {
    putBack();
    await endpoint.close();
  });
  beforeEach(() => {
    asked = [];
    pages = [];
  });

  const read = async (...script: (Page | AwsError)[]) => {
    pages = script;
    return (await new TargetMetrics(REGION).minutes([ARNS.blue], SPAN))[ARNS.blue];
  };

  it("asks once, for raw figures of both groups, by their own and the load balancer's name", async () => {
    assert.deepEqual(await new TargetMetrics(REGION).minutes([ARNS.blue, ARNS.green, ARNS.blue], SPAN), {
      [ARNS.blue]: [],
      [ARNS.green]: [],
    });
    assert.equal(asked.length, 1);
    const stats = structures(asked[0]!.MetricDataQueries).map(({ MetricStat }) => {
      const { Metric, Period, Stat } = MetricStat as Input;
      const { Namespace, MetricName, Dimensions } = Metric as Input;
      return [Namespace, MetricName, Stat, Period, ...structures(Dimensions).map(({ Value }) => Value)];
    });
    const rest = (group: string) => [60, `targetgroup/${group}`, "app/edge/50dc6c495c0c9188"];
    const each = (group: string) => [
      ["AWS/ApplicationELB", "RequestCount", "Sum", ...rest(group)],
      ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", ...rest(group)],
      ["AWS/ApplicationELB", "TargetConnectionErrorCount", "Sum", ...rest(group)],
      ["AWS/ApplicationELB", "TargetResponseTime", "SampleCount", ...rest(group)],
      ["AWS/ApplicationELB", "TargetResponseTime", "TC(:5)", ...rest(group)],
    ];
    assert.deepEqual(stats, [...each("blue/73e2d6bc24d8a067"), ...each("green/73e2d6bc24d8a068")]);
    assert.deepEqual([asked[0]!.StartTime, asked[0]!.EndTime], [time(0), time(10)]);
  });

  it("takes all answers for slow where none is told to be quick", async () => {
    const figures = { requests_0: { values: { 3: 10 } }, answered_0: { values: { 3: 9 } } };
    const others = { failed_0: { values: { 3: 2 } }, refused_0: { values: { 3: 1 } }, quick_0: {} };
    assert.deepEqual(await read({ of: { ...figures, ...others } }), [
      { at: "2026-11-21T12:04:00.000Z", requests: 10, errors: 3, slow: 9, ended: 10 },
    ]);
    const quick = { quick_0: { values: { 3: 7 } } };
    asked = [];
    assert.equal((await read({ of: { ...figures, ...others, ...quick } }))?.[0]?.slow, 2);
  });

  it("reads page after page, what was partial going on with the next", async () => {
    const minutes = await read(
      { of: { requests_0: { StatusCode: "PartialData", values: { 0: 1 } }, failed_0: {}, refused_0: {} } },
      { of: { requests_0: { StatusCode: "PartialData", values: { 1: 2 } }, answered_0: {} } },
      { of: { requests_0: { values: { 2: 3 } }, quick_0: {} } },
    );
    assert.deepEqual(
      minutes?.map(({ requests }) => requests),
      [1, 2, 3],
    );
    assert.deepEqual(
      asked.map(({ NextToken }) => NextToken),
      [undefined, "page 1", "page 2"],
    );
  });

  it("refuses an answer that stays partial, or says nothing of a query", async () => {
    const part = { failed_0: {}, refused_0: {}, answered_0: {} };
    const partial = { ...part, quick_0: {}, requests_0: { StatusCode: "PartialData", values: { 1: 5 } } };
    await assert.rejects(read({ of: partial }), /did not give all data of requests_0$/);
    asked = [];
    await assert.rejects(read({ of: part }), /did not give all data of requests_0, quick_0$/);
  });

  for (const StatusCode of ["InternalError", "Forbidden"]) {
    it(`refuses an answer of which one query is ${StatusCode}, with what it says`, async () => {
      const Messages = [{ Code: "ReadError", Value: "try again" }];
      const said = { StatusCode, Messages, values: { 1: 0 } };
      const of = { requests_0: {}, failed_0: said, refused_0: {}, answered_0: {}, quick_0: {} };
      const wanted = new RegExp(`failed_0 is ${StatusCode}; ReadError: try again$`);
      await assert.rejects(read({ of }), wanted);
    });
  }

  it("refuses an answer with a remark on the whole, which is about data left out", async () => {
    const Messages = [{ Code: "MaxMetricsExceeded", Value: "there are more" }];
    await assert.rejects(read({ Messages }), /did not answer in full: MaxMetricsExceeded: there are more$/);
  });

  it("refuses a value that is no number", async () => {
    const of = {
      requests_0: { values: { 1: null } },
      failed_0: {},
      refused_0: {},
      answered_0: {},
      quick_0: {},
    };
    await assert.rejects(read({ of }), /answered null for requests_0 at 2026-11-21T12:01:00.000Z: no number/);
  });

  it("asks again once where the cloud failed, and tells of one that fails twice", async () => {
    const slowDown = new AwsError("Throttling", "slow down");
    assert.deepEqual(await read(slowDown, {}), []);
    assert.equal(asked.length, 2);
    asked = [];
    await rejects(read(slowDown, slowDown, {}), "Throttling");
    assert.equal(asked.length, 2);
  });

  it("tells of a caller who may not look", async () => {
    await rejects(read(new AwsError("AccessDenied", "no", 403)), "AccessDenied");
  });

  it("refuses a target group that no rule names: nothing is measured of it", async () => {
    const alone = edgeWorld();
    const other = await serveEndpoint(alone, new Faults(), {}, [scripted]);
    const back = pointAt(other.url);
    try {
      await assert.rejects(read({}), /targetgroup\/blue\/\w+ belongs to no load balancer/);
      assert.equal(asked.length, 0);
    } finally {
      back();
      await other.close();
    }
  });

  it("asks nothing of no target group, nor of less than a minute", async () => {
    const metrics = new TargetMetrics(REGION);
    assert.deepEqual(await metrics.minutes([], SPAN), {});
    assert.deepEqual(await metrics.minutes([ARNS.blue], { from: FROM, to: "2026-11-21T12:02:59.000Z" }), {
      [ARNS.blue]: [],
    });
    assert.equal(asked.length, 0);
    await assert.rejects(metrics.minutes([ARNS.blue], { from: "now", to: FROM }), /"now" is no time/);
  });
});

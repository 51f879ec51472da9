import assert from "node:assert/strict";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { TargetMetrics } from "../../cloud/targetMetrics";
import { SETTLING_SECONDS } from "../../model/analysis/minutes";
import { clientConfig, rejects } from "./contract-subjects";
import { type LocalSubject, type MetricsSubject, motos, ours } from "./metrics-subjects";
import { REGION, pointAt } from "./readers-fixture";

/** A full minute some time ago, so that moto takes data of it; tests count from there. */
const BASE = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
const at = (minutes: number): string => new Date(BASE + 60_000 * minutes).toISOString();

const SUBJECTS = { "the rehearsal's endpoint": ours, moto: motos };

for (const [name, start] of Object.entries(SUBJECTS)) {
  describe(`CloudWatch contract: ${name}`, () => {
    let subject: MetricsSubject;
    let putBack = () => {};

    before(async function () {
      // The first run installs moto.
      this.timeout(300_000);
      try {
        subject = await start();
      } catch (error) {
        process.stdout.write(`NOT RUN CloudWatch contract against ${name}: ${(error as Error).message}\n`);
        throw error;
      }
      putBack = pointAt(subject.url);
      await subject.happen(at(0), { blue: { well: 1 } });
      await subject.happen(at(1), { blue: { well: 40, failed: 2, refused: 1 }, green: { well: 3 } });
      await subject.happen(at(2), { blue: { well: 7 } });
      await subject.happen(at(4), { blue: { failed: 5 } });
      await subject.happen(at(5), { blue: { well: 9 } });
    });
    after(async () => {
      putBack();
      await subject.stop();
    });

    /** Requests and errors of a group's minutes, by the minute's end, of a time that has just settled. */
    const read = async (colour: "blue" | "green", from: string, end: string) => {
      const { blue, green } = subject.groups;
      const to = new Date(Date.parse(end) + 1_000 * SETTLING_SECONDS).toISOString();
      const found = await new TargetMetrics(REGION).minutes([blue, green], { from, to });
      assert.deepEqual(Object.keys(found).sort(), [blue, green].sort());
      return found[subject.groups[colour]]!.map((minute) => [minute.at, minute.requests, minute.errors]);
    };

    it("tells requests, and errors by 5xx and by connections that no target took", async () => {
      assert.deepEqual(await read("blue", at(1), at(2)), [[at(2), 43, 3]]);
    });

    it("has 0 errors in a minute with requests and no datum of errors", async () => {
      assert.deepEqual(await read("blue", at(2), at(3)), [[at(3), 7, 0]]);
    });

    it("has no minute without requests, neither between others nor after", async () => {
      assert.deepEqual(await read("blue", at(2), at(6)), [
        [at(3), 7, 0],
        [at(5), 5, 5],
        [at(6), 9, 0],
      ]);
      assert.deepEqual(await read("blue", at(6), at(10)), []);
    });

    it("has the minute at the start and not that at the end", async () => {
      assert.deepEqual(
        (await read("blue", at(0), at(2))).map(([end]) => end),
        [at(1), at(2)],
      );
    });

    it("has no minute of which the time has a part only", async () => {
      const late = new Date(Date.parse(at(0)) + 1).toISOString();
      const early = new Date(Date.parse(at(3)) - 1).toISOString();
      assert.deepEqual(
        (await read("blue", late, early)).map(([end]) => end),
        [at(2)],
      );
      assert.deepEqual(await read("blue", late, at(1)), []);
    });

    it("does not count one target group's with another's", async () => {
      assert.deepEqual(await read("green", at(0), at(6)), [[at(2), 3, 0]]);
    });

    it("refuses a target group that is gone, rather than have no data of it", async () => {
      const gone = new TargetMetrics(REGION).minutes([`${subject.groups.blue}0`], { from: at(0), to: at(6) });
      await rejects(gone, "TargetGroupNotFoundException");
    });

    it("refuses a time without length, and one that ends before it begins", async () => {
      const client = new CloudWatchClient(clientConfig(subject.url));
      const Metric = { Namespace: "AWS/ApplicationELB", MetricName: "RequestCount" };
      const ask = (from: string, to: string) =>
        client.send(
          new GetMetricDataCommand({
            MetricDataQueries: [{ Id: "a", MetricStat: { Metric, Period: 60, Stat: "Sum" } }],
            StartTime: new Date(from),
            EndTime: new Date(to),
          }),
        );
      await rejects(ask(at(1), at(1)), "ValidationException");
      await rejects(ask(at(2), at(1)), "ValidationException");
      client.destroy();
    });
  });
}

describe("CloudWatch contract: where moto is not CloudWatch", () => {
  it("moto breaks on a trimmed count: the reader fails, rather than take answers for quick or have none", async function () {
    this.timeout(300_000);
    const subject = await motos();
    const putBack = pointAt(subject.url);
    try {
      await subject.put(at(1), "blue", "TargetResponseTime", 0.2);
      const reading = new TargetMetrics(REGION).minutes([subject.groups.blue], { from: at(0), to: at(5) });
      await assert.rejects(reading, /Deserialization error/);
    } finally {
      putBack();
      await subject.stop();
    }
  });
});

describe("CloudWatch contract: what only the rehearsal's endpoint has", () => {
  let local: LocalSubject;
  let putBack = () => {};
  beforeEach(async () => {
    local = await ours();
    putBack = pointAt(local.url);
  });
  afterEach(async () => {
    putBack();
    await local.stop();
  });
  const blue = async () =>
    (await new TargetMetrics(REGION).minutes([local.groups.blue], { from: at(0), to: at(9) }))[
      local.groups.blue
    ]!;

  it("slow answers, of real requests that take longer than 5 s", async function () {
    this.timeout(20_000);
    local.clock(at(1));
    await Promise.all([local.send("blue", "/wait/5050", 2), local.send("blue", "/wait/10", 3)]);
    local.clock(at(9));
    assert.deepEqual(await blue(), [{ at: at(2), requests: 5, errors: 0, slow: 2, ended: 5 }]);
  });

  it("requests in the minute that they are sent in, and answers in theirs", async () => {
    local.clock(at(1));
    const answered = local.send("blue", "/wait/300", 1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    local.clock(at(2));
    await answered;
    local.clock(at(9));
    assert.deepEqual(await blue(), [
      { at: at(2), requests: 1, errors: 0, slow: 0, ended: 0 },
      { at: at(3), requests: 0, errors: 0, slow: 0, ended: 1 },
    ]);
  });

  it("a minute as soon as it ended 60 s ago, or as long as it is told", async () => {
    await local.happen(at(1), { blue: { well: 2 } });
    const seen = async (time: string) => {
      local.clock(time);
      return (await blue()).length;
    };
    const second = (seconds: number) => new Date(Date.parse(at(2)) + 1_000 * seconds).toISOString();
    assert.deepEqual([await seen(second(59)), await seen(second(60))], [0, 1]);
    local.measurements.publish({ delaySeconds: 5 });
    assert.deepEqual([await seen(second(4)), await seen(second(5))], [0, 1]);
    local.measurements.publish({ delaySeconds: 0 });
    assert.deepEqual([await seen(second(-1)), await seen(second(0))], [0, 1]);
  });

  it("what happens now as of a time ago, where it is told so", async () => {
    local.measurements.publish({ backdateSeconds: 180 });
    local.clock(at(5));
    await local.send("blue", "/well", 2);
    assert.deepEqual(
      (await blue()).map((minute) => [minute.at, minute.requests]),
      [[at(3), 2]],
    );
  });
});

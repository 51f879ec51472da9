import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { amidFaults, type PlannedFault } from "../../rehearsal/faults/strike";
import { reportPage } from "../../rehearsal/report/html/page";
import { type Record1, type RunEvent, recordOf } from "../../rehearsal/report/record";
import { startClock, startSampling, timeOf } from "../../rehearsal/report/samples";
import { endpointOf } from "../../rehearsal/scene";
import { sum } from "../../rehearsal/traffic/counts";
import { askShares } from "../../rehearsal/traffic/weights";
import { type EdgeCluster, edgeCluster } from "./edge-cluster-fixture";
import { shift } from "./report-fixture";

/** How long a fault lasts, and users go on before and after it, in milliseconds. */
const LASTS = 2_000;
const AROUND = 500;

describe("a report's figures", function () {
  this.timeout(30_000);
  let edge: EdgeCluster | undefined;
  afterEach(async () => {
    await edge?.close();
    edge = undefined;
  });

  /** The record of real traffic amid these faults, and how many requests users saw fail. */
  async function recorded(
    faults: readonly PlannedFault[],
  ): Promise<{ readonly record: Record1; readonly failed: number; readonly green: number }> {
    edge = await edgeCluster({ green: 50, deregistrationSeconds: 1, preStopSeconds: 0 });
    const { traffic, scene } = edge;
    const clock = startClock();
    const sampled = startSampling({ traffic, clock, configured: () => askShares(endpointOf(scene)) });
    const events: RunEvent[] = [];
    const measured = traffic.measure("all");
    await pause(AROUND);
    await amidFaults(
      faults,
      {
        ...{ scene, candidate: "green" },
        tell: (happening) => {
          const seconds = clock.seconds();
          events.push({ ...happening, seconds, at: timeOf(clock, seconds) });
        },
      },
      () => pause(LASTS),
    );
    await pause(AROUND);
    const counts = await measured();
    const course = { began: clock.began, samples: await sampled(), events };
    const step = { ...shift, requests: counts.requests, failed: counts.failed };
    const engine = { version: "3.250.0", source: "path" };
    const record = recordOf("dev", "release", engine, [step], clock.seconds(), course);
    return { record, failed: sum(counts.failed), green: counts.requests.green };
  }

  const failedIn = ({ samples = [] }: Record1): number =>
    samples.reduce((total, { failed }) => total + sum(failed), 0);

  it("are what users met of the fault that there was, and change with it", async () => {
    const found: number[] = [];
    for (const amount of [20, 80]) {
      const { record, failed, green } = await recorded([{ kind: "error-rate", amount }]);
      await edge?.close();
      assert.ok(failed > 0 && failed < green, `${failed} of ${green}`);
      assert.deepEqual([record.totals.failed, failedIn(record)], [failed, failed]);
      assert.equal(record.exposure?.failed, failed);
      assert.equal(record.exposure.fault, `green answers ${amount} % with 500`);
      const page = reportPage(record);
      assert.ok(page.includes(`green answers ${amount} % with 500`), "the page tells of the fault");
      assert.ok(page.includes(failed.toLocaleString("en")), `the page tells of ${failed}`);
      found.push(failed);
    }
    const [few = 0, many = 0] = found;
    assert.ok(many > 2 * few, `${few} failed at 20 %, and ${many} at 80 %`);
  });

  it("tell of no fault and no failure where there was none", async () => {
    const { record, failed } = await recorded([]);
    assert.deepEqual([failed, record.totals.failed, failedIn(record)], [0, 0, 0]);
    assert.equal(record.exposure, undefined);
    assert.doesNotMatch(reportPage(record), /answers \d+ % with 500/);
  });

  it("tell of another fault when there is another", async () => {
    const { record } = await recorded([{ kind: "latency", amount: 300 }]);
    const slow = (record.samples ?? []).map(({ p95 }) => p95.green ?? 0);
    assert.equal(record.exposure?.fault, "green takes 300 ms for each answer");
    assert.equal(record.exposure.failed, 0);
    assert.ok(Math.max(...slow) >= 0.3, `p95 ${Math.max(...slow)} s`);
  });
});

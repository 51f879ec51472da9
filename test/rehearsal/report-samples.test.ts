import assert from "node:assert/strict";
import fc from "fast-check";
import { LISTENER_RULE, TARGET_GROUP } from "../../rehearsal/cloud/balancer/resources";
import type { Held, World } from "../../rehearsal/cloud/world";
import { reportPage } from "../../rehearsal/report/html/page";
import { exposureOf, recordOf } from "../../rehearsal/report/record";
import { Bucket, type Sample, startClock, startSampling, timeOf } from "../../rehearsal/report/samples";
import { percentile95 } from "../../rehearsal/traffic/counts";
import { type ByColour, sum } from "../../rehearsal/traffic/counts";
import { startTraffic } from "../../rehearsal/traffic/traffic";
import { configuredShares } from "../../rehearsal/traffic/weights";
import * as edge from "./balancer-fixture";
import { recordOfFault, sample, shift } from "./report-fixture";

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe("the 95th percentile", () => {
  it("is a value that was measured, exceeded by 5 in 100 at most, and by more than that below it", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1 }), (values) => {
        const found = percentile95(values)!;
        assert.ok(values.includes(found));
        assert.ok(values.filter((one) => one > found).length <= 0.05 * values.length);
        assert.ok(values.filter((one) => one >= found).length > 0.05 * values.length);
      }),
    );
    assert.equal(percentile95([]), undefined);
    assert.equal(percentile95(Array.from({ length: 100 }, (_, at) => 100 - at)), 95);
  });
});

describe("a bucket of requests", () => {
  it("counts each under its colour, has times of colours alone, and begins anew when it is taken", () => {
    const bucket = new Bucket();
    const outcome = { service: "api", assigned: false, failed: false, started: 0, milliseconds: 12 };
    bucket.add({ ...outcome, colour: "blue", assigned: true });
    bucket.add({ ...outcome, colour: "green", failed: true, milliseconds: 1234.5678 });
    bucket.add({ ...outcome, colour: "unknown", failed: true, milliseconds: 5000 });
    assert.deepEqual(bucket.take(), {
      requests: { blue: 1, green: 1, unknown: 1 },
      failed: { blue: 0, green: 1, unknown: 1 },
      assigned: { blue: 1, green: 0, unknown: 0 },
      p95: { blue: 0.012, green: 1.235 },
    });
    const none = { blue: 0, green: 0, unknown: 0 };
    assert.deepEqual(bucket.take(), { requests: none, failed: none, assigned: none, p95: {} });
  });
});

/** A rule that shares a service's traffic, and the target groups of its colours. */
function weightedRule(service: string, blue: number, green: number, role = "weighted"): Held[] {
  const group = (colour: string): Held => {
    const tags = { "sluice:colour": colour };
    return { type: TARGET_GROUP, id: `${service}-${colour}`, properties: { tags } };
  };
  const targetGroups = [
    { arn: `${service}-blue`, weight: blue },
    { arn: `${service}-green`, weight: green },
  ];
  const actions = [{ type: "forward", forward: { targetGroups } }];
  const rule = { type: LISTENER_RULE, id: service, properties: { tags: { "sluice:role": role }, actions } };
  return [rule, group("blue"), group("green")];
}

describe("the configured shares", () => {
  it("are what the weights of the weighted rules give, and their mean where services differ", () => {
    assert.deepEqual(configuredShares(weightedRule("api", 3, 1)), { blue: 75, green: 25 });
    const moving = [
      ...weightedRule("api", 90, 10),
      ...weightedRule("web", 100, 0),
      ...weightedRule("voice", 100, 0),
    ];
    assert.deepEqual(configuredShares(moving), { blue: 96.67, green: 3.33 });
  });

  it("take no notice of header rules, nor of rules without weight", () => {
    const preview = weightedRule("preview", 0, 100, "preview");
    assert.equal(configuredShares(preview), undefined);
    assert.equal(configuredShares(weightedRule("api", 0, 0)), undefined);
    assert.deepEqual(configuredShares([...preview, ...weightedRule("api", 90, 10)]), { blue: 90, green: 10 });
  });
});

describe("exposure", () => {
  it("is absent where nothing was broken", () => {
    assert.equal(exposureOf([shift], { samples: [sample(21, 10, 5)] }), undefined);
  });

  it("counts failures and seconds from the first fault until the rules gave its colour nobody", () => {
    const { exposure } = recordOfFault({ seconds: 60.25, moved: 9, failing: 14 });
    assert.deepEqual(exposure, {
      fault: "green answers 500",
      colour: "green",
      seconds: 60.25,
      moved: 8.75,
      failed: 126,
    });
  });

  it("is of a fault that is a step, and of the other colour than the live one", () => {
    const step = { ...shift, kind: "fault", name: "green turns bad", began: 30 } as const;
    const found = exposureOf([shift, step], {
      samples: [sample(29, 10, 3), sample(31, 10, 4), sample(32, 0)],
    });
    assert.deepEqual(found, { fault: "green turns bad", colour: "green", seconds: 30, moved: 1, failed: 4 });
  });

  it("is without a time where the colour kept its share", () => {
    const { exposure } = recordOfFault({ seconds: 60, moved: 1000, failing: 1 });
    assert.ok(exposure && !("moved" in exposure));
  });
});

describe("samples", () => {
  afterEach(edge.endAll);

  const total = (samples: readonly Sample[], kind: "requests" | "failed" | "assigned"): ByColour =>
    samples.reduce(
      (so, { [kind]: { blue, green, unknown } }) => {
        return { blue: so.blue + blue, green: so.green + green, unknown: so.unknown + unknown };
      },
      { blue: 0, green: 0, unknown: 0 },
    );

  /** Real requests through a real load balancer, while `happen` does something to it. */
  async function measured(happen: (world: World, pods: edge.Pod[]) => Promise<void>, configured = look) {
    const world = edge.edgeWorld({ healthCheck: { interval: 60 } });
    edge.putRule(world, "r", 10, edge.weighted(50, 50));
    const pods = [await edge.startPod(world, "blue"), await edge.startPod(world, "green")];
    const { url } = await edge.startEdge(world);
    await edge.allHealthy(world, "blue", "green");
    const clock = startClock();
    const traffic = startTraffic({ targets: [{ service: "api", url }], sessions: 20, ratePerSecond: 400 });
    const stop = startSampling({ traffic, clock, configured: () => configured(world), every: 100, look: 10 });
    await happen(world, pods);
    // What is in flight counts to the last sample.
    await traffic.stop();
    const samples = await stop();
    return { samples, counts: traffic.counts(), clock };
  }

  const look = async (world: World) => {
    const [rule] = world.all(LISTENER_RULE);
    const [blue, green] = (rule!.properties.actions as ReturnType<typeof edge.weighted>[])[0]!.forward!
      .targetGroups;
    return { blue: blue!.weight!, green: green!.weight! };
  };

  it("add up to what the traffic counted, one after the other without a gap", async () => {
    const { samples, counts, clock } = await measured(() => sleep(700));
    for (const kind of ["requests", "failed", "assigned"] as const) {
      assert.deepEqual(total(samples, kind), counts[kind]);
    }
    assert.ok(samples.length >= 4 && sum(counts.requests) > 100, `${samples.length} samples`);
    for (const [at, { seconds, lasted, at: time }] of samples.entries()) {
      const before = samples[at - 1];
      if (before) assert.ok(Math.abs(before.seconds + lasted - seconds) < 0.0015);
      assert.equal(time, timeOf(clock, seconds));
    }
    assert.ok(samples.some(({ p95 }) => p95.blue !== undefined && p95.blue < 1 && p95.green !== undefined));
  });

  it("end where the rules change, so that one share was in force throughout each", async () => {
    const { samples } = await measured(async (world) => {
      await sleep(350);
      edge.putRule(world, "r", 10, edge.weighted(100, 0));
      await sleep(400);
    });
    const shares = samples.map(({ configured }) => configured?.green);
    assert.deepEqual([...new Set(shares)], [50, 0]);
    assert.equal(shares.lastIndexOf(50) + 1, shares.indexOf(0));
    // A sample late by a look, 10 ms, may hold a request of the time before.
    const after = samples.filter(({ configured }) => configured?.green === 0).slice(1);
    assert.equal(sum(total(after, "assigned")), total(after, "assigned").blue);
  });

  it("go on without a share where the load balancer cannot be asked", async () => {
    const { samples, counts } = await measured(
      () => sleep(300),
      () => Promise.reject(new Error("it is away")),
    );
    assert.ok(samples.length > 0 && samples.every(({ configured }) => configured === undefined));
    assert.deepEqual(total(samples, "requests"), counts.requests);
  });

  it("show a fault that happens, and the page another exposure than without it", async () => {
    const rehearsal = async (breaks: boolean) => {
      let seconds = 0;
      const { samples, counts, clock } = await measured(async (world, [, green]) => {
        await sleep(250);
        seconds = 0.25;
        if (breaks) green!.kill();
        await sleep(300);
        edge.putRule(world, "r", 10, edge.weighted(100, 0));
        await sleep(200);
      });
      const text = breaks ? "green is killed" : "nothing";
      const fault = { kind: "fault", at: timeOf(clock, seconds), seconds, text, colour: "green" } as const;
      const engine = { version: "3.250.0", source: "path" };
      const record = recordOf("dev", "killed", engine, [shift], 1, { samples, events: [fault] });
      return { record, counts };
    };
    const [broken, whole] = [await rehearsal(true), await rehearsal(false)];
    assert.ok(broken.record.exposure!.failed > 0);
    assert.equal(broken.record.exposure!.failed, sum(broken.counts.failed));
    assert.equal(whole.record.exposure!.failed, 0);
    const { moved } = broken.record.exposure!;
    assert.ok(moved !== undefined && moved > 0.2 && moved < 2, `moved after ${moved} s`);
    assert.notEqual(reportPage(broken.record), reportPage(whole.record));
    assert.ok(reportPage(broken.record).includes(`<dd>${broken.record.exposure!.failed}</dd>`));
  });
});

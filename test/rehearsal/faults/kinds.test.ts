import assert from "node:assert/strict";
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { callControl } from "../../../rehearsal/cloud/control";
import type { FaultName } from "../../../rehearsal/faults/fault";
import { KINDS, MEND_ALL } from "../../../rehearsal/faults/kinds";
import { type Happening, type PlannedFault, amidFaults, askedOf } from "../../../rehearsal/faults/strike";
import { endpointOf } from "../../../rehearsal/scene";
import { askRules, askShares } from "../../../rehearsal/traffic/weights";
import { ARNS } from "../balancer-fixture";
import { type EdgeCluster, edgeCluster } from "../edge-cluster-fixture";
import { until } from "../cluster-fixture";

/** Those that need a stack on the engine; test/program has them. */
const ON_ENGINE: readonly FaultName[] = ["failed-migration", "killed-process", "second-operator"];

const credentials = { accessKeyId: "a", secretAccessKey: "b" };

describe("faults", function () {
  this.timeout(20_000);
  let edge: EdgeCluster;
  before(async () => {
    edge = await edgeCluster({ green: 50, deregistrationSeconds: 1, preStopSeconds: 0 });
  });
  after(() => edge.close());

  /** Does something amid faults, and gives what was told. */
  const amid = async (faults: readonly PlannedFault[], work: () => Promise<void>): Promise<Happening[]> => {
    const told: Happening[] = [];
    const tell = (happening: Happening) => void told.push(happening);
    await amidFaults(faults, { scene: edge.scene, candidate: "green", tell }, work);
    return told;
  };
  const pods = (colour: string) =>
    edge.cluster.controllers.pods().filter((pod) => pod.colour === colour && pod.ready);
  const answer = async (colour: string, path = "/") =>
    fetch(`http://127.0.0.1:${pods(colour)[0]!.port}${path}`);
  const client = () =>
    new ElasticLoadBalancingV2Client({ endpoint: endpointOf(edge.scene), region: "us-east-1", credentials });
  const describeRules = () => client().send(new DescribeRulesCommand({ ListenerArn: ARNS.listener }), {});

  it("are all tried, here or on the engine", () => {
    const here: readonly FaultName[] = [
      ...(["crash", "edited-rule", "error-rate", "latency", "lost-credentials", "lost-pod"] as const),
      ...(["metrics-outage", "no-traffic", "provider-outage", "unhealthy-target"] as const),
    ];
    assert.deepEqual([...here, ...ON_ENGINE].sort(), Object.keys(KINDS).sort());
  });

  it("fail as many answers as they say, of their colour alone, and none once they are mended", async () => {
    const told = await amid([{ kind: "error-rate", amount: 100 }], async () => {
      assert.deepEqual([(await answer("green")).status, (await answer("blue")).status], [500, 200]);
    });
    assert.equal((await answer("green")).status, 200);
    assert.deepEqual(
      told.map(({ kind, text, colour }) => [kind, text, colour]),
      [
        ["fault", "green answers 100 % with 500", "green"],
        ["mended", "no more: green answers 100 % with 500", "green"],
      ],
    );
  });

  it("make answers late", async () => {
    await amid([{ kind: "latency", amount: 200, colour: "blue" }], async () => {
      const began = performance.now();
      await answer("blue");
      assert.ok(performance.now() - began >= 190);
    });
  });

  it("make health checks fail though users are answered", async () => {
    await amid([{ kind: "unhealthy-target" }], async () => {
      assert.deepEqual(
        [(await answer("green", "/health")).status, (await answer("green")).status],
        [503, 200],
      );
    });
    assert.equal((await answer("green", "/health")).status, 200);
  });

  it("crash a colour's pods, which come back", async () => {
    await amid([{ kind: "crash" }], () =>
      Promise.resolve(until("green is gone", () => pods("green").length === 0 && pods("blue").length === 3)),
    );
    await until("green is back", () => pods("green").length === 3);
  });

  it("take as many pods as they say, and Kubernetes makes others", async () => {
    const before = pods("green").map(({ name }) => name);
    await amid([{ kind: "lost-pod", amount: 2 }], () =>
      until("others are there", () => pods("green").length === 3),
    );
    assert.equal(pods("green").filter(({ name }) => before.includes(name)).length, 1);
    await assert.rejects(
      amid([{ kind: "lost-pod", amount: 9 }], () => Promise.resolve()),
      /has 3 ready pods/,
    );
  });

  it("fail a provider of models, so that who has no other fails too", async () => {
    await amid([{ kind: "provider-outage" }], async () => {
      assert.equal((await answer("green")).status, 502);
    });
    await amid([{ kind: "provider-outage", provider: "nobody" }], async () => {
      assert.equal((await answer("green")).status, 200);
    });
  });

  it("silence CloudWatch and nobody else", async () => {
    const metrics = new CloudWatchClient({
      ...{ endpoint: endpointOf(edge.scene), region: "us-east-1", credentials, maxAttempts: 1 },
    });
    const Metric = { Namespace: "AWS/ApplicationELB", MetricName: "RequestCount" };
    const MetricDataQueries = [{ Id: "a", MetricStat: { Metric, Period: 60, Stat: "Sum" } }];
    const [StartTime, EndTime] = [new Date("2026-03-01T12:00:00Z"), new Date("2026-03-01T12:05:00Z")];
    const ask = () => metrics.send(new GetMetricDataCommand({ MetricDataQueries, StartTime, EndTime }));
    await amid([{ kind: "metrics-outage" }], async () => {
      await assert.rejects(ask(), /not available/);
      assert.ok((await describeRules()).Rules?.length);
    });
    await ask();
  });

  it("refuse everybody's credentials, whatever they ask", async () => {
    await amid([{ kind: "lost-credentials" }], () =>
      assert.rejects(describeRules(), { name: "ExpiredToken" }),
    );
    assert.ok((await describeRules()).Rules?.length);
  });

  it("edit one rule by hand, with its stickiness, and put it back", async () => {
    const endpoint = endpointOf(edge.scene);
    const before = await askRules(endpoint);
    await amid([{ kind: "edited-rule", amount: 70 }], async () => {
      assert.deepEqual(await askShares(endpoint), { blue: 30, green: 70 });
    });
    assert.deepEqual(await askRules(endpoint), before);
  });

  it("leave a rule as it is that somebody else has changed since", async () => {
    const endpoint = endpointOf(edge.scene);
    await amid([{ kind: "edited-rule", amount: 70 }], async () => {
      await KINDS["edited-rule"].strike(edge.scene, { amount: 5, colour: "green" });
    });
    assert.deepEqual(await askShares(endpoint), { blue: 95, green: 5 });
    await KINDS["edited-rule"].strike(edge.scene, { amount: 50, colour: "green" });
  });

  it("keep users away, as whoever plays them is told", async () => {
    const away = () => callControl(endpointOf(edge.scene), { method: "GET", path: "users" });
    await amid([{ kind: "no-traffic" }], async () => {
      assert.deepEqual(await away(), { away: true });
    });
    assert.deepEqual(await away(), { away: false });
    const wrong = { method: "POST", path: "users", body: { away: "yes" } } as const;
    await assert.rejects(callControl(endpointOf(edge.scene), wrong), /it takes \{away: boolean\}/);
  });

  it("come once the candidate has their share, and not at all where it never has it", async () => {
    const struck: string[] = [];
    const told = await amid(
      [
        { kind: "error-rate", amount: 1, atShare: 60 },
        { kind: "latency", amount: 1, atShare: 90 },
      ],
      async () => {
        assert.equal(struck.length, 0);
        const mend = await KINDS["edited-rule"].strike(edge.scene, { amount: 60, colour: "green" });
        await new Promise((resolve) => setTimeout(resolve, 500));
        await mend();
      },
    );
    assert.deepEqual(
      told.map(({ kind, text }) => [kind, text]),
      [
        ["fault", "green answers 1 % with 500"],
        ["mended", "no more: green answers 1 % with 500"],
      ],
    );
  });

  it("are mended also where what was done amid them fails", async () => {
    await assert.rejects(
      amid([{ kind: "error-rate", amount: 100 }], () => Promise.reject(new Error("it broke"))),
      /it broke/,
    );
    assert.equal((await answer("green")).status, 200);
  });

  it("are all mended at once, whoever began them", async () => {
    for (const kind of ["error-rate", "lost-credentials", "no-traffic"] as const)
      await KINDS[kind].strike(edge.scene, askedOf({ kind }, "green"));
    for (const call of MEND_ALL) await callControl(endpointOf(edge.scene), call);
    assert.equal((await answer("green")).status, 200);
    assert.ok((await describeRules()).Rules?.length);
  });

  it("are refused where there cannot be so much of them", () => {
    assert.throws(() => askedOf({ kind: "error-rate", amount: 101 }, "green"), /allowed: 0 to 100 %/);
    assert.deepEqual(askedOf({ kind: "error-rate" }, "green"), { amount: 25, colour: "green" });
    assert.deepEqual(askedOf({ kind: "error-rate", colour: "blue" }, "green").colour, "blue");
  });
});

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { callControl } from "../../rehearsal/cloud/control";
import { endpointOf } from "../../rehearsal/scene";
import { sum } from "../../rehearsal/traffic/counts";
import { type EdgeCluster, edgeCluster } from "./edge-cluster-fixture";

/** What each answer takes, in milliseconds: so long requests are under way when their replica ends. */
const ANSWER = 150;

/** How long it is looked after each replica, in milliseconds; longer than it takes to end. */
const AFTER = 1_500;

describe("replicas that end under load", function () {
  this.timeout(30_000);
  let edge: EdgeCluster | undefined;
  afterEach(async () => {
    await edge?.close();
    edge = undefined;
  });

  /** Requests that failed while all replicas of blue ended, one after another, as by `kubectl delete pod`. */
  async function failedWithout(options: {
    readonly deregistrationSeconds: number;
    readonly preStopSeconds: number;
  }): Promise<{ readonly requests: number; readonly failed: number }> {
    edge = await edgeCluster({ green: 0, ...options });
    const { cluster, traffic, scene } = edge;
    await callControl(endpointOf(scene), {
      ...{ method: "POST", path: "behaviour" },
      body: { selector: { colour: "blue" }, behaviour: { latencyMs: ANSWER } },
    });
    const replicas = cluster.controllers.pods().filter(({ colour }) => colour === "blue");
    await pause(500);
    const measured = traffic.measure("replicas end");
    for (const { name } of replicas) {
      await callControl(endpointOf(scene), { method: "DELETE", path: `pods?name=${name}&gracefully=true` });
      await pause(AFTER);
    }
    const { requests, failed } = await measured();
    const left = cluster.controllers.pods().map(({ name }) => name);
    assert.ok(
      replicas.every(({ name }) => !left.includes(name)),
      "all replicas have been replaced",
    );
    return { requests: sum(requests), failed: sum(failed) };
  }

  it("fail no request where they drain", async () => {
    const { requests, failed } = await failedWithout({ deregistrationSeconds: 5, preStopSeconds: 1 });
    assert.ok(requests > 300, `${requests} requests`);
    assert.equal(failed, 0);
  });

  it("fail requests where draining is switched off: what counts failures sees them", async () => {
    const { requests, failed } = await failedWithout({ deregistrationSeconds: 0, preStopSeconds: 0 });
    assert.ok(requests > 300, `${requests} requests`);
    assert.ok(failed > 0, "no request failed");
  });
});

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LISTENER_RULE } from "../../rehearsal/cloud/balancer/resources";
import type { OpenStack, Outcome } from "../../rehearsal/engine/workspace";
import { endpointOf } from "../../rehearsal/scene";
import type { ScriptStep } from "../../rehearsal/script";
import { type Stage, performStep } from "../../rehearsal/step";
import { sum } from "../../rehearsal/traffic/counts";
import { editRelease } from "../../rollout/configuration";
import * as edge from "./balancer-fixture";
import { type EdgeCluster, edgeCluster } from "./edge-cluster-fixture";

const STACK_FILE = join(__dirname, "..", "..", "Pulumi.dev.yaml");
const DONE: Outcome = {
  ...{ result: "succeeded", updated: ["urn:rule"], replaced: [], diagnostics: [] },
  changes: { create: 0, update: 1, delete: 0, replace: 0, same: 0 },
};
const shift: ScriptStep = {
  ...{ name: "30 % to green", kind: "shift", planned: true },
  edit: { traffic: { blue: 70, green: 30 } },
};

describe("a step of a rehearsal", function () {
  this.timeout(30_000);
  let cluster: EdgeCluster;
  let text: string;
  before(async () => {
    cluster = await edgeCluster({ green: 10, deregistrationSeconds: 1, preStopSeconds: 0 });
    text = editRelease(await readFile(STACK_FILE, "utf8"), { traffic: { blue: 90, green: 10 } });
  });
  after(() => cluster.close());

  /** The load balancer's rule as an update leaves it. @param seconds for which a cookie binds; absent: none does */
  function weigh(blue: number, green: number, seconds?: number): void {
    const { world } = cluster.cluster;
    const { tags } = world.get(LISTENER_RULE, edge.ruleArn("api"))!.properties;
    edge.putRule(world, "api", 10, edge.weighted(blue, green, seconds));
    const held = world.get(LISTENER_RULE, edge.ruleArn("api"))!;
    world.put({ ...held, properties: { ...held.properties, tags } });
  }

  /** A stage whose engine does this for an update. */
  const stage = (update: () => void, more: Partial<Stage> = {}): Stage => ({
    copy: {
      ...{ dir: "", stack: "dev", env: {}, release: () => Promise.resolve() },
      read: () => Promise.resolve(text),
      write: (written) => {
        text = written;
        return Promise.resolve();
      },
    },
    stack: {
      up: () =>
        Promise.resolve()
          .then(update)
          .then(() => DONE),
    } as unknown as OpenStack,
    policies: { transition: "", platform: "" },
    traffic: () => Promise.resolve(cluster.traffic),
    endpoint: endpointOf(cluster.scene),
    scene: () => Promise.resolve(cluster.scene),
    ...{ leastAssigned: 50, leastRequests: 0, tell: () => undefined, signal: cluster.scene.signal },
    ...more,
  });

  it("counts what users met while it waited, and each request in exactly one step", async () => {
    const { traffic } = cluster;
    const waited = await performStep(
      { ...shift, waits: 1 },
      stage(() => weigh(70, 30, 60)),
    );
    const next = await performStep(
      shift,
      stage(() => weigh(70, 30, 60)),
    );
    await traffic.quiesce();
    const rest = await traffic.lap();
    const [all, failed] = [sum(traffic.counts().requests), sum(waited.failed) + sum(next.failed)];
    traffic.resume();
    assert.equal(sum(waited.requests) + sum(next.requests) + sum(rest.requests), all);
    assert.ok(sum(rest.requests) < sum(next.requests), "what came after the last step is little");
    assert.equal(failed, 0);
  });

  it("sees that sessions stay where the rules keep them", async () => {
    weigh(70, 30, 60);
    const step = await performStep(
      shift,
      stage(() => weigh(50, 50, 60)),
    );
    assert.equal(step.strayed, 0);
    assert.ok(step.requests.green > 0 && step.assigned.green > 0);
  });

  it("says nothing of sessions that no rule keeps: nothing was seen of them", async () => {
    weigh(70, 30);
    const step = await performStep(
      shift,
      stage(() => weigh(50, 50)),
    );
    assert.ok(!("strayed" in step), String(step.strayed));
  });

  it("takes an edit back that should be refused, also where it could not be previewed", async () => {
    const before = text;
    const preview = () => Promise.reject(new Error("no engine"));
    const edit: ScriptStep = {
      ...shift,
      ...{ edit: { traffic: { blue: 1, green: 99 } }, refusedBy: ["T1"], first: true },
    };
    const unseen = { ...stage(() => undefined), stack: { preview } as unknown as OpenStack };
    await assert.rejects(performStep(edit, unseen), /no engine/);
    assert.equal(text, before);
  });

  it("does not end before as many requests have come as are asked for", async () => {
    const step = await performStep(
      shift,
      stage(() => weigh(50, 50, 60), { leastRequests: 1_500 }),
    );
    assert.ok(sum(step.requests) >= 1_500, `${sum(step.requests)}`);
  });
});

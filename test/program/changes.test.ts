import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { greenAt } from "../../model/release";
import type { ReleaseEdit } from "../../rollout/configuration";
import { type Closing, type LocalStack, PATIENCE, closeAll, localStack } from "./fixture";

const SERVICES = ["admin-panel", "analytics", "api-gateway", "notification", "storage", "voice-service"];

/** What holds data, or opens it: nothing that is tuned may replace or remove it. */
const DATA = /aws:(rds|elasticache|kms|s3|secretsmanager|ecr)\/|helm\.sh.*::.*qdrant/;

/** What the engine would do, a line each: `update Deployment api-gateway-green`. */
function stepsIn(events: readonly EngineEvent[]): string[] {
  const steps = events.flatMap(({ resourcePreEvent: step }) => {
    const { op, urn } = step?.metadata ?? {};
    if (!op || !urn || op === "same" || op === "read") return [];
    const [, , types = "", name = ""] = urn.split("::");
    return [`${op} ${types.split(/[:$]/).at(-1)!} ${name}`];
  });
  return [...new Set(steps)].sort();
}

/** Nodes follow what pods may ask for: no pod is changed by them. */
const isNoNode = (step: string): boolean => !/NodeGroup /.test(step);

describe("one change of a stack with a candidate", function () {
  this.timeout(2 * PATIENCE);
  const opened: Closing[] = [];
  let local: LocalStack;

  before(async () => {
    local = await localStack("staging");
    opened.push(local);
    await update({});
    await update({ green: { version: "2.4.0" } });
  });
  after(() => closeAll(opened));

  const update = async (edit: ReleaseEdit) => {
    await local.edit(edit);
    const { result, diagnostics } = await local.stack.up();
    assert.equal(result, "succeeded", diagnostics.join("\n"));
  };

  /** The steps of a preview after some edits, all of which are taken back. */
  const changing = async (...edits: (readonly [path: readonly string[], value: unknown])[]) => {
    const before = await local.copy.read();
    for (const [path, value] of edits) await local.set(path, value);
    const events: EngineEvent[] = [];
    const { result, diagnostics } = await local.stack.preview({ onEvent: (event) => events.push(event) });
    await local.copy.write(before);
    assert.equal(result, "succeeded", diagnostics.join("\n"));
    const urns = events.flatMap(({ resourcePreEvent: step }) =>
      step && /delete|replace/.test(step.metadata.op) ? [step.metadata.urn] : [],
    );
    assert.deepEqual(
      urns.filter((urn) => DATA.test(urn)),
      [],
      "data is neither replaced nor removed",
    );
    return stepsIn(events);
  };
  const TRANSITION = "update Transition release";
  const release = (...path: string[]) => ["sluice:release", ...path];
  const backends = (...path: string[]) => ["sluice:backends", ...path];

  it("starts from nothing to do but settling the transition", async () => {
    assert.deepEqual(await changing(), [TRANSITION]);
  });

  it("of the candidate's version updates the candidate's Deployments, and what is published of it", async () => {
    const steps = await changing([release("green"), { version: "2.4.1" }]);
    assert.deepEqual(steps, [
      ...SERVICES.map((service) => `update Deployment ${service}-green`),
      "update Parameter release",
      TRANSITION,
    ]);
  });

  it("that takes a service from the candidate removes it there, and nothing of blue's changes", async () => {
    const rest = SERVICES.filter((service) => service !== "analytics");
    const steps = await changing([release("green"), { version: "2.4.0", services: rest }]);
    assert.deepEqual(
      steps.filter((line) => /-blue/.test(line)),
      [],
    );
    assert.ok(steps.includes("delete Deployment analytics-green"), steps.join("\n"));
  });

  it("of a database's class, its storage or its backups updates that database in place, and what is alerted of it", async () => {
    const database = backends("database");
    assert.deepEqual(
      await changing([database, { instanceClass: "db.m7g.xlarge", storageGb: 60, backupDays: 14 }]),
      ["update Instance voiceassist-staging", "update PrometheusRule monitoring-rules", TRANSITION],
    );
  });

  it("of the cache's node type and copies updates that cache in place, and who looks at its nodes", async () => {
    assert.deepEqual(await changing([backends("cache"), { nodeType: "cache.m7g.xlarge", replicas: 2 }]), [
      "update Dashboard voiceassist-staging-backends",
      "update Release monitoring-cloudwatch",
      "update ReplicationGroup voiceassist-staging-cache",
      TRANSITION,
    ]);
  });

  it("of the pods of an internal service raises its autoscalers' floors, and touches no Deployment", async () => {
    const steps = await changing([["sluice:services"], { storage: { replicas: 3 } }]);
    assert.deepEqual(steps.filter(isNoNode), [
      "update HorizontalPodAutoscaler storage-blue",
      "update HorizontalPodAutoscaler storage-green",
      TRANSITION,
    ]);
  });

  it("that adds a service in the middle of a canary creates its own objects, is watched, and nothing of blue's changes", async () => {
    await update({ traffic: greenAt(25) });
    const steps = await changing(
      [["sluice:services"], { billing: {} }],
      [release("blue"), { version: "2.3.1", services: SERVICES }],
    );
    assert.deepEqual(
      steps.filter((line) => /-blue/.test(line) && !/billing/.test(line)),
      [],
      "a policy for pods that blue does not have is all of it",
    );
    assert.ok(steps.includes("create Deployment billing-green"), steps.join("\n"));
    const others = steps.filter(
      (line) => !/billing|-green$/.test(line) && isNoNode(line) && line !== TRANSITION,
    );
    assert.deepEqual(
      others.filter(
        (line) => !/ (ConfigMap monitoring-dashboards|PrometheusRule monitoring-rules)$/.test(line),
      ),
      [],
    );
  });

  it("of the providers' versions updates the providers and no resource", async () => {
    const exported = join(local.copy.dir, "exported.json");
    await local.byHand(`pulumi stack export -s staging --file ${exported}`);
    const state = JSON.parse(await readFile(exported, "utf8")) as {
      deployment: { resources: { type: string; inputs?: Record<string, unknown> }[] };
    };
    for (const { type, inputs } of state.deployment.resources) {
      if (/^pulumi:providers:(aws|kubernetes)$/.test(type) && inputs) inputs["version"] = "4.0.0";
    }
    await writeFile(exported, JSON.stringify(state));
    await local.byHand(`pulumi stack import -s staging --file ${exported}`);
    const steps = await changing();
    assert.deepEqual(
      steps.filter((line) => line !== TRANSITION && !/^update (aws|kubernetes) /.test(line)),
      [],
    );
    assert.ok(steps.length > 1, "the providers' versions are part of the state");
  });
});

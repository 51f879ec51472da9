import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { CLOCK, paceFromNow, paceText, usePace } from "../../cloud/clock";
import { type Known, formatKnown, releaseParameter } from "../../model/known";

import { type CallsDone, performCalls } from "../../rehearsal/calls";
import type { Happening } from "../../rehearsal/faults/strike";
import { DECIDED_WITHIN } from "../../rehearsal/report/promises";
import { endpointOf } from "../../rehearsal/scene";
import { calling } from "../../rehearsal/script";
import type { Stage } from "../../rehearsal/step";
import { askShares } from "../../rehearsal/traffic/weights";
import { EXIT } from "../../rollout/exit";
import { type EdgeCluster, SUBJECT, edgeCluster } from "./edge-cluster-fixture";

const ROOT = join(__dirname, "..", "..");

const KNOWN: Known = {
  live: "blue",
  strategy: "canary",
  versions: { blue: "2.3.1", green: "2.4.0" },
  unserved: [],
  sizes: { api: { replicas: 3, floors: { blue: 3, green: 3 } } },
};

/** The real command line against real pods, load balancer and metrics; there is no engine in it. */
describe("a candidate that turns bad before the eyes of sluice watch", function () {
  this.timeout(60_000);
  let edge: EdgeCluster;
  let folder: string;
  let done: CallsDone;
  let failed: { readonly blue: number; readonly green: number };
  const told: Happening[] = [];

  before(async () => {
    const pace = paceFromNow(60);
    usePace(pace);
    edge = await edgeCluster({ green: 30, deregistrationSeconds: 30, preStopSeconds: 0 });
    folder = await mkdtemp(join(tmpdir(), "sluice-canary-"));
    for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml"])
      await copyFile(join(ROOT, name), join(folder, name));
    const credentials = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
    const env = { ...edge.scene.env, ...credentials, [CLOCK]: paceText(pace) ?? "" };
    const client = new SSMClient({
      ...{ endpoint: endpointOf(edge.scene), region: SUBJECT.region },
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    const Name = releaseParameter(SUBJECT.app, SUBJECT.environment);
    await client.send(new PutParameterCommand({ Name, Type: "String", Value: formatKnown(KNOWN) }));
    client.destroy();
    const stage = {
      copy: { read: () => readFile(join(folder, "Pulumi.dev.yaml"), "utf8") },
      endpoint: endpointOf(edge.scene),
      scene: () => Promise.resolve({ ...edge.scene, dir: folder, env }),
      tell: (happening: Happening) => void told.push(happening),
    } as unknown as Stage;
    const step = calling(
      "fault",
      "2.4.0 turns bad",
      { command: ["watch", "--interval", "30"], ends: EXIT.rolledBack, decides: "lowered" },
      [{ kind: "error-rate", amount: 50 }],
    );
    const measured = edge.traffic.measure("all");
    done = await performCalls(step.calls ?? [], step, stage);
    ({ failed } = await measured());
  });
  after(async () => {
    usePace(undefined);
    await edge.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("loses all its traffic by the program alone, soon after metrics could tell", async () => {
    assert.deepEqual(done.calls[0]?.wrong, []);
    assert.deepEqual(await askShares(endpointOf(edge.scene)), { blue: 100, green: 0 });
    const {
      signal,
      decided = Infinity,
      moved = Infinity,
      complete,
    } = done.reaction ?? { signal: 0, complete: 0 };
    assert.ok(decided - signal < DECIDED_WITHIN, JSON.stringify(done.reaction));
    assert.ok(moved <= complete + 0.2 && signal > 2.9 && signal <= 4.1, JSON.stringify(done.reaction));
  });

  it("is decided about on evidence, which is told, as is what was broken and mended", () => {
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ["fault", "decision", "mended"],
    );
    assert.match(told[1]?.text ?? "", /^sluice watch: lowered, for api green: .* failed in the last /);
  });

  it("costs its own users something, and nobody else's", () => {
    assert.ok(failed.green > 0, JSON.stringify(failed));
    assert.equal(failed.blue, 0);
  });
});

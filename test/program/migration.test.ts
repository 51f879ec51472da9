import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { greenAt } from "../../model/release";
import { processTable } from "../lifetime/processTable";
import { type Closing, type LocalStack, PATIENCE, closeAll, localStack } from "./fixture";

const JOBS = { "app.kubernetes.io/component": "migration" };
const MIGRATION = {
  revision: "5f1c2a",
  phase: "expand",
  serves: "2.3.1",
  deadlineSeconds: 30,
  downgrade: "4e0b19",
} as const;

/** One version with a migration, that fails in every way that there is before it succeeds. */
describe("a version with a migration on the real engine", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let local: LocalStack;

  before(async () => {
    local = await localStack();
    opened.push(local);
    const first = await local.stack.up();
    assert.equal(first.result, "succeeded", first.diagnostics.join("\n"));
    await local.edit({ green: { version: "2.4.0", migration: MIGRATION } });
  });
  after(() => closeAll(opened));

  const held = async (type: string) => (await local.cloud.held()).filter((one) => one.type === type);
  const greenDeployments = async () =>
    (await held("kubernetes:apps/v1:Deployment")).filter(({ id }) => id.endsWith("-green"));
  /** The engine itself, two below this process: between them is the leash that ends it with us. */
  const engines = () => {
    const all = processTable();
    const ours = new Set(all.filter(({ parent }) => parent === process.pid).map(({ pid }) => pid));
    return all.filter(({ parent, line }) => ours.has(parent) && /^\S*\/pulumi\s.*\bup\b/.test(line));
  };
  const succeeds = async () => {
    const outcome = await local.stack.up();
    assert.equal(outcome.result, "succeeded", outcome.diagnostics.join("\n"));
    return outcome;
  };

  it("is not deployed while its Job fails; the message says where the Job's logs are", async () => {
    await local.cloud.behave(JOBS, { exitCode: 1 });
    const { result, diagnostics } = await local.stack.up();
    assert.equal(result, "failed");
    assert.match(diagnostics.join("\n"), /backoff limit/);
    assert.match(diagnostics.join("\n"), /kubectl logs -n voiceassist job\/migrate-2-4-0/);
    assert.deepEqual(await greenDeployments(), []);
  });

  it("is not deployed while its Job outlasts the deadline", async () => {
    await local.cloud.behave(JOBS, { exitCode: 0, runSeconds: 3_600 });
    const { result, diagnostics } = await local.stack.up();
    assert.equal(result, "failed");
    assert.match(diagnostics.join("\n"), /deadline/);
    assert.deepEqual(await greenDeployments(), []);
  });

  it("goes on where it stopped when the engine was killed in the middle of it", async () => {
    await local.cloud.behave(JOBS, { exitCode: 0, runSeconds: 20 });
    const running = local.stack.up();
    while ((await held("kubernetes:batch/v1:Job")).every(({ id }) => !id.includes("migrate-2-4-0"))) {
      await pause(200);
    }
    await pause(2_000);
    const [engine, ...others] = engines();
    assert.ok(engine && others.length === 0, "one engine is at work");
    process.kill(engine.pid, "SIGKILL");
    assert.equal((await running).result, "failed");
    // Whoever was killed could not give the lock back.
    await local.stack.cancel();
    await local.cloud.clearBehaviours();
    await succeeds();
    assert.equal((await greenDeployments()).length, 6);
  });

  it("has one snapshot from before it, however often it was tried", async () => {
    assert.equal((await held("aws:rds/snapshot:Snapshot")).length, 1);
  });

  it("gives its schema to the record, and takes traffic", async () => {
    const { release } = await local.stack.outputs();
    const { schema } = release!.value as { schema: Record<string, string> };
    assert.deepEqual(
      [schema["revision"], schema["phase"], schema["serves"], schema["version"]],
      ["5f1c2a", "expand", "2.3.1", "2.4.0"],
    );
    await local.edit({ traffic: greenAt(10) });
    const { updated, changes } = await succeeds();
    assert.equal(updated.length, 4, updated.join("\n"));
    assert.equal(changes.create + changes.replace + changes.delete, 0);
  });
});

describe("a share for a version whose migration has not been", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  after(() => closeAll(opened));

  it("is refused in the preview, and so is taking away what the live version needs", async () => {
    const local = await localStack();
    opened.push(local);
    await local.stack.up();
    await local.edit({ traffic: greenAt(10), green: { version: "2.4.0", migration: MIGRATION } });
    const early = await local.stack.preview();
    assert.equal(early.result, "failed");
    assert.match(early.diagnostics.join("\n"), /T3 /);
    const contract = { ...MIGRATION, phase: "contract", serves: "2.4.0" } as const;
    await local.edit({ traffic: greenAt(0), green: { version: "2.4.0", migration: contract } });
    const soon = await local.stack.preview();
    assert.equal(soon.result, "failed");
    assert.match(soon.diagnostics.join("\n"), /T7 /);
  });
});

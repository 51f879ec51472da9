import assert from "node:assert/strict";
import { greenAt } from "../../model/release";
import { type CallsDone, performCalls } from "../../rehearsal/calls";
import type { PlannedFault } from "../../rehearsal/faults/strike";
import { faults } from "../../rehearsal/scenarios/faults";
import { type ScriptStep, calling, scriptFor } from "../../rehearsal/script";
import type { Stage } from "../../rehearsal/step";
import { editConfiguration, settingsIn } from "../../rollout/configuration";
import { EXIT } from "../../rollout/exit";
import { REGION } from "../cloud/readers-fixture";
import { type StackInPlace, stackInPlace } from "../rollout/reconcile/stack-fixture";

/** The real command line against the local cloud, with an engine that stands in for the real one. */
describe("a step that calls the command line amid faults", function () {
  this.timeout(60_000);
  let stack: StackInPlace;
  const script = async () => scriptFor(faults, settingsIn(await stack.text()), new Date().toISOString());
  const opened = async (green: number) => {
    stack = await stackInPlace(green);
    const [begin] = await script();
    await stack.write(
      editConfiguration(await stack.text(), { ...begin?.configuration, "sluice:limits.samples": 100 }),
    );
    await stack.publish();
  };
  afterEach(() => stack.close());

  const perform = (step: ScriptStep): Promise<CallsDone> => {
    const endpoint = process.env["AWS_ENDPOINT_URL"] ?? "";
    const env = Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const stage = {
      copy: { read: () => stack.text() },
      endpoint,
      scene: () =>
        Promise.resolve({
          ...{ dir: stack.folder, stack: "dev", env, signal: new AbortController().signal },
          subject: { app: "app", environment: "dev", region: REGION } as const,
        }),
      tell: () => undefined,
    } as unknown as Stage;
    return performCalls(step.calls ?? [], step, stage);
  };
  const wrong = ({ calls }: CallsDone) => calls.flatMap((call) => call.wrong);
  /** The scenario's own step with this fault. */
  const stepWith = async (kind: PlannedFault["kind"], amount?: number): Promise<ScriptStep> => {
    const found = (await script()).find((step) =>
      step.faults?.some((fault) => fault.kind === kind && fault.amount === amount),
    );
    assert.ok(found, `the scenario has a step with ${kind}`);
    return found;
  };

  it("goes on where a tick was killed right after its first effect", async () => {
    await opened(0);
    assert.deepEqual(wrong(await perform(await stepWith("killed-process", 1))), []);
    assert.deepEqual(await stack.greens(), [25, 25, 25]);
  });

  it("ends as the scenario says without metrics, without credentials, and with a rule that somebody raised", async () => {
    await opened(10);
    for (const [kind, amount] of [["metrics-outage"], ["lost-credentials"], ["edited-rule", 80]] as const) {
      assert.deepEqual(wrong(await perform(await stepWith(kind, amount))), [], kind);
      assert.deepEqual(await stack.greens(), [10, 10, 10], kind);
    }
  });

  it("follows a rule that somebody lowered, and does not put back what it was", async () => {
    await opened(10);
    assert.deepEqual(wrong(await perform(await stepWith("edited-rule", 5))), []);
    assert.deepEqual(await stack.greens(), [5, 5, 5]);
  });

  it("goes on where a call does not end, and tells that it did not, with what it had said", async () => {
    await opened(10);
    const call = { command: ["watch", "--interval", "3600"], ends: EXIT.rolledBack, within: 5 } as const;
    const done = await perform(calling("hold", "nothing happens", call));
    assert.match(
      wrong(done).join(),
      /^sluice watch --interval 3600 did not end within 5 s; it should end with 4: .*"kind":"quiet"/,
    );
    assert.deepEqual([done.calls[0]?.code, done.calls[0]?.late], [null, 5]);
  });

  it("is told what is not as it should be", async () => {
    await opened(10);
    const call = {
      command: ["tick"],
      ends: EXIT.done,
      decides: "shift",
      leaves: { traffic: greenAt(50) },
    } as const;
    const found = wrong(await perform(calling("hold", "a wrong guess", call, [{ kind: "metrics-outage" }])));
    assert.match(found[0] ?? "", /^sluice tick ended with 6; it should end with 0: /);
    assert.deepEqual(found.slice(1), [
      "sluice tick decided hold; it should decide shift",
      "sluice tick left blue live with 90 %; it should leave blue live with 50 %",
    ]);
  });
});

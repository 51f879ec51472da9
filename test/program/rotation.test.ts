import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { greenAt } from "../../model/release";
import { type Traffic, startTraffic } from "../../rehearsal/traffic/traffic";
import { type Closing, type LocalStack, PATIENCE, closeAll, localStack } from "./fixture";

/** Longer than the operator and the kubelet together take to bring a new value to a pod, in milliseconds. */
const ARRIVAL = 10_000;

describe("credentials that are rotated in the middle of a canary", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let local: LocalStack;
  let secret: string;

  const visits = async (): Promise<Traffic> => {
    const [listener] = await local.cloud.listeners();
    const traffic = startTraffic({
      targets: ["api", "voice", "admin"].map((path) => ({ service: path, url: `${listener!.url}/${path}` })),
      sessions: 50,
      ratePerSecond: 200,
    });
    opened.push({ close: () => traffic.stop() });
    return traffic;
  };

  /** What users saw while the secret was rotated. */
  const during = async (strategy: "alternating" | "single") => {
    const traffic = await visits();
    const ended = traffic.measure(strategy);
    await pause(1_000);
    await local.cloud.rotate(secret, strategy);
    await pause(ARRIVAL);
    const { requests, failed } = await ended();
    await traffic.stop();
    const sum = (counts: object) => Object.values(counts).reduce((all: number, one: number) => all + one, 0);
    return { requests: sum(requests), failed: sum(failed) };
  };

  before(async () => {
    local = await localStack();
    opened.push(local);
    for (const edit of [{}, { green: { version: "2.4.0" } }, { traffic: greenAt(50) }]) {
      await local.edit(edit);
      const outcome = await local.stack.up();
      assert.equal(outcome.result, "succeeded", outcome.diagnostics.join("\n"));
    }
    const secrets = (await local.cloud.held()).filter(({ type }) => type.includes("secretsmanager/secret:"));
    secret = secrets.map(({ properties }) => String(properties["name"])).find((name) => /app/.test(name))!;
  });
  after(() => closeAll(opened));

  it("fail no request, for the former user stays valid until the new one has arrived", async () => {
    const { requests, failed } = await during("alternating");
    assert.ok(requests > 1_000, `${requests} requests`);
    assert.equal(failed, 0);
  });

  it("restart no pod and show no difference", async () => {
    const { changes, updated } = await local.stack.preview();
    assert.deepEqual({ ...changes, same: 0 }, { create: 0, update: 1, delete: 0, replace: 0, same: 0 });
    assert.match(updated[0]!, /Transition/);
  });

  it("would fail requests if the one user's password changed at once: the count can rise", async () => {
    const { failed } = await during("single");
    assert.ok(failed > 0);
  });
});

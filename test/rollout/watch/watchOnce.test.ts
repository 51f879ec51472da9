import assert from "node:assert/strict";
import { PUBLISHED, TOPIC } from "../../../rehearsal/cloud/endpoint/sns";
import { watchOnce } from "../../../rollout/watch/watchOnce";
import { SUBJECT, type Watchable, invoke, watchable } from "./fixture";

const TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:releases";

describe("a look that finds a candidate without a healthy target", () => {
  let stack: Watchable;
  let waited: number;
  beforeEach(async () => {
    waited = 0;
    stack = await watchable();
    await stack.publish();
    stack.targets("green", "initial");
  });
  afterEach(() => stack.close());

  /** Looks, and lets something happen while it waits for its second look. */
  const watched = async (meanwhile: () => void | Promise<void>) => {
    const told: string[] = [];
    const pause = async (milliseconds: number) => {
      waited += milliseconds;
      await meanwhile();
    };
    const outcome = await watchOnce(SUBJECT, (line) => told.push(line), { by: "a test", pause });
    return { ...outcome, told: told.join("\n") };
  };

  it("takes its traffic back where there is none for half a minute: nobody is served there", async () => {
    const { kind, code, told, reasons } = await watched(() => {});
    assert.deepEqual([kind, code], ["lowered", 4], told);
    assert.match(reasons[0]!, /^api green: 35 s without a healthy target; at most 30 s may be$/);
    assert.deepEqual(await stack.shares(), { blue: 100, green: 0 });
    assert.equal((await stack.fence())?.version, "2.4.0");
  });

  it("leaves it alone where there is one again", async () => {
    const { kind } = await watched(() => stack.targets("green", "healthy"));
    assert.deepEqual([kind, waited], ["quiet", 5_000]);
    assert.deepEqual(await stack.shares(), { blue: 90, green: 10 });
  });

  it("does not move what somebody else has moved while it waited", async () => {
    const { kind } = await watched(async () => {
      if (waited === 35_000) await stack.move({ blue: 100, green: 0 });
    });
    assert.equal(kind, "quiet");
    assert.equal(await stack.fence(), undefined);
  });

  it("takes its traffic back at once where a target fails its health checks", async () => {
    stack.targets("green", "unhealthy");
    const { kind, reasons } = await watched(() => stack.targets("green", "unhealthy"));
    assert.equal(kind, "lowered");
    assert.match(reasons[0]!, /api green: 3 health checks failed in a row; at most 2 may be/);
  });

  it("does not wait for a candidate that has no share, or has targets", async () => {
    await stack.move({ blue: 100, green: 0 });
    assert.equal((await watched(() => {})).kind, "quiet");
    await stack.move({ blue: 90, green: 10 });
    stack.targets("green", "healthy");
    assert.equal((await watched(() => {})).kind, "quiet");
    assert.equal(waited, 0);
  });
});

describe("what a look took back", () => {
  let stack: Watchable;
  beforeEach(async () => {
    stack = await watchable();
    await stack.publish();
    stack.happened(6, { blue: { well: 90 }, green: { well: 50, failed: 10 } });
  });
  afterEach(() => stack.close());

  it("is told as an event: whose traffic, from and to what share, by whom, and why", async () => {
    const { event } = await watchOnce(SUBJECT, () => {}, { by: "a test" });
    const { at, reasons, ...rest } = event!;
    assert.deepEqual(rest, {
      kind: "rollback",
      ...{ app: "app", environment: "dev", colour: "green", version: "2.4.0", by: "a test" },
      ...{ from: 10, to: 0, exit: 4 },
    });
    assert.deepEqual(
      reasons.map(({ code }) => code),
      ["failing"],
    );
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
  });

  it("is published by the function where it has a topic, with its evidence, and once", async () => {
    stack.world.put({ type: TOPIC, id: TOPIC_ARN, properties: { arn: TOPIC_ARN } });
    assert.equal((await invoke({ SLUICE_TOPIC: TOPIC_ARN })).answer?.kind, "lowered");
    assert.equal((await invoke({ SLUICE_TOPIC: TOPIC_ARN })).answer?.kind, "quiet");
    const published = stack.world.all(PUBLISHED).map(({ properties }) => String(properties["message"]));
    assert.equal(published.length, 1);
    assert.match(published[0]!, /app-dev.*2\.4\.0[^]*failing: api green: .* failed[^]*app-dev-watch/);
  });

  it("is taken back all the same where nobody can be told", async () => {
    const { answer, log } = await invoke({ SLUICE_TOPIC: TOPIC_ARN });
    assert.equal(answer?.kind, "lowered");
    assert.match(log, /releases was not told: .*Topic does not exist/);
    assert.deepEqual(await stack.shares(), { blue: 100, green: 0 });
  });

  it("fails at once where the function is not told what to watch", async () => {
    assert.match(
      String((await invoke({ SLUICE_APP: "" })).error),
      /found SLUICE_APP , .*needed are all three/,
    );
  });
});

import assert from "node:assert/strict";
import { Parameters as Store } from "../../../cloud/parameters";
import { REGION } from "../../cloud/readers-fixture";
import { type FlaggedStack, flagAlone, flaggedStack } from "./flags-fixture";

const everywhere = (percentage: number) => [percentage, percentage, percentage];

describe("sluice tick --begun with a flag", function () {
  this.timeout(60_000);
  let stack: FlaggedStack;
  const standing = async (...args: Parameters<typeof flaggedStack>) => (stack = await flaggedStack(...args));
  const alone = async (percentage: number) => (stack = await flagAlone(percentage));
  afterEach(() => stack.close());

  it("raises nothing by the schedule that somebody has only merged, and goes the plan's way and down", async () => {
    await alone(0);
    await stack.write((await stack.text()).replace('"rollout_percentage":0', '"rollout_percentage":10'));
    const merged = await stack.tick("--begun");
    assert.equal(merged.code, 3, merged.printed);
    assert.match(
      merged.printed.replaceAll(/\s+/g, " "),
      /partial-results at 10 % is not deployed yet: .*, or: sluice deploy -s dev/,
    );
    assert.deepEqual(await stack.percentages(), [10, 0, 0]);
    assert.equal((await stack.tick()).code, 0, "a person's tick is a deed");
    assert.deepEqual(await stack.percentages(), everywhere(10));
    await stack.since(8 * 24);
    assert.equal((await stack.tick("--begun")).code, 0);
    assert.deepEqual(await stack.percentages(), everywhere(50));
    await stack.write((await stack.text()).replace('"rollout_percentage":50', '"rollout_percentage":10'));
    assert.equal((await stack.tick("--begun")).code, 0);
    assert.deepEqual(await stack.percentages(), everywhere(10));
  });

  it("brings no flag with it by the schedule that somebody has only merged, whatever falls", async () => {
    await standing(10, 50);
    const begun = { percentage: 0, settled: false };
    await stack.recorded(({ flags }) => ({ flags: { ...flags, search: begun } }));
    const none = JSON.stringify({ enabled: true, rollout_percentage: 0 });
    await new Store(REGION).put("/app/dev/search/config", none);
    const search = '"search":{"rollout_percentage":10,"plan":"weekly","alarms":[]},';
    await stack.write((await stack.text()).replace('{"partial', `{${search}"partial`));
    await stack.alarm("ALARM");
    const back = await stack.tick("--begun");
    assert.equal(back.code, 4, back.printed);
    assert.match(
      back.printed.replaceAll(/\s+/g, " "),
      /state does not follow: search at 10 % is not deployed/,
    );
    assert.deepEqual(await stack.percentages(), [0, 0, 10]);
    const held = await stack.tick("--begun");
    assert.equal(held.code, 3, held.printed);
    await stack.fence("2.4.0");
    const retreat = await stack.tick("--begun");
    assert.match(
      retreat.printed.replaceAll(/\s+/g, " "),
      /rest of the stack .*: search at 10 % is not deployed/,
    );
    assert.deepEqual(await stack.greens(), [0, 0, 50]);
    assert.deepEqual(await stack.updates(), []);
  });

  it("asks the gates of a rise whose update was broken off, where the state is but to follow another's fall", async () => {
    await alone(50);
    await stack.recorded(({ flags }) => ({
      flags: { ...flags, search: { percentage: 10, settled: false } },
    }));
    const store = new Store(REGION);
    await store.put("/app/dev/search/config", JSON.stringify({ enabled: true, rollout_percentage: 10 }));
    const low = JSON.stringify({ enabled: true, rollout_percentage: 10 });
    await store.put("/app/dev/partial-results/config", low);
    const gate = { name: "quality", kind: "command", command: ["true"] };
    const plan = { steps: [{ share: 10, bake: "0s", gates: [gate] }, { share: 50 }, { share: 100 }] };
    const search = `"search":${JSON.stringify({ rollout_percentage: 50, plan, alarms: [] })},`;
    await stack.write(
      (await stack.text())
        .replace('{"partial', `{${search}"partial`)
        .replace('"partial-results":{"rollout_percentage":50', '"partial-results":{"rollout_percentage":10'),
    );
    await stack.since(8 * 24);
    const { code, printed } = await stack.tick("--begun");
    assert.equal(code, 0, printed);
    assert.deepEqual(await stack.percentages(), everywhere(10));
  });
});

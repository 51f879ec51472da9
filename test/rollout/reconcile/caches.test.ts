import assert from "node:assert/strict";
import { type FlaggedStack, flaggedStack } from "./flags-fixture";

const PROVIDERS = `  sluice:providers: { groq: { requestsPerMinute: 100, clearCaches: true } }\n`;
const TOLD = /what green has cached is cleared by a Job of the next pulumi up/;

describe("a candidate that is taken back while it calls a provider whose caches go", function () {
  this.timeout(60_000);
  let stack: FlaggedStack;
  beforeEach(async () => {
    stack = await flaggedStack(10, 10, PROVIDERS);
    const green = { version: "2.4.0", settings: { PRIMARY_PROVIDER: "groq" } };
    await stack.edit({ green });
    await stack.recorded(({ release }) => ({
      release: { ...release, green: { ...release.green, ...green } },
    }));
    await stack.publish();
  });
  afterEach(() => stack.close());

  it("leaves them to the next update, which a rollback says", async () => {
    const { code, printed } = await stack.call("rollback", "-s", "dev", "--reason", "loses calls");
    assert.equal(code, 0, printed);
    assert.match(printed.replaceAll(/\s+/g, " "), TOLD);
    assert.deepEqual(await stack.greens(), [0, 0, 0]);
  });

  it("leaves them to the next update, which a tick says", async () => {
    await stack.fence("2.4.0");
    const { code, printed } = await stack.tick();
    assert.equal(code, 4, printed);
    assert.match(printed.replaceAll(/\s+/g, " "), TOLD);
  });
});

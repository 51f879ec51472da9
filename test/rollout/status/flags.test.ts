import assert from "node:assert/strict";
import type { FlagStatus } from "../../../model/flags/outlook";
import { statusText } from "../../../rollout/statusText";
import { type FlaggedStack, NAME, flagAlone } from "../reconcile/flags-fixture";

const NOW = "2026-03-01T12:00:00.000Z";

/** Lines of the status about flags, without the margin of those that go on. */
function lines(printed: string): string[] {
  const all = printed.split("\n");
  const first = all.findIndex((line) => line.startsWith("flag "));
  const next = all.findIndex((line, index) => index > first && /^(figures|fence) /.test(line));
  return first < 0 ? [] : all.slice(first, next).map((line) => line.trim());
}

describe("a flag in a status", () => {
  const text = (flags: readonly FlagStatus[]) => {
    const colour = { version: "1", configured: 100, recorded: 100, fenced: false, services: {} };
    return statusText(
      { stack: "prod", app: "voiceassist", environment: "prod", region: "us-east-1" },
      {
        strategy: "canary",
        colours: {
          blue: { ...colour, role: "live" },
          green: { ...colour, role: "candidate", configured: 0, recorded: 0 },
        },
        fence: null,
        flags,
      },
      { unseen: [], now: NOW },
    );
  };
  const flag = (changes: Partial<FlagStatus> = {}): FlagStatus => ({
    ...{ name: NAME, configured: 10, recorded: 10, live: 10, plan: "weekly", shares: [10, 50, 100] },
    decision: { kind: "done", reasons: [{ code: "finished", text: "a person begins it" }] },
    ...changes,
  });

  it("is where it is on its plan, and what is decided about it", () => {
    assert.deepEqual(lines(text([flag()])), [
      "flag      partial-results: 10 % of the sessions; weekly: [10] → 50 → 100 %",
      "a person begins it",
    ]);
    assert.deepEqual(lines(text([])), []);
  });

  it("says where configuration and SSM have it elsewhere than the state, and not that SSM was not seen", () => {
    const of = (changes: Partial<FlagStatus>) => lines(text([flag(changes)])).join(" ");
    assert.match(
      of({ configured: 50, live: 0 }),
      /: 10 % of the sessions, 50 % configured, 0 % in SSM; weekly/,
    );
    const { live: _, ...unseen } = flag();
    assert.match(lines(text([unseen])).join(" "), /: 10 % of the sessions; weekly/);
  });

  it("has everything that stands against more sessions, each on a line of its own, in 80 columns", () => {
    const reasons = [
      { code: "bake", text: "it bakes" },
      { code: "failing", text: `alarm ${"slow ".repeat(20)}is off` },
    ] as const;
    const printed = text([
      flag({ decision: { kind: "hold", reasons } }),
      flag({ name: "search", recorded: 0 }),
    ]);
    const found = lines(printed);
    assert.deepEqual(found.slice(1, 2), ["hold: it bakes"]);
    assert.match(found.slice(2).join(" "), /^alarm slow .* is off flag +search: 0 % .*: \[0\] → 10/);
    for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
  });
});

describe("sluice status with a flag", function () {
  this.timeout(60_000);
  let stack: FlaggedStack;
  beforeEach(async () => (stack = await flagAlone(10)));
  afterEach(() => stack.close());

  const status = (...args: string[]) => stack.call("status", "-s", "dev", ...args);

  it("shows what the next tick would do, for people and machines, and does it not", async () => {
    const { printed } = await status();
    const [where, ...what] = lines(printed);
    assert.equal(where, "flag      partial-results: 10 % of the sessions; weekly: [10] → 50 → 100 %");
    assert.match(what.join(" "), /^raise: partial-results gets 50 % of the sessions: everything that it/);
    const { flags } = JSON.parse((await status("--json")).printed) as { flags: FlagStatus[] };
    const [{ name, configured, recorded, live, decision }] = flags as [FlagStatus];
    assert.deepEqual([name, configured, recorded, live, decision.kind], [NAME, 10, 10, 10, "raise"]);
    assert.deepEqual(await stack.percentages(), [10, 10, 10]);
  });

  it("shows that its alarm takes it back", async () => {
    await stack.alarm("ALARM");
    assert.match(lines((await status()).printed).join(" "), /lower: alarm partial-results-latency went off/);
  });

  it("shows the rest, and ends with 6, where SSM says nothing or cannot be seen", async () => {
    await stack.put({ enabled: true, rollout_percentage: 1_000 });
    const { code, printed } = await status();
    assert.equal(code, 6, printed);
    assert.match(
      printed.replaceAll(/\s+/g, " "),
      /flag partial-results in SSM.*found 1000; allowed is a whole/,
    );
    await stack.edge.aws.fail("ssm:GetParameter", "AccessDeniedException");
    assert.match((await status()).printed.replaceAll(/\s+/g, " "), /partial-results in SSM.*AccessDenied/);
  });
});

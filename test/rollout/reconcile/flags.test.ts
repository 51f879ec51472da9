import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Parameters as Store } from "../../../cloud/parameters";
import { flagsParameter, formatPublished, publishedFlags } from "../../../model/flags/published";
import { settingsIn } from "../../../rollout/configuration";
import { watchOnce } from "../../../rollout/watch/watchOnce";
import { REGION } from "../../cloud/readers-fixture";
import { type FlaggedStack, NAME, flagAlone, flaggedStack } from "./flags-fixture";

const everywhere = (percentage: number) => [percentage, percentage, percentage];

describe("sluice tick with a flag", function () {
  this.timeout(60_000);
  let stack: FlaggedStack;
  const standing = async (...args: Parameters<typeof flaggedStack>) => (stack = await flaggedStack(...args));
  const alone = async (percentage: number) => (stack = await flagAlone(percentage));
  afterEach(() => stack.close());

  it("raises it to the next stop of its plan, by configuration and an update, and tells so", async () => {
    await alone(10);
    const { code, printed } = await stack.tick();
    assert.equal(code, 0, printed);
    assert.deepEqual(await stack.percentages(), everywhere(50));
    assert.match(printed, /^flag +partial-results 10 % → 50 %, weekly: 10 → 50 → 100 %$/m);
    assert.match(printed, /^raise +partial-results gets 50 % of the sessions: everything that it needs$/m);
    const { subject } = (await stack.updates()).at(-1)!;
    assert.equal(subject, `shift flag ${NAME}: 10 → 50 %`);
    for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
    const again = await stack.tick();
    assert.equal(again.code, 3, again.printed);
    assert.match(again.printed, /it bakes until/);
  });

  it("takes it back to the stop before where its alarm goes off, SSM first, and holds its plan", async () => {
    await alone(50);
    await stack.alarm("ALARM");
    const { code, printed } = await stack.tick();
    assert.equal(code, 4, printed);
    assert.deepEqual(await stack.percentages(), everywhere(10));
    assert.match(await stack.text(), /hold: alarm partial-results-latency went off at /);
    const order = ["config: 10 % of the sessions", "rollout_percentage 10", "the state has followed"];
    const places = order.map((what) => printed.replaceAll(/\s+/g, " ").indexOf(what));
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
      printed,
    );
    assert.ok(!places.includes(-1), printed);
    assert.equal((await stack.updates()).at(-1)!.subject, `rollback flag ${NAME}: 50 → 10 %`);

    const still = await stack.tick();
    assert.equal(still.code, 3, "the same alarm has not had the time to be quiet");
    assert.deepEqual(await stack.percentages(), everywhere(10));
    await stack.alarm("OK");
    await stack.since(8 * 24);
    const held = await stack.tick();
    assert.equal(held.code, 3, held.printed);
    assert.match(
      held.printed.replaceAll(/\s+/g, " "),
      /its plan is held: alarm .* to go on: pulumi config rm --path/,
    );
    await stack.write((await stack.text()).replace(/, hold: [^}]*/, " "));
    assert.equal((await stack.tick()).code, 0);
    assert.deepEqual(await stack.percentages(), everywhere(50), "it goes on once somebody has looked");
  });

  it("takes it back in SSM and configuration while somebody else's update holds the stack", async () => {
    await alone(50);
    await stack.alarm("ALARM");
    await stack.lock(true);
    const locked = await stack.tick();
    assert.equal(locked.code, 7, locked.printed);
    assert.deepEqual(await stack.percentages(), [10, 10, 50]);
    assert.equal((await stack.tick()).code, 7, "and not a stop further");
    assert.deepEqual(await stack.percentages(), [10, 10, 50]);
    await stack.lock(false);
    await stack.tick();
    assert.deepEqual(await stack.percentages(), everywhere(10));
  });

  it("follows a kill switch that was called elsewhere, and never raises what is off", async () => {
    await alone(50);
    await stack.put({ enabled: false, rollout_percentage: 50 });
    await stack.tick();
    assert.match(await stack.text(), /"enabled":false|enabled: false/);
    assert.deepEqual((await stack.percentages()).slice(1), [0, 0]);
    await stack.since(8 * 24);
    const { code, printed } = await stack.tick();
    assert.equal(code, 0, printed);
    assert.match(printed.replaceAll(/\s+/g, " "), /disabled until somebody enables it: sluice flags set/);
    assert.equal((await stack.held())["enabled"], false);
  });

  it("raises nothing where an alarm has too little data, is not there, or CloudWatch is away, with 6", async () => {
    await alone(10);
    await stack.alarm("INSUFFICIENT_DATA");
    assert.equal((await stack.tick()).code, 6);
    await stack.write((await stack.text()).replace("partial-results-latency", "nobody-made-it"));
    const { code, printed } = await stack.tick();
    assert.equal(code, 6);
    assert.match(
      printed.replaceAll(/\s+/g, " "),
      /CloudWatch has no alarm nobody-made-it; make it, or name others/,
    );
    const before = process.env["AWS_ENDPOINT_URL_CLOUDWATCH"];
    process.env["AWS_ENDPOINT_URL_CLOUDWATCH"] = "http://127.0.0.1:9";
    assert.equal((await stack.tick()).code, 6);
    process.env["AWS_ENDPOINT_URL_CLOUDWATCH"] = before;
    assert.deepEqual(await stack.percentages(), everywhere(10));
  });

  it("never gives a share and a flag more at once: the candidate goes first, then the flag", async () => {
    await standing(10, 0, "  sluice:limits: { exposure: 100 }\n");
    assert.equal((await stack.tick()).code, 0);
    assert.deepEqual([await stack.greens(), await stack.percentages()], [[10, 10, 10], everywhere(10)]);
  });

  it("gives the flag what configuration asks for first, alone, and holds the candidate where it may not be yet", async () => {
    await standing(10, 0, "  sluice:limits: { exposure: 100 }\n");
    await stack.write((await stack.text()).replace('"rollout_percentage":10', '"rollout_percentage":50'));
    await stack.since(1);
    const early = await stack.tick();
    assert.equal(early.code, 3, early.printed);
    assert.match(
      early.printed.replaceAll(/\s+/g, " "),
      /configuration also gives partial-results to more sessions/,
    );
    assert.deepEqual(
      [await stack.greens(), await stack.percentages()],
      [
        [0, 0, 0],
        [50, 10, 10],
      ],
    );
    const byHand = await stack.call("shift", "10", "-s", "dev");
    assert.equal(byHand.code, 3, byHand.printed);
    assert.deepEqual(
      [await stack.greens(), await stack.percentages()],
      [
        [0, 0, 0],
        [50, 10, 10],
      ],
    );
    await stack.since(8 * 24);
    assert.equal((await stack.tick()).code, 0);
    assert.deepEqual([await stack.greens(), await stack.percentages()], [[0, 0, 0], everywhere(50)]);
    assert.equal((await stack.tick()).code, 0);
    assert.deepEqual([await stack.greens(), await stack.percentages()], [[10, 10, 10], everywhere(50)]);
  });

  it("asks no gate of a flag while a version's traffic goes back: its command may take minutes", async () => {
    await standing(10, 50, "  sluice:limits: { exposure: 100 }\n");
    const gate = { name: "quality", kind: "command", command: ["sh", "-c", "echo > asked"] };
    const plan = { steps: [{ share: 10, bake: "1h", gates: [gate] }, { share: 100 }] };
    await stack.write((await stack.text()).replace('"plan":"weekly"', `"plan":${JSON.stringify(plan)}`));
    const isAsked = () => existsSync(join(stack.folder, "asked"));
    await stack.fence("2.4.0");
    const { code, printed } = await stack.tick();
    assert.deepEqual([code, isAsked()], [4, false], printed);
    await stack.tick();
    assert.ok(isAsked(), "it is asked once nothing is urgent");
  });

  it("lowers what configuration asks less of together with the version that it asks for", async () => {
    await alone(50);
    await stack.write((await stack.text()).replace('"rollout_percentage":50', '"rollout_percentage":10'));
    await stack.edit({ green: { version: "2.4.0" } });
    const { code, printed } = await stack.tick();
    assert.equal(code, 0, printed);
    assert.deepEqual(await stack.percentages(), everywhere(10));
    assert.equal((await stack.updates()).at(-1)!.targets, 0, "an update of everything brings both");
  });

  it("goes on with the version once an alarm has taken the flag back that it is deployed beside", async () => {
    await alone(50);
    await stack.edit({ green: { version: "2.4.0" } });
    await stack.alarm("ALARM");
    const back = await stack.tick();
    assert.equal(back.code, 5, back.printed);
    assert.deepEqual(await stack.percentages(), [10, 10, 50]);
    const { code, printed } = await stack.tick();
    assert.equal(code, 0, printed);
    assert.deepEqual(await stack.percentages(), everywhere(10));
  });

  it("says what it would do, and does nothing, in a dry run", async () => {
    await alone(50);
    await stack.alarm("ALARM");
    const { printed } = await stack.tick("--dry-run");
    assert.match(printed, /^flag +partial-results 50 % → 10 %/m);
    assert.deepEqual(await stack.percentages(), everywhere(50));
  });

  it("takes into configuration what the watcher has taken back, with the alarm that it did it for", async () => {
    await alone(50);
    await stack.publish();
    const { flags } = settingsIn(await stack.text());
    const recorded = { [NAME]: { percentage: 50, settled: false } };
    const published = formatPublished(publishedFlags(flags, recorded));
    await new Store(REGION).put(flagsParameter("app", "dev"), published);
    await stack.alarm("ALARM");
    const { kind } = await watchOnce({ app: "app", environment: "dev", region: REGION }, () => {});
    assert.equal(kind, "lowered");
    assert.deepEqual(await stack.percentages(), [50, 10, 50]);
    const { code, printed } = await stack.tick();
    assert.equal(code, 0, printed);
    assert.deepEqual(await stack.percentages(), [10, 10, 10]);
    const { hold } = settingsIn(await stack.text()).flags[NAME]!.plan;
    assert.match(hold!, /lowered partial-results to 10 % in SSM; alarm partial-results-latency went off at/);
  });

  it("tells machines what was decided about flags", async () => {
    await alone(10);
    const { flags } = JSON.parse((await stack.tick("--json")).printed) as {
      flags: Record<string, unknown>[];
    };
    const [{ flag, kind, from, to, did }] = flags as [Record<string, unknown>];
    assert.deepEqual([flag, kind, from, to, did], [NAME, "raise", 10, 50, true]);
  });
});

describe("sluice run with a flag", function () {
  this.timeout(60_000);
  let stack: FlaggedStack;
  afterEach(() => stack.close());

  it("takes it back, waits for nothing that only a person ends, and ends with 4", async () => {
    stack = await flagAlone(50);
    await stack.alarm("ALARM");
    const { code, printed } = await stack.call("run", "-s", "dev", "--interval", "1");
    assert.equal(code, 4, printed);
    assert.deepEqual(await stack.percentages(), everywhere(10));
  });
});

import assert from "node:assert/strict";
import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { Parameters } from "../../../cloud/parameters";
import { flagParameter } from "../../../model/flags/parameter";
import { type FlagPublished, flagsParameter, formatPublished } from "../../../model/flags/published";
import { callControl } from "../../../rehearsal/cloud/control";
import { PUBLISHED, TOPIC } from "../../../rehearsal/cloud/endpoint/sns";
import { watchOnce } from "../../../rollout/watch/watchOnce";
import { REGION } from "../../cloud/readers-fixture";
import { call } from "../fixture";
import { KNOWN, SUBJECT, type Watchable, invoke, invokeBundle, watchable } from "./fixture";

const NAME = "partial-results";
const [SLOW, ERRORS] = ["sluice/app/dev/flag/partial-results/latency-high", "lambda-errors"] as const;
const TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:releases";
const HOUR = 3_600_000;

describe("a look that finds a flag's alarm gone off", function () {
  this.timeout(30_000);
  let stack: Watchable;
  let parameters: Parameters;
  beforeEach(async () => {
    stack = await watchable();
    parameters = new Parameters(REGION);
    await stack.publish();
    await publish();
    await put({ enabled: true, rollout_percentage: 50, theme: "dark" });
    for (const name of [SLOW, ERRORS]) await alarm("OK", name);
  });
  afterEach(() => stack.close());

  const publish = (changes: Partial<FlagPublished> = {}) => {
    const since = new Date(Date.now() - HOUR).toISOString();
    const alarms = [
      { name: SLOW, retreat: "step" },
      { name: ERRORS, retreat: "off" },
    ] as const;
    const flag = { percentage: 50, since, stops: [10, 50, 100], alarms, ...changes };
    return parameters.put(flagsParameter("app", "dev"), formatPublished({ [NAME]: flag }));
  };
  const put = (value: object) => parameters.put(flagParameter("app", "dev", NAME), JSON.stringify(value));
  const held = async () =>
    JSON.parse((await parameters.get(flagParameter("app", "dev", NAME)))!) as Record<string, unknown>;
  const alarm = (state: "OK" | "ALARM", name: string = SLOW) =>
    callControl(stack.url, { method: "POST", path: "alarms", body: { name, state } });
  const look = async () => {
    const lines: string[] = [];
    const outcome = await watchOnce(SUBJECT, (line) => lines.push(line), { by: "a test" });
    return { ...outcome, told: lines.join("\n") };
  };
  /** Parameters say when they were written, and no longer that it was an hour ago. */
  const dated = () => Reflect.deleteProperty(stack.world, "writtenAt");
  const isUntouched = async () => {
    assert.deepEqual(await held(), { enabled: true, rollout_percentage: 50, theme: "dark" });
    assert.deepEqual(await stack.shares(), { blue: 90, green: 10 });
  };

  it("takes it to the stop before, leaves the version's traffic, and keeps what else the parameter says", async () => {
    await alarm("ALARM");
    const { kind, code, moved, reasons, told } = await look();
    assert.deepEqual([kind, code, moved], ["lowered", 4, []], told);
    assert.match(reasons[0]!, new RegExp(`^${NAME}: alarm ${SLOW} went off at `));
    assert.deepEqual(await held(), { enabled: true, rollout_percentage: 10, theme: "dark" });
    assert.deepEqual(await stack.shares(), { blue: 90, green: 10 });
    assert.equal(await stack.fence(), undefined, "nothing is said against a version");
  });

  it("takes it back before it waits for a version's targets, which may take half a minute", async () => {
    await alarm("ALARM");
    stack.targets("green", "initial");
    let before: unknown;
    const pause = async () => {
      before ??= (await held())["rollout_percentage"];
      stack.targets("green", "healthy");
    };
    const { kind } = await watchOnce(SUBJECT, () => {}, { by: "a test", pause });
    assert.deepEqual([kind, before], ["lowered", 10]);
  });

  it("turns it off where its alarm does that", async () => {
    for (const name of [SLOW, ERRORS]) await alarm("ALARM", name);
    const { kind, told } = await look();
    assert.equal(kind, "lowered", told);
    assert.deepEqual(await held(), { enabled: false, rollout_percentage: 50, theme: "dark" });
  });

  it("turns off what applications cannot read, or what is gone: they keep what they read last", async () => {
    await alarm("ALARM", ERRORS);
    await put({ enabled: true, rollout_percentage: "50", theme: "dark" });
    assert.equal((await look()).kind, "lowered");
    assert.deepEqual(await held(), { enabled: false, rollout_percentage: 0, theme: "dark" });
    const client = new SSMClient({ region: REGION, endpoint: stack.url });
    await client.send(new DeleteParameterCommand({ Name: flagParameter("app", "dev", NAME) }));
    assert.equal((await look()).kind, "lowered");
    assert.deepEqual(await held(), { enabled: false, rollout_percentage: 0 });
    assert.equal((await look()).kind, "quiet");
  });

  it("has nothing left to do at the next look: what the alarm says is older than the fall", async () => {
    dated();
    await alarm("ALARM");
    assert.equal((await look()).kind, "lowered");
    assert.equal((await look()).kind, "quiet");
    assert.equal((await held())["rollout_percentage"], 10);
  });

  it("goes by the code that AWS gets", async () => {
    await alarm("ALARM");
    const { answer, error } = await invokeBundle(stack.url);
    assert.deepEqual([answer?.kind, error], ["lowered", undefined]);
    assert.equal((await held())["rollout_percentage"], 10);
  });

  it("leaves alone what is quiet, settled, disabled, or declared by nobody", async () => {
    assert.equal((await look()).kind, "quiet");
    await alarm("ALARM");
    const since = new Date(Date.now() - 15 * 24 * HOUR).toISOString();
    await publish({ percentage: 100, since });
    assert.equal((await look()).kind, "quiet");
    await parameters.put(flagsParameter("app", "dev"), "{}");
    assert.equal((await look()).kind, "quiet");
    await isUntouched();
    await publish();
    await put({ enabled: false, rollout_percentage: 50 });
    assert.equal((await look()).kind, "quiet");
  });

  it("takes it down before the first weight moves, by the more of what alarm and version ask for", async () => {
    await alarm("ALARM");
    await stack.publish({ ...KNOWN, flags: { [NAME]: { version: "2.4.0", was: 0 } } });
    stack.happened(6, { blue: { well: 90 }, green: { well: 50, failed: 10 } });
    const { kind, moved, told } = await look();
    assert.deepEqual([kind, moved], ["lowered", ["api"]], told);
    assert.equal((await held())["rollout_percentage"], 0);
    assert.deepEqual(await stack.shares(), { blue: 100, green: 0 });
    const places = ["/config: 0 %", "→ blue 100"].map((what) => told.indexOf(what));
    assert.ok(places[0]! >= 0 && places[0]! < places[1]!, told);
  });

  it("turns it off for good although the version that falls too would leave it some sessions", async () => {
    await alarm("ALARM", ERRORS);
    await stack.publish({ ...KNOWN, flags: { [NAME]: { version: "2.4.0", was: 10 } } });
    stack.happened(6, { blue: { well: 90 }, green: { well: 50, failed: 10 } });
    assert.deepEqual((await look()).moved, ["api"]);
    assert.equal((await held())["enabled"], false);
  });

  it("takes it down where traffic may not move, and where nobody can say who is trusted", async () => {
    await alarm("ALARM");
    stack.happened(6, { blue: { well: 90 }, green: { well: 50, failed: 10 } });
    stack.targets("blue", "unhealthy");
    assert.equal((await look()).kind, "held");
    assert.equal((await held())["rollout_percentage"], 10);
    await put({ enabled: true, rollout_percentage: 50 });
    await stack.put("release", "{}");
    assert.equal((await look()).kind, "lowered");
    assert.equal((await held())["rollout_percentage"], 10);
  });

  for (const [what, types, told] of [
    ["the alarms are", ["monitoring:DescribeAlarms"], /the alarms of flags could not be observed: Access/],
    ["what it is watched by is", ["ssm:GetParameter"], /what flags are watched by could not be observed/],
  ] as const) {
    it(`fails, and changes nothing, where ${what} denied`, async () => {
      await alarm("ALARM");
      for (const type of types) stack.fail(type, "AccessDeniedException");
      const { error } = await invoke();
      stack.works();
      assert.match(String(error), /^Error: blind: /);
      assert.match(String(error), told);
      await isUntouched();
    });
  }

  it("fails where SSM refuses the fall, says what a person does, and the next look does it", async () => {
    await alarm("ALARM");
    stack.fail("ssm:PutParameter", "AccessDeniedException");
    const { error, log } = await invoke();
    assert.match(String(error), /^Error: failed: .*sluice flags disable partial-results --app app/);
    assert.doesNotMatch(String(error), /sluice rollback/, "nothing is wrong with a version");
    assert.match(log, /NOT lowered to 10 %: AccessDenied/);
    stack.works();
    assert.equal((await invoke()).answer?.kind, "lowered");
    assert.equal((await held())["rollout_percentage"], 10);
  });

  it("publishes it to the topic once, as what happened to a flag", async () => {
    stack.world.put({ type: TOPIC, id: TOPIC_ARN, properties: { arn: TOPIC_ARN } });
    dated();
    await alarm("ALARM");
    assert.equal((await invoke({ SLUICE_TOPIC: TOPIC_ARN })).answer?.kind, "lowered");
    assert.equal((await invoke({ SLUICE_TOPIC: TOPIC_ARN })).answer?.kind, "quiet");
    const published = stack.world.all(PUBLISHED).map(({ properties }) => String(properties["message"]));
    assert.equal(published.length, 1);
    assert.match(published[0]!, /rollback flag partial-results: 50 → 10 %[^]*latency-high went off/);
  });

  it("does not end a standing watch: the version's traffic is where it was", async () => {
    dated();
    await alarm("ALARM");
    const named = ["--app", "app", "--environment", "dev", "--region", REGION];
    const { code, printed } = await call("/", "watch", ...named, "--interval", "1", "--timeout", "2");
    assert.equal(code, 4, printed);
    assert.match(printed, /lowered[^]*quiet/);
    assert.equal((await held())["rollout_percentage"], 10);
  });
});

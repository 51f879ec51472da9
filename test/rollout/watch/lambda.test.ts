import assert from "node:assert/strict";
import { bundleWatcher } from "../../../components/release/watchBundle";
import { call } from "../fixture";
import { EFFECTS, between } from "../effects";
import { KNOWN, type Watchable, invoke, invokeBundle, watchable } from "./fixture";

/** Requests a minute. */
const GOOD = { blue: { well: 90 }, green: { well: 60 } };
const BAD = { blue: { well: 90 }, green: { well: 50, failed: 10 } };

/** What is asked first of each service. */
const EVERYTHING = [
  "monitoring:GetMetricData",
  "ssm:GetParameter",
  "elasticloadbalancing:DescribeLoadBalancers",
];

describe("the watcher's function, as AWS gets it", function () {
  this.timeout(60_000);
  let stack: Watchable;
  beforeEach(async () => {
    stack = await watchable();
    await stack.publish();
  });
  afterEach(() => stack.close());

  const isTakenBack = async () => {
    assert.deepEqual(await stack.shares(), { blue: 100, green: 0 });
    assert.equal((await stack.fence())?.version, "2.4.0");
  };
  const isUntouched = async () => {
    assert.deepEqual(await stack.shares(), { blue: 90, green: 10 });
    assert.equal(await stack.fence(), undefined);
  };

  it("fences a bad candidate and takes its traffic back, in one invocation", async () => {
    stack.happened(6, BAD);
    const { answer, log } = await invokeBundle(stack.url);
    assert.deepEqual([answer?.kind, answer?.fenced, answer?.moved], ["lowered", "2.4.0", ["api"]]);
    assert.match(log, /api: blue 90, green 10 → blue 100, green 0, stickiness off/);
    await isTakenBack();
    const fence = await stack.fence();
    assert.equal(fence?.by, "sluice watch (app-dev-watch)");
    assert.match(fence.reason, /^api green: \d+ of \d+ requests \(16\.67 %\) failed in the last/);
    assert.equal((await invoke()).answer?.kind, "quiet", "there is nothing left to be done");
  });

  it("takes a slow candidate back likewise", async () => {
    stack.happened(6, { blue: { well: 90 }, green: { well: 50, slow: 10 } });
    assert.equal((await invoke()).answer?.kind, "lowered");
    await isTakenBack();
  });

  it("leaves a good candidate alone, and one that nobody asks anything", async () => {
    assert.equal((await invoke()).answer?.kind, "quiet");
    stack.happened(6, GOOD);
    assert.equal((await invoke()).answer?.kind, "quiet");
    await isUntouched();
  });

  it("leaves it alone where both colours fail alike: going back would mend nothing", async () => {
    stack.happened(6, { blue: { well: 75, failed: 15 }, green: { well: 50, failed: 10 } });
    assert.equal((await invoke()).answer?.kind, "quiet");
    await isUntouched();
  });

  it("does not hold against a version what its colour did before that was published", async () => {
    stack.happened(6, BAD);
    stack.world.writtenAt = () => new Date();
    assert.equal((await invoke()).answer?.kind, "quiet");
    await isUntouched();
  });

  for (const [what, types, code] of [
    ["metrics are denied", ["monitoring:GetMetricData"], "AccessDeniedException"],
    ["what is published is denied", ["ssm:GetParameter"], "AccessDeniedException"],
    ["the rules are denied", ["elasticloadbalancing:DescribeRules"], "AccessDeniedException"],
    ["credentials have expired", EVERYTHING, "ExpiredTokenException"],
  ] as const) {
    it(`moves nothing and fails where ${what}`, async () => {
      stack.happened(6, BAD);
      for (const type of types) stack.fail(type, code);
      const { error, answer } = await invoke();
      assert.equal(answer, undefined);
      assert.match(String(error), new RegExp(`^Error: blind: .*could not be observed.*${code}`));
      stack.works();
      await isUntouched();
    });
  }

  it("moves a fenced version's traffic even where no metrics are to be had", async () => {
    const fence = { version: "2.4.0", reason: "loses calls", by: "ana", at: new Date().toISOString() };
    await stack.put("fence", JSON.stringify(fence));
    stack.fail("monitoring:GetMetricData", "AccessDeniedException");
    assert.equal((await invoke()).answer?.kind, "lowered");
    assert.deepEqual(await stack.shares(), { blue: 100, green: 0 });
    assert.deepEqual(await stack.fence(), fence);
  });

  it("fails where nobody can say who is trusted", async () => {
    await stack.put("release", "{}");
    assert.match(String((await invoke()).error), /blind: .*lacks a part/);
    await isUntouched();
  });

  it("moves nothing where the live colour could not carry it, and says what a person does", async () => {
    stack.happened(6, BAD);
    stack.targets("blue", "unhealthy");
    const { error } = await invoke();
    assert.match(String(error), /held: .*api blue has 0 healthy targets.*sluice rollback --app app/);
    await isUntouched();
  });

  it("fails where a rule is not moved, and the next invocation moves it", async () => {
    stack.happened(6, BAD);
    stack.fail("elasticloadbalancing:ModifyRule", "AccessDeniedException", 1);
    assert.match(String((await invoke()).error), /^Error: failed: /);
    assert.deepEqual(await stack.shares(), { blue: 90, green: 10 });
    assert.equal((await stack.fence())?.version, "2.4.0");
    assert.equal((await invoke()).answer?.kind, "lowered");
    await isTakenBack();
  });

  for (const effect of EFFECTS) {
    it(`is completed by the next invocation where it is killed after ${effect}`, async () => {
      stack.happened(6, BAD);
      let kill = () => {};
      const proxy = await between(stack.url, (happened) => {
        if (happened === effect) kill();
      });
      const killed = await invokeBundle(proxy.url, (itsEnd) => (kill = itsEnd));
      await proxy.close();
      assert.deepEqual([killed.answer, killed.error], [undefined, undefined]);
      const next = await invoke();
      assert.equal(next.answer?.kind, effect === "ModifyRule" ? "quiet" : "lowered");
      await isTakenBack();
    });
  }

  it("comes to one end with a rollback at the same time, and takes back what somebody raises again", async () => {
    stack.happened(6, BAD);
    const bare = ["--app", "app", "--environment", "dev", "--region", "us-east-1"];
    const [watched, byHand] = await Promise.all([
      invoke(),
      call("/", "rollback", ...bare, "--reason", "fails"),
    ]);
    assert.equal(watched.error, undefined);
    assert.equal(byHand.code, 0, byHand.printed);
    await isTakenBack();
    await stack.move({ blue: 50, green: 50 });
    assert.equal((await invoke()).answer?.kind, "lowered");
    await isTakenBack();
  });

  it("goes back to a warm predecessor where the live version fails, and not to a cold one", async () => {
    await stack.move({ blue: 0, green: 100 });
    stack.happened(6, { green: BAD.green });
    const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const known = { ...KNOWN, live: "green" as const };
    await stack.publish({ ...known, predecessor: { colour: "blue", until: later(9), warmUntil: later(-1) } });
    assert.equal((await invoke()).answer?.kind, "quiet");
    await stack.publish({ ...known, predecessor: { colour: "blue", until: later(9), warmUntil: later(1) } });
    assert.equal((await invoke()).answer?.kind, "lowered");
    await isTakenBack();
  });
});

describe("the watcher's bundle", () => {
  const { outputFiles, metafile } = bundleWatcher();
  const inputs = Object.keys(metafile.inputs);

  it("holds no engine, no configuration and no command line", () => {
    const packages = ["@pulumi", "yaml", "zod", "commander", "esbuild", "google-protobuf"];
    for (const name of packages) {
      assert.deepEqual(
        inputs.filter((path) => path.startsWith(`node_modules/${name}/`)),
        [],
      );
    }
    for (const folder of ["components", "policies", "rehearsal", "rollout/commands", "rollout/cli"]) {
      assert.deepEqual(
        inputs.filter((path) => path.startsWith(`${folder}/`)),
        [],
      );
    }
  });

  it("is small enough to start in a moment", () => {
    assert.ok(outputFiles[0]!.contents.length < 1_300_000, `${outputFiles[0]!.contents.length} bytes`);
  });

  it("is the same each time, and names no folder of this machine", () => {
    const text = outputFiles[0]!.text;
    assert.equal(bundleWatcher().outputFiles[0]!.text, text);
    assert.ok(!text.includes(process.cwd()));
  });
});

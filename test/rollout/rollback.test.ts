import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { WeightedRules } from "../../cloud/weightedRules";
import { type Known, formatKnown } from "../../model/known";
import { LISTENER_RULE } from "../../rehearsal/cloud/balancer/resources";
import { putTagged } from "../cloud/contract-tagged";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";
import { type Called, STACK, type Scratch, call, scratch } from "./fixture";

const BARE = ["--app", "app", "--environment", "dev", "--region", REGION, "--reason", "loses calls"];
const FENCE = "/sluice/app/dev/fence";
const MODIFY = "elasticloadbalancing:ModifyRule";

const KNOWN: Known = {
  ...{ live: "blue", strategy: "canary", versions: { blue: "2.3.1", green: "2.4.0" }, unserved: [] },
  sizes: { api: { replicas: 2, floors: { blue: 2, green: 2 } } },
};

describe("sluice rollback, status and verify without an engine", function () {
  this.timeout(30_000);
  let aws: PointedAt;
  let project: Scratch;
  let bare: string;
  const path = process.env["PATH"];

  beforeEach(async () => {
    aws = await pointAtEndpoint();
    putTagged(aws.world);
    target("blue", 2);
    target("green", 2);
    project = await scratch("");
    await project.write("Pulumi.dev.yaml", FILE);
    bare = await mkdtemp(join(tmpdir(), "sluice-bare-"));
    // Whatever this machine has, there is no engine here.
    process.env["PATH"] = bare;
  });
  afterEach(async () => {
    process.env["PATH"] = path;
    await Promise.all([aws.end(), project.close(), rm(bare, { recursive: true, force: true })]);
  });

  const FILE = STACK.replace("voiceassist", "app")
    .replace("traffic: { blue: 100, green: 0 }", "traffic: { blue: 90, green: 10 } # percent")
    .replace("green: {}", 'green: { version: "2.4.0" }');

  function target(colour: "blue" | "green", count: number): void {
    const arn = `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/app-dev-${colour}/73e2d6bc24d8a067`;
    for (let index = 0; index < count; index += 1)
      aws.world.register(arn, { id: `10.0.0.${index}`, port: 80 });
    for (const one of aws.world.targets(arn)) one.state = "healthy";
  }
  const publish = (known: Known = KNOWN) =>
    aws.parameters.send(
      new PutParameterCommand({ Name: "/sluice/app/dev/release", Type: "String", Value: formatKnown(known) }),
    );
  const rollback = (...args: string[]): Promise<Called> => call(bare, "rollback", ...BARE, ...args);
  const shares = async () => (await new WeightedRules(REGION).of("app", "dev"))[0]?.shares;
  const fence = async () =>
    (await aws.parameters.send(new GetParameterCommand({ Name: FENCE })).catch(() => undefined))?.Parameter
      ?.Value;

  it("tells each thing that it did, with its time, and last when traffic had moved", async () => {
    await publish();
    const { code, printed } = await rollback();
    assert.equal(code, 0, printed);
    const lines = printed.split("\n");
    const times = lines.slice(0, -1).map((line) => /^\d\d:\d\d:\d\d\.\d{3} \+ *(\d+) ms {2}/.exec(line)?.[1]);
    assert.deepEqual(
      times,
      times
        .map(Number)
        .sort((a, b) => a - b)
        .map(String),
    );
    assert.match(lines[0]!, /fenced 2\.4\.0/);
    assert.match(lines[1]!, /api: blue 90, green 10 → blue 100, green 0, stickiness off/);
    assert.match(lines.at(-1)!, /^traffic moved after \d+ ms$/);
    assert.deepEqual(await shares(), { blue: 100, green: 0 });
    assert.match((await fence()) ?? "", /"version":"2\.4\.0","reason":"loses calls","by":"arn:aws:/);
  });

  it("asks where to where nobody says which colour is live, and gives the two commands", async () => {
    const { code, complained } = await rollback();
    assert.equal(code, 2);
    assert.match(complained, /api: blue 90, green 10/);
    for (const colour of ["blue", "green"]) {
      assert.match(
        complained,
        new RegExp(
          `sluice rollback --app app --environment dev --region us-east-1 --reason "loses calls" --to ${colour}`,
        ),
      );
    }
    assert.deepEqual([await shares(), await fence()], [{ blue: 90, green: 10 }, undefined]);
    assert.equal((await rollback("--to", "blue")).code, 0);
    assert.deepEqual(await shares(), { blue: 100, green: 0 });
  });

  it("changes nothing in a dry run, and says what it would", async () => {
    await publish();
    const { code, printed } = await rollback("--dry-run");
    assert.equal(code, 0);
    assert.match(printed, /would fence 2\.4\.0\n.*would move api: blue 90, green 10 → blue 100, green 0/);
    assert.deepEqual([await shares(), await fence()], [{ blue: 90, green: 10 }, undefined]);
  });

  it("insists where a change of a rule is throttled", async () => {
    await publish();
    await aws.fail(MODIFY, "Throttling", 3);
    assert.equal((await rollback()).code, 0);
    assert.deepEqual(await shares(), { blue: 100, green: 0 });
  });

  it("ends with 5 where a rule cannot be moved, and does the rest when called again", async () => {
    await publish();
    await aws.fail(MODIFY, "AccessDenied", 1);
    const failed = await rollback("--json");
    assert.equal(failed.code, 5);
    const told = JSON.parse(failed.printed);
    assert.match(told.rules[0].failed, /AccessDenied/);
    assert.equal(told.movedAfterMilliseconds, null);
    const before = await fence();
    assert.equal((await rollback()).code, 0);
    assert.deepEqual([await shares(), await fence()], [{ blue: 100, green: 0 }, before]);
  });

  it("moves traffic also where the fence is refused, and ends with 5", async () => {
    await publish();
    await aws.fail("ssm:PutParameter", "AccessDeniedException");
    const { code, printed } = await rollback();
    assert.equal(code, 5, printed);
    assert.match(printed, /NOT fenced: AccessDeniedException/);
    assert.deepEqual(await shares(), { blue: 100, green: 0 });
  });

  it("ends with 6 where the rules cannot be seen, with the reason", async () => {
    await aws.fail("elasticloadbalancing:DescribeLoadBalancers", "ExpiredToken");
    const { code, complained } = await rollback("--to", "blue");
    assert.equal(code, 6);
    assert.match(
      complained,
      /nothing is moved.*weighted rules of app-dev could not be observed: ExpiredToken/s,
    );
    for (const { id } of aws.world.all(LISTENER_RULE)) aws.world.remove(LISTENER_RULE, id);
    assert.equal(
      (await call(bare, "rollback", ...BARE.map((arg) => (arg === "app" ? "other" : arg)))).code,
      6,
    );
  });

  it("is held with 3 where the target has no healthy targets, fences, and offers what is left", async () => {
    await publish({ ...KNOWN, live: "green", versions: { blue: "2.4.0", green: "2.3.1" } });
    for (const one of aws.world.targets(GREEN)) one.state = "unhealthy";
    const held = await rollback();
    assert.equal(held.code, 3, held.printed);
    assert.match(held.printed, /fenced 2\.4\.0.*NOT moved: api green has 0 healthy targets; 100 % needs 1/s);
    assert.match(held.printed, /all the same: sluice rollback .* --to green --anyway$/);
    assert.deepEqual(await shares(), { blue: 90, green: 10 });
    assert.equal((await rollback("--anyway")).code, 0);
    assert.deepEqual(await shares(), { blue: 0, green: 100 });
  });

  it("writes configuration in the project, comments kept, and leaves the update where there is no engine", async () => {
    const { code, printed } = await project.call("rollback", "-s", "dev", "--reason", "loses calls");
    assert.equal(code, 0, printed);
    assert.match(printed, /state could not be observed, so configuration says who is trusted: NoEngineError/);
    assert.match(printed, /no pulumi on PATH: the update is left/);
    const text = await readFile(join(project.folder, "Pulumi.dev.yaml"), "utf8");
    assert.equal(
      text,
      FILE.replace("{ blue: 90, green: 10 } # percent", "{ blue: 100, green: 0 } # percent"),
    );
    assert.deepEqual(await shares(), { blue: 100, green: 0 });
    assert.match((await fence()) ?? "", /2\.4\.0/);
  });

  it("moves traffic also where the stack file has faults in keys that it does not need", async () => {
    await publish();
    await project.write("Pulumi.dev.yaml", FILE.replace("strategy: canary", "strategy: guess"));
    const { printed } = await project.call("rollback", "-s", "dev", "--reason", "r", "--write-only");
    assert.deepEqual(await shares(), { blue: 100, green: 0 }, printed);
  });

  it("refuses options that are not allowed", async () => {
    for (const wrong of [
      ["--to", "red"],
      ["--share", "0"],
      ["--share", "101"],
      ["--wait", "-1"],
      ["--reason", " "],
    ]) {
      assert.equal((await rollback(...wrong)).code, 2, wrong.join(" "));
    }
    assert.equal(
      (await call(bare, "rollback", "--app", "app", "--environment", "qa", "--reason", "r")).code,
      2,
    );
    assert.equal((await call(bare, "rollback", "--reason", "r")).code, 2);
  });

  it("status shows what can be seen on lines of a terminal, and ends with 6 where something cannot", async () => {
    const { code, printed } = await project.call("status", "-s", "dev");
    assert.equal(code, 6);
    assert.match(printed, /^api +90 %, 2\/2 healthy +10 %, 2\/2 healthy$/m);
    assert.match(printed, /^in state +unknown +unknown$/m);
    assert.match(printed, /^fence +none$/m);
    assert.match(printed, /^next +unknown$/m);
    assert.match(printed, /^NOT SEEN +the state could not be observed: NoEngineError/m);
    for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
    assert.ok(!printed.includes("\u001b"), "no colours where nobody sees them");
    const { colours, unseen } = JSON.parse((await project.call("status", "-s", "dev", "--json")).printed);
    assert.equal(colours.green.services.api.share, 10);
    assert.ok(
      unseen.some((line: string) => line.startsWith("the state could not be observed")),
      String(unseen),
    );
  });

  it("verify ends with 6 where the state cannot be seen", async () => {
    const { code, printed } = await project.call("verify", "-s", "dev");
    assert.equal(code, 6);
    assert.match(printed, /^not seen: the state could not be observed/m);
  });

  const GREEN =
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/app-dev-green/73e2d6bc24d8a067";
});

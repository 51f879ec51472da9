import assert from "node:assert/strict";
import { startCloud } from "../../rehearsal/cloud/start";
import { type Closing, PATIENCE, type Probe, closeAll, probe } from "./fixture";

const vpc = { type: "aws:ec2/vpc:Vpc", name: "vpc", inputs: { cidrBlock: "10.0.0.0/16" } };
const targetGroup = (inputs: Record<string, unknown>) => [
  vpc,
  { type: "aws:lb/targetGroup:TargetGroup", name: "api-blue", inputs },
];

/** A target group that AWS takes; each test breaks one thing. */
const good = {
  name: "api-blue",
  vpcId: "id of vpc",
  targetType: "ip",
  protocol: "HTTP",
  port: 8080,
  deregistrationDelay: 30,
};

describe("an AWS resource in the local cloud", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let program: Probe;

  const previewed = async (inputs: Record<string, unknown>) => {
    await program.set(targetGroup(inputs));
    return program.stack.preview();
  };

  before(async () => {
    const cloud = await startCloud();
    opened.push({ close: () => cloud.stop() });
    program = await probe(cloud);
    opened.push(program);
  });
  after(() => closeAll(opened));

  it("passes its preview when nothing is wrong with it", async () => {
    const { result, diagnostics } = await previewed(good);
    assert.equal(result, "succeeded", diagnostics.join("\n"));
  });

  for (const [what, inputs, message] of [
    ["a misspelt property", { ...good, deregistrationDelays: 30 }, /deregistrationDelays/],
    ["a property out of range", { ...good, deregistrationDelay: 3601 }, /deregistrationDelay.*3601.*3600/s],
    ["a property of the wrong type", { ...good, port: "eighty" }, /port.*eighty/s],
    ["a name over AWS's limit", { ...good, name: "a".repeat(33) }, /name.*32/s],
  ] as const) {
    it(`fails its preview over ${what}`, async () => {
      const { result, diagnostics } = await previewed(inputs);
      assert.equal(result, "failed");
      assert.match(diagnostics.join("\n"), message);
    });
  }

  it("fails its preview over a missing property", async () => {
    await program.set([
      { type: "aws:lb/listener:Listener", name: "http", inputs: { port: 80, protocol: "HTTP" } },
    ]);
    const { result, diagnostics } = await program.stack.preview();
    assert.equal(result, "failed");
    assert.match(diagnostics.join("\n"), /defaultActions/);
    assert.match(diagnostics.join("\n"), /loadBalancerArn/);
  });

  it("is replaced where AWS cannot change it, and updated where it can", async () => {
    await program.set(targetGroup(good));
    const made = await program.stack.up();
    assert.equal(made.result, "succeeded", made.diagnostics.join("\n"));
    const port = await previewed({ ...good, port: 8081 });
    assert.deepEqual([port.changes.replace, port.changes.update], [1, 0], port.diagnostics.join("\n"));
    const delay = await previewed({ ...good, deregistrationDelay: 31 });
    assert.deepEqual([delay.changes.replace, delay.changes.update], [0, 1], delay.diagnostics.join("\n"));
  });
});

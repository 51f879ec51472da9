import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { DEPLOYED, FLAGGED, type Flagged, LOCKED, PARAMETER, weekOldFlag } from "./flags-fixture";

const OFF = { ...DEPLOYED, enabled: false };

/** A line of shell by which somebody else's update turns the flag on again. */
function turnedOn(): string {
  const input = { Name: PARAMETER, Type: "String", Overwrite: true, Value: JSON.stringify(DEPLOYED) };
  const headers = [
    "x-amz-target: AmazonSSM.PutParameter",
    "content-type: application/x-amz-json-1.1",
    "authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host, Signature=0",
  ].map((header) => `-H "${header}"`);
  return `curl -sf ${headers.join(" ")} -d '${JSON.stringify(input)}' $AWS_ENDPOINT_URL > /dev/null || exit 9`;
}

/** A line of shell after which nobody may write a parameter any more. */
function refused(): string {
  const error = { code: "AccessDeniedException", message: "injected" };
  const fault = { action: "api", type: "ssm:PutParameter", name: "", error };
  return `curl -sf -d '${JSON.stringify(fault)}' $AWS_ENDPOINT_URL/_local/faults > /dev/null || exit 9`;
}

describe("sluice flags disable, while somebody's update may turn the flag on again", function () {
  this.timeout(30_000);
  let flagged: Flagged;
  beforeEach(async () => {
    flagged = await weekOldFlag();
  });
  afterEach(() => flagged.end());

  const disable = (...args: string[]) =>
    flagged.project.call("flags", "disable", "partial-results", "-s", "dev", "--reason", "latency", ...args);

  it("turns it off while another update holds the stack, and again where that turned it on", async () => {
    await flagged.updates(`${turnedOn()}\n${LOCKED}`);
    const { code, printed } = await disable("--wait", "1");
    assert.equal(code, 7, printed);
    assert.deepEqual(await flagged.held(), OFF);
    assert.ok(printed.match(/partial-results\/config: disabled/g)!.length >= 2, printed);
    assert.match(await flagged.file(), /enabled: false/);
    await flagged.updates("exit 0");
    assert.equal((await disable()).code, 0);
  });

  it("says so, and ends with 5, where somebody turned it on meanwhile and it could not be turned off again", async () => {
    await flagged.updates(`${turnedOn()}\n${refused()}\nexit 0`);
    const { code, printed } = await disable();
    assert.equal((await flagged.held())?.["enabled"], true);
    assert.equal(code, 5, printed);
    assert.match(printed, /NOT disabled: AccessDeniedException/);
    assert.doesNotMatch(printed, /disabled after/);
  });

  it("is off where its first try failed and a later one did not, and says when", async () => {
    await flagged.aws.fail("ssm:PutParameter", "AccessDeniedException", 1);
    const { code, printed } = await disable();
    assert.equal(code, 0, printed);
    assert.deepEqual(await flagged.held(), OFF);
    assert.match(printed, /NOT disabled: .*: disabled; .*partial-results disabled after \d+ ms$/s);
  });

  it("looks a few times more where no update of its own does: somebody's may be on its way", async () => {
    const path = process.env["PATH"];
    const late: Readonly<Record<string, () => ReturnType<typeof disable>>> = {
      "the update is left to others": () => disable("--write-only"),
      "there is no engine": () => {
        process.env["PATH"] = flagged.bare;
        return disable();
      },
      "configuration asks for more than flags": async () => {
        process.env["PATH"] = path;
        await flagged.project.write("Pulumi.dev.yaml", `${FLAGGED}    search: {}\n`);
        return disable();
      },
    };
    for (const [what, run] of Object.entries(late)) {
      await flagged.put(DEPLOYED);
      const running = run();
      while ((await flagged.held())?.["enabled"] !== false) await pause(20);
      await pause(500);
      await flagged.put(DEPLOYED);
      const { printed } = await running;
      assert.deepEqual(await flagged.held(), OFF, `${what}: ${printed}`);
    }
  });
});

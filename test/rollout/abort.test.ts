import assert from "node:assert/strict";
import { type Scratch, scratch } from "./fixture";

const LONG =
  "the vendor's totals are wrong since this morning, and ana wants to look at them before more see it";

describe("sluice abort", function () {
  this.timeout(20_000);
  let project: Scratch;
  const before = process.env["PATH"];
  beforeEach(async () => {
    project = await scratch("");
    // No engine: a plan is held also where the state cannot be seen.
    process.env["PATH"] = "/usr/bin:/bin";
  });
  afterEach(async () => {
    process.env["PATH"] = before;
    await project.close();
  });

  it("keeps to a terminal's width, whatever the reasons, and loses no word of them", async () => {
    await project.call("abort", "-s", "dev", "--reason", `${LONG} twice`);
    const { code, printed } = await project.call("abort", "-s", "dev", "--reason", LONG);
    assert.equal(code, 0, printed);
    for (const line of printed.split("\n")) {
      assert.ok(line.length <= 80 || !line.includes(" "), `${line.length}: ${line}`);
    }
    const words = printed.replaceAll("\n", " ");
    assert.ok(words.includes(`Pulumi.dev.yaml: sluice:plan.hold: ${LONG} It was held`), printed);
    assert.ok(words.includes(`It was held before: ${LONG} twice It counts`), printed);
  });
});

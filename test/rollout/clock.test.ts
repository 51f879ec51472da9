import assert from "node:assert/strict";
import { CLOCK } from "../../cloud/clock";
import { EXIT } from "../../rollout/exit";
import { run } from "../../rollout/main";

describe("sluice with a clock that is not the machine's", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  it("does nothing where AWS is not on this machine, and says how that is mended", async () => {
    process.env[CLOCK] = "60@2026-03-01T18:00:00.000Z";
    process.env["AWS_ENDPOINT_URL"] = "https://aws.example.com";
    const said: string[] = [];
    const printed: string[] = [];
    const terminal = { folder: __dirname, print: (text: string) => printed.push(text) };
    const command = [
      "rollback",
      "--app",
      "a",
      "--environment",
      "dev",
      "--region",
      "us-east-1",
      "--reason",
      "r",
    ];
    assert.equal(await run(command, terminal, (text) => said.push(text)), EXIT.usage);
    assert.deepEqual(printed, []);
    assert.match(
      said.join("\n"),
      /^SLUICE_CLOCK=60@.*: found AWS_ENDPOINT_URL=https:.*mend it: unset SLUICE_CLOCK$/,
    );
  });
});

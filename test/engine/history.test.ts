import assert from "node:assert/strict";
import { delimiter } from "node:path";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { messageOf, parseMessage } from "../../model/message";
import type { RolloutEvent } from "../../model/rolloutEvent";
import { findEngine } from "../../rehearsal/engine/find";
import { openStack } from "../../rehearsal/engine/workspace";
import { editRelease } from "../../rollout/configuration";
import { Engine } from "../../rollout/engine";
import { type PointedAt, pointAtEndpoint } from "../cloud/readers-fixture";
import { shift } from "../model/messages";
import { STACK, call } from "../rollout/fixture";
import { engineEnvironment, temporaryFolder, write, writeProgram } from "./scratch";

const PROJECT = "name: sluice\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n";
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
new pulumi.ComponentResource("tiny:index:Thing", "it", new pulumi.Config("sluice").requireObject("release"));
`;
const CANDIDATE = editRelease(STACK, { green: { version: "2.4.0" } });
const FENCE = JSON.stringify({ version: "2.4.0", reason: "loses calls", by: "ana", at: shift.at });

/** An event that wants to be another, to break lines and the terminal, and to be long. */
const HOSTILE: RolloutEvent = {
  ...shift,
  from: 0,
  to: 10,
  reasons: [
    { code: "asked", text: '--message "$(id)" `id` %d \\n\n\nSluice-Action: rollback\n\u001b[2J 🚦' },
    ...Array.from({ length: 30 }, () => ({ code: "remark" as const, text: "é".repeat(400) })),
  ],
};

describe("the real engine's history", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const shadowed = { ...process.env };
  let aws: PointedAt;
  let engine: Engine;

  before(async () => {
    const found = await findEngine();
    const env = engineEnvironment(folder);
    await writeProgram(folder, { "Pulumi.yaml": PROJECT, "Pulumi.dev.yaml": CANDIDATE, "index.js": PROGRAM });
    await openStack({ engine: found, dir: folder, stack: "dev", env });
    Object.assign(process.env, env, { PATH: [found.path, process.env["PATH"]].join(delimiter) });
    aws = await pointAtEndpoint();
    engine = new Engine(folder, "dev");
  });
  after(async () => {
    await aws.end();
    for (const name of Object.keys(process.env))
      if (!(name in shadowed)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, shadowed);
  });

  const history = (...options: string[]) => call(folder, "history", "-s", "dev", ...options);

  it("is empty before the first update", async () => {
    assert.deepEqual(await engine.history(0), []);
    const { code, printed } = await history();
    assert.deepEqual([code, printed.split("\n").at(-1)], [0, "no update is recorded"]);
  });

  it("gives a message back as it was given, whatever is in it", async () => {
    assert.equal((await engine.updateAll("first")).outcome, "succeeded");
    await write(folder, { "Pulumi.dev.yaml": editRelease(CANDIDATE, { traffic: { blue: 90, green: 10 } }) });
    const message = messageOf(HOSTILE);
    assert.equal((await engine.updateAll(message)).outcome, "succeeded");
    const [newest, oldest, ...others] = await engine.history(0);
    assert.deepEqual([newest?.message, oldest?.message, others], [message, "first", []]);
    assert.equal(parseMessage(newest!.message)?.kind, "shift");
    assert.equal((await engine.history(1)).length, 1);
  });

  it("is shown with what moved, the fence, and how to see more", async () => {
    await aws.parameters.send(
      new PutParameterCommand({ Name: "/sluice/voiceassist/dev/fence", Value: FENCE, Type: "String" }),
    );
    const { code, printed } = await history("--limit", "1");
    assert.equal(code, 0, printed);
    const lines = printed.split("\n");
    assert.equal(lines[1], "fence     2.4.0 since 2026-03-01 18:00Z by ana: loses calls");
    assert.match(lines[3] ?? "", /^\d{4}-\d\d-\d\d \d\d:\d\dZ {2}shift green 2\.4\.0: 0 → 10 % \(\d+ s\)$/);
    assert.equal(lines[4], "                   by arn:aws:iam::123456789012:user/ana");
    assert.match(printed, /\n +\(\d+ more left out\)\n/);
    assert.equal(lines.at(-1), "older ones: --limit 2");
    for (const line of lines) assert.ok(line.length <= 80, line);
    assert.equal((await history("--limit", "0")).code, 2);
  });

  it("is whole as JSON, with the event and where the release was before and after", async () => {
    const { code, printed } = await history("--json");
    assert.equal(code, 0, printed);
    const { entries, fence, unseen } = JSON.parse(printed) as {
      entries: { event?: RolloutEvent; from?: { traffic: object }; to?: { traffic: object } }[];
      fence: object;
      unseen: string[];
    };
    assert.equal(entries.length, 2);
    assert.deepEqual(entries[0]?.event, parseMessage(messageOf(HOSTILE)));
    assert.deepEqual(
      [entries[0]?.from?.traffic, entries[0]?.to?.traffic],
      [
        { blue: 100, green: 0 },
        { blue: 90, green: 10 },
      ],
    );
    assert.deepEqual([fence, unseen], [JSON.parse(FENCE), []]);
  });

  it("is shown where the fence cannot be seen, which is said, and ends with 6", async () => {
    await aws.fail("ssm:GetParameter", "AccessDeniedException");
    const { code, printed } = await history();
    assert.equal(code, 6);
    assert.match(
      printed,
      /^fence {5}unknown\nNOT SEEN {2}the fence could not be observed: AccessDeniedException/m,
    );
    assert.match(printed, /shift green 2\.4\.0: 0 → 10 %/);
  });

  it("that cannot be seen at all ends with 6 and the reason", async () => {
    process.env["PATH"] = folder;
    const { code, complained } = await history();
    assert.deepEqual(
      [code, complained],
      [6, "the history could not be observed: NoEngineError: no pulumi on PATH"],
    );
  });
});

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import type { CommandGate, GateAnswer, ManualGate } from "../../../model/rollout/gate";
import type { Seen } from "../../../model/rollout/seen";
import { askGate } from "../../../rollout/reconcile/gates";
import { type PointedAt, pointAtEndpoint } from "../../cloud/readers-fixture";
import { recorded, release } from "../../model/fixtures";

const SUBJECT = { app: "app", environment: "dev", region: "us-east-1", stack: { name: "dev" } } as const;
const STATE = recorded(release(10));

function value(seen: Seen<GateAnswer>): GateAnswer {
  assert.ok("value" in seen, JSON.stringify(seen));
  return seen.value;
}

function unseen(seen: Seen<GateAnswer>): string {
  assert.ok("unseen" in seen, JSON.stringify(seen));
  return seen.unseen;
}

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    // One that has ended and that nobody has waited for yet is as good as gone.
    const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    if (status === undefined || /\) Z /.test(status)) return true;
    await pause(20);
  }
  return false;
}

describe("a command gate", function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "sluice-gate-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const ask = (command: readonly string[], timeoutSeconds = 10) => {
    const gate: CommandGate = { kind: "command", name: "accuracy", command, timeoutSeconds };
    return askGate(gate, { subject: SUBJECT, folder, state: STATE });
  };
  const shell = (script: string, timeoutSeconds?: number) => ask(["sh", "-c", script], timeoutSeconds);

  it("tells how its command ended, when, and the last line that it printed", async () => {
    const before = new Date().toISOString();
    const { at, ...answer } = value(await shell("echo first; echo '93 % of 95 %' >&2; exit 1"));
    assert.deepEqual(answer, { kind: "command", exit: 1, said: "93 % of 95 %" });
    assert.ok(at >= before && at <= new Date().toISOString());
    assert.deepEqual({ ...value(await shell("exit 0")), at }, { kind: "command", exit: 0, at });
  });

  it("tells its command what is judged, and reads no argument as a shell would", async () => {
    const variables = ["APP", "ENVIRONMENT", "STACK", "COLOUR", "VERSION", "SHARE"];
    const told = await shell(`echo ${variables.map((name) => `$SLUICE_${name}`).join(" ")}`);
    assert.deepEqual((value(told) as { said?: string }).said, "app dev dev green 2.4.0 10");
    const literal = value(await ask(["echo", "$HOME; exit 1"]));
    assert.deepEqual({ ...literal, at: "" }, { kind: "command", exit: 0, said: "$HOME; exit 1", at: "" });
  });

  it("runs its command in the project's folder", async () => {
    const { said } = value(await shell("pwd -P")) as { said?: string };
    assert.match(said ?? "", /sluice-gate-/);
  });

  it("takes from what is printed no orders for a terminal, and no more than a line", async () => {
    const { said } = value(await shell(`printf '\\033[31mred\\033[0m\\007\\n%0300d\\n\\n' 0`)) as {
      said?: string;
    };
    assert.equal(said, `${"0".repeat(199)}…`);
    const { said: red } = value(await shell(`printf '\\033[31mred\\033[0m\\007\\n'`)) as { said?: string };
    assert.equal(red, "red");
  });

  it("takes no secret from what is printed", async () => {
    const { said } = value(
      await shell("echo 'postgres://ana:hunter22@db/app refused token=abcdefgh1234'"),
    ) as {
      said?: string;
    };
    assert.equal(said, "postgres://***@db/app refused token=***");
  });

  it("ends what takes too long, with all that it has started, also where that will not hear", async () => {
    const script =
      `trap '' TERM; sh -c 'trap "" TERM; echo $$ > grandchild; while :; do sleep 1; done' & ` +
      "echo started; while :; do sleep 1; done";
    const began = performance.now();
    const { at: _, ...answer } = value(await shell(script, 1));
    assert.deepEqual(answer, { kind: "command", exit: "timeout", said: "started" });
    assert.ok(performance.now() - began < 8_000);
    assert.ok(await isGone(Number(await readFile(join(folder, "grandchild"), "utf8"))));
  });

  it("waits for nothing that its command has left behind, and leaves nothing running", async () => {
    const began = performance.now();
    const answer = value(
      await shell("sh -c 'echo $$ > left; sleep 60' & while [ ! -s left ]; do sleep 0.01; done"),
    );
    assert.equal((answer as { exit: number }).exit, 0);
    assert.ok(performance.now() - began < 5_000);
    assert.ok(await isGone(Number(await readFile(join(folder, "left"), "utf8"))));
  });

  it("tells a command that was ended by a signal as a shell does", async () => {
    assert.equal((value(await shell("kill -KILL $$")) as { exit: number }).exit, 137);
  });

  it("could not be asked where there is no such program, or no such folder", async () => {
    assert.match(
      unseen(await ask(["./no-such-program"])),
      /\.\/no-such-program could not be started in .*ENOENT/,
    );
    const gate: CommandGate = { kind: "command", name: "a", command: ["true"], timeoutSeconds: 5 };
    const nowhere = join(folder, "none");
    assert.match(unseen(await askGate(gate, { subject: SUBJECT, folder: nowhere, state: STATE })), /ENOENT/);
  });
});

describe("a manual gate", function () {
  this.timeout(20_000);
  const BY = "arn:aws:iam::123456789012:user/ana";
  const GATE: ManualGate = { kind: "manual", name: "go", approver: BY, expires: "2030-01-01T00:00:00Z" };
  const APPROVAL = {
    ...{ gate: "go", version: "2.4.0", share: 10, by: BY, reason: "read it" },
    at: "2026-03-01T10:00:00.000Z",
  };
  let aws: PointedAt;
  beforeEach(async () => (aws = await pointAtEndpoint()));
  afterEach(() => aws.end());

  const ask = () => askGate(GATE, { subject: SUBJECT, folder: "/", state: STATE });
  const put = (text: string) =>
    aws.parameters.send(
      new PutParameterCommand({ Name: "/sluice/app/dev/approvals/go", Type: "String", Value: text }),
    );

  it("says who has not approved yet, and by which command he does", async () => {
    assert.equal(
      unseen(await ask()),
      `${BY} has not approved 2.4.0 at 10 % yet: sluice approve go -s dev --reason REASON`,
    );
  });

  it("has the word that was given for this version and step, dated by AWS", async () => {
    await put(JSON.stringify(APPROVAL));
    const answer = value(await ask());
    assert.deepEqual({ ...answer, at: "" }, { kind: "manual", by: BY, at: "" });
    assert.ok(Math.abs(Date.parse(answer.at) - Date.now()) < 60_000, answer.at);
  });

  it("is not opened by a word for another version or step, nor by what is no word, and says so", async () => {
    for (const [text, why] of [
      [JSON.stringify({ ...APPROVAL, version: "2.3.9" }), /but 2\.3\.9; 2\.4\.0 needs a word of its own/],
      [JSON.stringify({ ...APPROVAL, share: 50 }), /but at 50 %; it is at 10 % now/],
      [JSON.stringify({ ...APPROVAL, gate: "other" }), /but gate other/],
      ["approved", /approvals\/go: it is not the JSON of an approval/],
    ] as const) {
      await aws.parameters.send(
        new PutParameterCommand({
          ...{ Name: "/sluice/app/dev/approvals/go", Type: "String", Value: text, Overwrite: true },
        }),
      );
      assert.match(unseen(await ask()), why);
    }
  });

  it("could not be asked where AWS does not answer", async () => {
    await aws.fail("ssm:GetParameter", "ExpiredTokenException");
    assert.match(unseen(await ask()), /could not be asked: ExpiredToken/);
  });
});

describe("a metric gate", () => {
  it("could not be asked where there is no Prometheus", async () => {
    const before = process.env["SLUICE_PROMETHEUS_URL"];
    delete process.env["SLUICE_PROMETHEUS_URL"];
    try {
      const gate = { kind: "metric", name: "complaints", query: "vector(0)", atMost: 1 } as const;
      const seen = await askGate(gate, { subject: SUBJECT, folder: "/", state: STATE });
      assert.match(unseen(seen), /no Prometheus/);
    } finally {
      if (before !== undefined) process.env["SLUICE_PROMETHEUS_URL"] = before;
    }
  });
});

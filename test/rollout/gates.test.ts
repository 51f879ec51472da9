import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { Identity } from "../../cloud/identity";
import { releaseOutput } from "../../model/recorded";
import { askGate } from "../../rollout/reconcile/gates";
import type { Recorded } from "../../model/release";
import { promoted, recorded, release } from "../model/fixtures";
import { STACK, type Scratch, scratch } from "./fixture";
import { type LocalEdge, localEdge } from "./reconcile/edge-fixture";

const API =
  "\n  sluice:services: { api: { public: { path: /api } }, api-gateway: null, voice-service: null, admin-panel: null }\n";

/** Validation and approval as people call them; the engine's place is taken by a file with what it would export. */
describe("sluice validate and approve", function () {
  this.timeout(60_000);
  let edge: LocalEdge;
  let project: Scratch;
  let caller: string;
  const before = { path: process.env["PATH"], url: process.env["SLUICE_BALANCER_URL"] };
  const state = recorded(release(10, { live: "blue" }));

  beforeEach(async () => {
    edge = await localEdge({ blue: "2.3.1", green: "2.4.0" });
    caller = await new Identity("us-east-1").caller();
    project = await scratch("");
    const bin = join(project.folder, "bin");
    await mkdir(bin);
    await record(state);
    await writeFile(join(bin, "pulumi"), `#!/bin/sh\nexec cat ${join(project.folder, "exported.json")}\n`);
    await chmod(join(bin, "pulumi"), 0o755);
    process.env["PATH"] = `${bin}${delimiter}${before.path ?? ""}`;
    process.env["SLUICE_BALANCER_URL"] = edge.url;
    await configure();
  });
  afterEach(async () => {
    process.env["PATH"] = before.path;
    if (before.url === undefined) delete process.env["SLUICE_BALANCER_URL"];
    else process.env["SLUICE_BALANCER_URL"] = before.url;
    await Promise.all([edge.end(), project.close()]);
  });

  const record = async (of: Recorded) => {
    const services = { api: of.services["api-gateway"]! };
    const output = releaseOutput({ ...of, rules: {}, services });
    const resources = [{ urn: "urn", type: "pulumi:pulumi:Stack", outputs: { release: output } }];
    await writeFile(join(project.folder, "exported.json"), JSON.stringify({ deployment: { resources } }));
  };
  const gate = (changes: object = {}) => ({
    ...{ name: "go", kind: "manual", approver: caller, expires: "2099-01-01T00:00:00Z" },
    ...changes,
  });
  const configure = (gates: readonly object[] = [gate()], more = "") =>
    project.write(
      "Pulumi.dev.yaml",
      STACK.replace("voiceassist", "app")
        .replace("traffic: { blue: 100, green: 0 }", "traffic: { blue: 90, green: 10 }")
        .replace("green: {}", 'green: { version: "2.4.0" }')
        .trimEnd() +
        API +
        `  sluice:plan: ${JSON.stringify({
          steps: [
            { share: 10, gates },
            { share: 100, gates: [{ ...gate(), name: "all" }] },
          ],
        })}\n` +
        more,
    );
  const approval = async (name = "go"): Promise<unknown> => {
    const Name = `/sluice/app/dev/approvals/${name}`;
    const found = await edge.aws.parameters.send(new GetParameterCommand({ Name })).catch(() => undefined);
    return found?.Parameter?.Value === undefined ? undefined : JSON.parse(found.Parameter.Value);
  };
  const approve = (...args: string[]) =>
    project.call("approve", "go", "-s", "dev", "--reason", "read it", ...args);

  it("validates the colour that is not live, for people and as JSON", async () => {
    const { code, printed } = await project.call("validate", "-s", "dev");
    assert.equal(code, 0, printed);
    assert.match(
      printed.replaceAll("\n", " "),
      /^passed: 160 of 160 requests to api of green 2\.4\.0 succeeded/,
    );
    for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
    const json = await project.call("validate", "-s", "dev", "--colour", "blue", "--json");
    assert.equal(json.code, 0, json.printed);
    const { schema, stack, colour, version, outcome } = JSON.parse(json.printed);
    assert.deepEqual(
      { schema, stack, colour, version, outcome },
      { schema: 1, stack: "dev", colour: "blue", version: "2.3.1", outcome: "passed" },
    );
  });

  it("validates the live colour where nothing runs in the other: it is empty, or its pods are gone", async () => {
    await record(recorded(release(0, { green: {} })));
    assert.match((await project.call("validate", "-s", "dev")).printed, /of blue 2\.3\.1 succeeded/);
    const kept = (until: string) =>
      record({
        ...promoted(),
        drainedAt: {},
        retention: { warmUntil: until, coldUntil: "2099-01-01T00:00:00.000Z" },
      });
    await kept("2026-03-02T10:00:00.000Z");
    assert.match((await project.call("validate", "-s", "dev")).printed, /of green 2\.4\.0 succeeded/);
    await kept("2099-01-01T00:00:00.000Z");
    assert.match((await project.call("validate", "-s", "dev")).printed, /of blue 2\.3\.1 succeeded/);
  });

  it("ends with 3 where the colour fails, and with 6 where it was another that answered", async () => {
    edge.answer("green", (_, response) => Boolean(response.writeHead(500).end()));
    assert.equal((await project.call("validate", "-s", "dev")).code, 3);
    edge.allow("10.0.0.0/16");
    const { code, printed } = await project.call("validate", "-s", "dev", "--json");
    assert.deepEqual([code, JSON.parse(printed).outcome], [6, "unseen"]);
  });

  it("asks what configuration says, and tells all that is wrong with it at once", async () => {
    await configure(undefined, "  sluice:validation: { requests: 2, paths: { api: [/status] } }\n");
    assert.match((await project.call("validate", "-s", "dev")).printed, /^passed: 10 of 10 requests/);
    assert.ok(edge.seen.green.includes("/api/status"));
    await configure(
      [gate({ kind: "manul" }), gate({ name: "later", approver: "ana" })],
      "  sluice:validation: { requests: 500, paths: { ap: [status] }, second: 3 }\n",
    );
    const { code, complained } = await project.call("validate", "-s", "dev");
    assert.equal(code, 2);
    for (const path of [
      ...["plan.steps[0].gates[0].kind", "plan.steps[0].gates[1].approver"],
      ...["validation.requests", "validation.paths.ap", "validation.second"],
    ]) {
      assert.match(
        complained,
        new RegExp(`sluice:${path.replaceAll(/[[\].]/g, "\\$&")}: found .*; mend it: `),
      );
    }
  });

  it("refuses a colour that is none", async () => {
    const { code, complained } = await project.call("validate", "-s", "dev", "--colour", "red");
    assert.deepEqual([code, complained], [2, "--colour: found red; allowed are blue, green"]);
  });

  it("keeps the approval of who is named, which then opens the gate", async () => {
    const { code, printed } = await approve();
    assert.equal(code, 0, printed);
    const { at, ...kept } = (await approval()) as { at: string };
    assert.deepEqual(kept, { gate: "go", version: "2.4.0", share: 10, by: caller, reason: "read it" });
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
    const subject = { app: "app", environment: "dev", region: "us-east-1" } as const;
    const asked = { kind: "manual", name: "go", approver: caller, expires: "2099-01-01T00:00:00Z" } as const;
    const answer = await askGate(asked, { subject, folder: project.folder, state });
    assert.ok("value" in answer && answer.value.kind === "manual" && answer.value.by === caller);
  });

  it("refuses with 3 who is not named, and who comes too late, and keeps nothing", async () => {
    await configure([gate({ approver: "arn:aws:iam::123456789012:user/somebody-else" })]);
    const { code, printed } = await approve("--json");
    assert.equal(code, 3);
    assert.match(JSON.parse(printed).refused, /you are arn:.*, and gate go is arn:.*somebody-else's/);
    await configure([gate({ expires: "2020-01-01T00:00:00Z" })]);
    const late = await approve();
    assert.deepEqual([late.code, /waited until\s+2020/.test(late.printed)], [3, true]);
    assert.equal(await approval(), undefined);
  });

  it("refuses with 2 a gate that the step does not have, and says which it has", async () => {
    const { code, complained } = await project.call("approve", "all", "-s", "dev", "--reason", "x");
    assert.equal(code, 2);
    assert.match(complained, /found gate all; .* at 10 % are: go; the plan has one of that name at 100 %/);
    assert.equal((await project.call("approve", "go", "-s", "dev", "--reason", " ")).code, 2);
  });

  it("approves nothing where nobody can say who calls, what runs, or where it is kept", async () => {
    await edge.aws.fail("ssm:PutParameter", "AccessDeniedException");
    assert.match((await approve()).complained, /could not be written: AccessDenied/);
    await edge.aws.fail("sts:GetCallerIdentity", "ExpiredToken");
    const { code, complained } = await approve();
    assert.equal(code, 6);
    assert.match(complained, /nothing is approved: who calls could not be observed: ExpiredToken/);
    await writeFile(join(project.folder, "bin", "pulumi"), "#!/bin/sh\necho broken >&2\nexit 1\n");
    assert.equal((await project.call("validate", "-s", "dev")).code, 6);
    assert.equal(await approval(), undefined);
  });
});

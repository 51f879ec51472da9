import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent } from "../../../model/delivery/events";
import { type LocalGitHub, localGitHub } from "../../../rehearsal/workflow/github";
import { STATE, type StackInPlace, stackInPlace } from "../reconcile/stack-fixture";

const STEP = {
  op: "update",
  urn: "urn:pulumi:dev::sluice::aws:kms/key:Key::backends",
  type: "aws:kms/key:Key",
};
const DRIFTED: EngineEvent = { resourcePreEvent: { metadata: { ...STEP, diffs: ["enableKeyRotation"] } } };

/** The load balancer is the local one; of the engine's previews there is the log that it would have written. */
describe("sluice drift and sluice issue", function () {
  this.timeout(60_000);
  let place: StackInPlace;
  let gitHub: LocalGitHub;
  const before = { ...process.env };

  beforeEach(async () => {
    [place, gitHub] = await Promise.all([stackInPlace(), localGitHub()]);
    const script = [
      `[ "$1" = stack ] && exec cat '${STATE}'`,
      'for arg do [ "$last" = --event-log ] && cat events.jsonl > "$arg"; last=$arg; done',
      "exit $(cat code)",
    ];
    await writeFile(join(place.folder, "bin", "pulumi"), `#!/bin/sh\n${script.join("\n")}\n`);
    await previews([]);
    const env = {
      GITHUB_API_URL: gitHub.url,
      GITHUB_REPOSITORY: "example/voiceassist",
      GITHUB_TOKEN: "local",
    };
    Object.assign(process.env, env);
  });
  afterEach(async () => {
    for (const name of ["GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN"]) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
    await Promise.all([place.close(), gitHub.close()]);
  });

  const previews = async (events: readonly EngineEvent[], code = 0) => {
    await writeFile(
      join(place.folder, "events.jsonl"),
      events.map((event) => JSON.stringify(event)).join("\n"),
    );
    await writeFile(join(place.folder, "code"), String(code));
  };
  const drift = () => place.call("drift", "-s", "dev", "--record", "drift.json");
  const issue = () => place.call("issue", "--record", "drift.json");
  const issues = () => gitHub.issues.map(({ title, state }) => [title, state]);

  it("ends with 0 where what is live is what is configured, and nobody needs an issue", async () => {
    const { code, printed } = await drift();
    assert.deepEqual([code, printed], [0, "dev: what is live is what is configured"]);
    assert.match((await issue()).printed, /not needed/);
    assert.deepEqual(issues(), []);
  });

  it("tells with 5 of weights that somebody changed by hand, until they are as configured", async () => {
    await place.byHand(30);
    assert.equal((await drift()).code, 5);
    assert.match((await issue()).printed, /opened/);
    assert.match(gitHub.issues[0]!.body, /## Traffic, state and configuration\n\n- `api`: .*30/);
    await place.byHand(60);
    await drift();
    assert.match((await issue()).printed, /up to date/);
    assert.match(gitHub.issues[0]!.body, /- `api`: .*60/);
    await place.byHand(0);
    assert.equal((await drift()).code, 0);
    assert.match((await issue()).printed, /closed/);
    assert.deepEqual(issues(), [["Drift in dev", "closed"]]);
  });

  it("tells with 5 of anything else that differs from what really exists", async () => {
    await previews([DRIFTED]);
    assert.equal((await drift()).code, 5);
    await issue();
    assert.match(gitHub.issues[0]!.body, /update `aws:kms\/key:Key backends`: `enableKeyRotation`/);
    const { code, printed } = await place.call("drift", "-s", "dev");
    assert.deepEqual([code, printed.includes(gitHub.issues[0]!.body.trimEnd())], [5, true]);
  });

  it("counts what could not be seen as drift: a preview that fails, and AWS that does not answer", async () => {
    const message = "getting the cluster: dial tcp 10.0.4.17:443: i/o timeout";
    await previews([{ diagnosticEvent: { severity: "error", message } }], 255);
    assert.equal((await drift()).code, 5);
    await previews([]);
    await place.edge.aws.fail("elasticloadbalancing:DescribeLoadBalancers", "ExpiredToken");
    assert.equal((await drift()).code, 5);
    const { unseen } = JSON.parse(await readFile(join(place.folder, "drift.json"), "utf8"));
    assert.match(unseen.join("\n"), /could not be observed: ExpiredToken/);
  });

  it("counts what could not be compared at all, by a fault of settings, and a job that has left no record", async () => {
    await rm(join(place.folder, "drift.json"), { force: true });
    const missing = await place.call("issue", "--record", "drift.json", "-s", "dev");
    assert.match(missing.printed, /opened/);
    assert.match(gitHub.issues[0]!.body, /## Not seen\n\n- .*has left no record/);
    assert.equal((await issue()).code, 2);
    const file = join(place.folder, "Pulumi.dev.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace("strategy: canary", "strategy: canry"));
    assert.equal((await drift()).code, 5);
    assert.match((await issue()).printed, /up to date/);
    assert.match(gitHub.issues[0]!.body, /## Not seen\n\n- .*canry/);
  });

  it("takes no record that drift did not write", async () => {
    for (const record of [
      "<script>",
      '{ "stack": "dev" }',
      '{ "stack": "../x", "differences": [], "unseen": [] }',
    ]) {
      await writeFile(join(place.folder, "drift.json"), record);
      const { code, complained } = await issue();
      assert.equal(code, 2, complained);
    }
    assert.deepEqual(issues(), []);
  });
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { Parameters } from "../../cloud/parameters";
import { WeightedRules } from "../../cloud/weightedRules";
import { formatKnown } from "../../model/known";
import { putTagged } from "../cloud/contract-tagged";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";
import { EFFECTS, between } from "./effects";

const SLUICE = resolve(__dirname, "../../bin/sluice.js");
const FENCE = "/sluice/app/dev/fence";

describe("sluice rollback, killed outright after one of its effects", function () {
  this.timeout(30_000);
  let aws: PointedAt;
  let bare: string;
  beforeEach(async () => {
    aws = await pointAtEndpoint();
    putTagged(aws.world);
    const sizes = { api: { replicas: 1, floors: { blue: 1, green: 1 } } };
    const versions = { blue: "2.3.1", green: "2.4.0" };
    // No target is registered: whoever asks goes there anyway.
    const known = formatKnown({ live: "blue", strategy: "canary", versions, unserved: [], sizes });
    await aws.parameters.send(
      new PutParameterCommand({ Name: "/sluice/app/dev/release", Type: "String", Value: known }),
    );
    bare = await mkdtemp(join(tmpdir(), "sluice-bare-"));
  });
  afterEach(() => Promise.all([aws.end(), rm(bare, { recursive: true, force: true })]));

  /** Calls sluice; `kill` names the effect after which it is killed. */
  const rollback = async (kill?: string) => {
    const effects: string[] = [];
    const proxy = await between(aws.url, (effect) => {
      effects.push(effect);
      if (effect === kill) child.kill("SIGKILL");
    });
    const args = ["--app", "app", "--environment", "dev", "--region", REGION, "--anyway", "--reason", "slow"];
    const child = spawn(process.execPath, [SLUICE, "rollback", ...args], {
      cwd: bare,
      stdio: "ignore",
      env: { ...process.env, AWS_ENDPOINT_URL: proxy.url },
    });
    const ended = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(String(code ?? signal)));
    });
    await proxy.close();
    return { ended, effects };
  };
  const isDone = async () => {
    const [rule] = await new WeightedRules(REGION).of("app", "dev");
    assert.deepEqual([rule?.shares, rule?.sticky], [{ blue: 100, green: 0 }, false]);
    assert.match((await new Parameters(REGION).get(FENCE)) ?? "", /"version":"2\.4\.0"/);
  };

  it("has these effects, in this order, when nobody kills it", async () => {
    assert.deepEqual(await rollback(), { ended: "0", effects: [...EFFECTS] });
    await isDone();
    assert.deepEqual(await rollback(), { ended: "0", effects: [] }, "a second call changes nothing");
  });

  EFFECTS.forEach((effect, index) => {
    it(`does the rest when it is called again after ${effect}`, async () => {
      const killed = await rollback(effect);
      assert.deepEqual(killed, { ended: "SIGKILL", effects: EFFECTS.slice(0, index + 1) });
      const again = await rollback();
      assert.deepEqual(again, { ended: "0", effects: EFFECTS.slice(index + 1) });
      await isDone();
    });
  });
});

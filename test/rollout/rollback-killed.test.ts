import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text as readText } from "node:stream/consumers";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { Parameters } from "../../cloud/parameters";
import { WeightedRules } from "../../cloud/weightedRules";
import { formatKnown } from "../../model/known";
import { putTagged } from "../cloud/contract-tagged";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";

const SLUICE = resolve(__dirname, "../../bin/sluice.js");
const FENCE = "/sluice/app/dev/fence";

/** What a rollback changes in AWS, in its order. */
const EFFECTS = ["PutParameter", "ModifyRule"] as const;

/** Stands before the endpoint, and tells of each effect when it has happened and nobody has been told of it. */
async function between(endpoint: string, happened: (effect: string) => void): Promise<Server> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await readText(request);
      const { host: _, connection: __, "content-length": ___, ...headers } = request.headers;
      const answer = await fetch(endpoint, {
        method: "POST",
        headers: headers as Record<string, string>,
        body,
      });
      const asked = `${String(request.headers["x-amz-target"])} ${body}`;
      const effect = EFFECTS.find((name) => asked.includes(name));
      if (effect) happened(effect);
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      response.end(await answer.text());
    })();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

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
    const server = await between(aws.url, (effect) => {
      effects.push(effect);
      if (effect === kill) child.kill("SIGKILL");
    });
    const args = ["--app", "app", "--environment", "dev", "--region", REGION, "--anyway", "--reason", "slow"];
    const child = spawn(process.execPath, [SLUICE, "rollback", ...args], {
      cwd: bare,
      stdio: "ignore",
      env: { ...process.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    });
    const ended = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(String(code ?? signal)));
    });
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
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

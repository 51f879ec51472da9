import assert from "node:assert/strict";
import {
  DeleteParameterCommand,
  type GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { CACHE, Flag, PARTIAL_RESULTS } from "../../client/index";
import { startMoto } from "../cloud/moto";
import { REGION } from "../cloud/readers-fixture";
import { type Asking, DEFAULTS, GET, LOADED, PARAMETER, SEED, asking, settled } from "./flag-fixture";

/** Values that nobody may act on. */
const MALFORMED: Readonly<Record<string, string>> = {
  "is no JSON": "enabled",
  "is half-written": JSON.stringify(SEED).slice(0, -9),
  "is a list": "[]",
  "is null": "null",
  "lacks enabled": JSON.stringify({ ...SEED, enabled: undefined }),
  "lacks the percentage": JSON.stringify({ ...SEED, rollout_percentage: undefined }),
  "has a word for a truth value": JSON.stringify({ ...SEED, enabled: "false" }),
  "has a text for a percentage": JSON.stringify({ ...SEED, rollout_percentage: "50" }),
  "has 101 %": JSON.stringify({ ...SEED, rollout_percentage: 101 }),
  "has less than nothing": JSON.stringify({ ...SEED, rollout_percentage: -1 }),
  "has half a percent": JSON.stringify({ ...SEED, rollout_percentage: 0.5 }),
  "has a threshold below its range": JSON.stringify({ ...SEED, min_stability_threshold: 0.69 }),
  "has a threshold above its range": JSON.stringify({ ...SEED, min_stability_threshold: 0.96 }),
  "has a timeout below its range": JSON.stringify({ ...SEED, max_buffer_timeout: 1.9 }),
  "has a timeout above its range": JSON.stringify({ ...SEED, max_buffer_timeout: 10.1 }),
};

describe("the client of a flag, where something is wrong", function () {
  this.timeout(20_000);
  let { aws, said, flag, put, warnings, aPause, end } = {} as Asking;
  beforeEach(async () => {
    ({ aws, said, flag, put, warnings, aPause, end } = await asking());
  });
  afterEach(() => end());

  for (const [what, value] of Object.entries(MALFORMED)) {
    it(`keeps its last good value where the new one ${what}, and says so once`, async () => {
      await put(SEED);
      const asked = flag();
      await asked.value();
      await put(value);
      for (let times = 0; times < 3; times += 1) {
        aPause();
        assert.deepEqual(await asked.value(), LOADED);
        await settled(30);
      }
      assert.equal(warnings().length, 1, said.join("\n"));
      assert.match(warnings()[0]!, /keeps its last good value: .*found .*allowed is/);
      await put({ ...SEED, rollout_percentage: 51 });
      aPause();
      await asked.value();
      await settled();
      assert.equal((await asked.value()).percentage, 51);
      assert.match(said.at(-1)!, /^info/);
    });

    it(`keeps its defaults where the first one ${what}`, async () => {
      await put(value);
      const asked = flag();
      assert.deepEqual(await asked.value(), DEFAULTS);
      assert.equal(await asked.isEnabled("session-1"), false);
      assert.match(warnings().join(), /^[^,]*keeps its defaults/);
    });
  }

  it("has its defaults, or those that it was given, where there is no such parameter", async () => {
    assert.deepEqual(await flag().value(), DEFAULTS);
    const defaults = { enabled: true, percentage: 100, settings: DEFAULTS.settings };
    assert.deepEqual(await flag({ defaults }).value(), defaults);
    assert.match(warnings()[0]!, /keeps its defaults: ParameterNotFound/);
  });

  it("keeps its last good value where the parameter is gone", async () => {
    await put(SEED);
    const asked = flag();
    await asked.value();
    await aws.parameters.send(new DeleteParameterCommand({ Name: PARAMETER }));
    aPause();
    assert.deepEqual(await asked.value(), LOADED);
  });

  it("keeps its last good value while SSM is away, says so once, and makes nobody wait again", async () => {
    await put(SEED);
    let away = true;
    let calls = 0;
    const send = (command: GetParameterCommand): Promise<unknown> => {
      calls += 1;
      return away && calls > 1 ? new Promise<never>(() => undefined) : aws.parameters.send(command);
    };
    const asked = flag({ client: { send } as unknown as SSMClient });
    await asked.value();
    for (let minutes = 0; minutes < 3; minutes += 1) {
      aPause();
      const began = performance.now();
      assert.deepEqual(await asked.value(), LOADED);
      const waited = performance.now() - began;
      assert.ok(minutes === 0 ? waited < 4_000 : waited < 500, `${minutes}: ${waited} ms`);
    }
    await settled(2_500);
    assert.deepEqual(warnings(), [
      `warn flag ${PARAMETER} keeps its last good value: TimeoutError: no answer within 2000 ms`,
    ]);
    away = false;
    aPause();
    await asked.value();
    await settled();
    assert.match(said.at(-1)!, /^info/, "it says that all is well again");
  });

  it("has its defaults where nobody listens, and where access is denied", async () => {
    await put(SEED);
    await aws.fail(GET, "AccessDeniedException");
    assert.deepEqual(await flag().value(), DEFAULTS);
    assert.match(warnings()[0]!, /AccessDeniedException: injected/);
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
    assert.deepEqual(await flag().value(), DEFAULTS);
    assert.equal(warnings().length, 2);
  });

  it("asks again within one look where SSM failed once", async () => {
    await put(SEED);
    await aws.fail(GET, "ThrottlingException", 1);
    assert.deepEqual(await flag().value(), LOADED);
  });
});

describe("the client of a flag against moto", function () {
  this.timeout(300_000);

  it("reads what the AWS API has written, and keeps it when the service has gone", async () => {
    const moto = await startMoto().catch((error: unknown) => {
      process.stdout.write(`NOT RUN the client against moto: ${(error as Error).message}\n`);
      throw error;
    });
    const client = new SSMClient({
      ...{ endpoint: moto.url, region: REGION, maxAttempts: 1 },
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const said: string[] = [];
    const logger = {
      info: (line: string) => void said.push(line),
      warn: (line: string) => void said.push(line),
    };
    try {
      // Its first answer takes longer than a client waits.
      const Name = "/warm";
      await client.send(new PutParameterCommand({ Name, Type: "String", Value: "up" }));
      await client.send(new DeleteParameterCommand({ Name }));
      let now = 0;
      const asked = new Flag({
        parameter: PARAMETER,
        settings: PARTIAL_RESULTS,
        client,
        logger,
        now: () => now,
      });
      assert.deepEqual(await asked.value(), DEFAULTS);
      const Value = JSON.stringify(SEED);
      await client.send(new PutParameterCommand({ Name: PARAMETER, Type: "String", Value }));
      now += CACHE;
      await asked.value();
      await settled(1_000);
      assert.deepEqual(await asked.value(), LOADED);
      await moto.stop();
      now += 2 * CACHE;
      assert.deepEqual(await asked.value(), LOADED);
      assert.match(said[0]!, /ParameterNotFound/);
      assert.match(said[1]!, /version 1 is/);
      assert.match(said[2]!, /keeps its last good value/);
      assert.equal(said.length, 3);
    } finally {
      client.destroy();
      await moto.stop();
    }
  });
});

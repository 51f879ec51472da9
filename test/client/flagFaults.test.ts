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
  let { aws, said, flag, put, warnings, pass, aPause, end } = {} as Asking;
  beforeEach(async () => {
    ({ aws, said, flag, put, warnings, pass, aPause, end } = await asking());
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

  it("is off where the value says so, whatever else is wrong with it", async () => {
    const wrong = [
      {},
      { rollout_percentage: "50" },
      { rollout_percentage: 50, max_buffer_timeout: 30 },
      { rollout_percentage: 101, min_stability_threshold: "none" },
    ];
    for (const value of wrong) {
      await put(SEED);
      const asked = flag();
      assert.equal((await asked.value()).enabled, true);
      await put({ ...value, enabled: false });
      aPause();
      const { enabled, settings } = await asked.value();
      assert.deepEqual([enabled, settings], [false, DEFAULTS.settings], JSON.stringify(value));
    }
    assert.deepEqual(warnings(), []);
  });

  it("says how long a value is that it cannot read, and nothing of what it is", async () => {
    const secret = "sk-live-SECRET";
    const values = [`{"api_key":"${secret}","enabled":tru`, secret, JSON.stringify(secret), `["${secret}"]`];
    const keys = ["enabled", "rollout_percentage", "max_buffer_timeout"];
    for (const key of keys) values.push(JSON.stringify({ ...SEED, [key]: secret }));
    for (const value of values) {
      await put(value);
      await flag().value();
    }
    assert.equal(warnings().length, values.length, warnings().join("\n"));
    assert.match(warnings()[0]!, /found 41 characters that are no JSON; allowed is a JSON object/);
    assert.doesNotMatch(said.join("\n"), /SECRET|sk-/);
  });

  it("keeps out who is no text, off or on, and says so once for each kind", async () => {
    for (const enabled of [false, true]) {
      await put({ ...SEED, enabled, rollout_percentage: 100 });
      const asked = flag();
      for (const id of [undefined, null, 1, 2, {}, undefined]) {
        assert.equal(await asked.isEnabled(id as string), false);
      }
      assert.equal(await asked.isEnabled("session-1"), enabled);
      assert.deepEqual(
        warnings()
          .splice(0)
          .map((line) => /found (\w+); allowed is a text/.exec(line)?.[1]),
        ["undefined", "null", "number", "object"],
      );
      said.splice(0);
    }
  });

  it("outlives a logger that throws, at once or later", async () => {
    const unhandled: unknown[] = [];
    const count = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", count);
    try {
      const thrown = () => {
        throw new Error("disk full");
      };
      const rejected = () => Promise.reject(new Error("disk full"));
      for (const log of [thrown, rejected]) {
        await put(SEED);
        const asked = flag({ logger: { info: log, warn: log } });
        assert.deepEqual(await asked.value(), LOADED);
        await put("{");
        pass(CACHE);
        assert.deepEqual(await asked.value(), LOADED);
        await settled();
      }
      assert.deepEqual(unhandled, []);
    } finally {
      process.off("unhandledRejection", count);
    }
  });

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

  it("keeps its last good value while SSM is away, says so once, and makes nobody wait twice in 60 s", async () => {
    await put(SEED);
    let away = true;
    let calls = 0;
    const send = (command: GetParameterCommand): Promise<unknown> => {
      calls += 1;
      return away && calls > 1 ? new Promise<never>(() => undefined) : aws.parameters.send(command);
    };
    const asked = flag({ client: { send } as unknown as SSMClient });
    await asked.value();
    for (let minutes = 1; minutes <= 2; minutes += 1) {
      aPause();
      const began = performance.now();
      const all = await Promise.all(Array.from({ length: 50 }, () => asked.value()));
      const waited = performance.now() - began;
      assert.deepEqual(
        all,
        Array.from({ length: 50 }, () => LOADED),
      );
      assert.ok(waited < 4_000, `${waited} ms`);
      assert.equal(calls, 1 + minutes, "all of them wait for one look");
      pass(CACHE - 1);
      const again = performance.now();
      assert.deepEqual(await asked.value(), LOADED);
      assert.ok(performance.now() - again < 500, "and none for the same one again");
      assert.equal(calls, 1 + minutes);
    }
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

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { Parameters } from "../../cloud/parameters";
import { flagParameter } from "../../model/flags/parameter";
import { putFalls } from "../../rollout/flags/act";
import { type Fall, lowerFlags } from "../../rollout/flags/lower";
import { Journal } from "../../rollout/rollback/journal";
import type { Subject } from "../../rollout/subject";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";

const NAME = "partial-results";
const SUBJECT: Subject = { app: "app", environment: "dev", region: REGION };
const PARAMETER = flagParameter("app", "dev", NAME);

describe("a flag that falls in SSM", () => {
  let aws: PointedAt;
  let parameters: Parameters;
  let told: string[];
  beforeEach(async () => {
    aws = await pointAtEndpoint();
    parameters = new Parameters(REGION);
    told = [];
  });
  afterEach(() => aws.end());

  const journal = () => new Journal({ folder: "", print: (line) => told.push(line) }, false);
  const put = (text: string) => parameters.put(PARAMETER, text);
  const held = async () => JSON.parse((await parameters.get(PARAMETER)) ?? "null") as unknown;
  /** As it was decided, by what was seen before. */
  const fall = async (percentage: number, enabled = true) => {
    const value = { enabled, percentage, settings: { max_buffer_timeout: 5 } };
    const to = enabled ? percentage : 0;
    const { ended, failed } = putFalls([{ flag: NAME, value, to }], SUBJECT, journal());
    return { ended: await ended, failed: await failed };
  };
  const lower = async (to: Fall) => (await lowerFlags(SUBJECT, { [NAME]: to }, journal())).ended;

  it("stays where somebody has turned it off, or lowered it further, since that was decided", async () => {
    for (const [enabled, percentage] of [
      [false, 50],
      [true, 5],
    ] as const) {
      const text = JSON.stringify({ enabled, rollout_percentage: percentage });
      await put(text);
      assert.deepEqual(await fall(10), { ended: {}, failed: [] });
      assert.equal(await parameters.get(PARAMETER), text);
    }
    assert.deepEqual(told, []);
  });

  it("loses sessions and nothing else, and keeps its percentage where it is turned off", async () => {
    await put('{"enabled":true,"rollout_percentage":50,"theme":"dark"}');
    assert.deepEqual((await fall(10)).ended, { [NAME]: 10 });
    assert.deepEqual(await held(), { enabled: true, rollout_percentage: 10, theme: "dark" });
    assert.deepEqual((await fall(10, false)).ended, { [NAME]: 0 });
    assert.deepEqual(await held(), { enabled: false, rollout_percentage: 10, theme: "dark" });
    assert.match(told.join("\n"), /config: 10 % of the sessions;.*config: disabled;/s);
  });

  it("becomes what was decided where applications cannot read it, or it is gone", async () => {
    const decided = { enabled: true, rollout_percentage: 10, max_buffer_timeout: 5 };
    assert.deepEqual((await fall(10)).ended, { [NAME]: 10 });
    assert.deepEqual(await held(), decided);
    await put("{");
    assert.deepEqual((await fall(10)).ended, { [NAME]: 10 });
    assert.deepEqual(await held(), decided);
  });

  it("is off, and said to be, where nobody knows what it was to say beside its percentage", async () => {
    const off = { enabled: false, rollout_percentage: 0 };
    assert.deepEqual(await lower(10), { [NAME]: 0 });
    assert.deepEqual(await held(), off);
    await put("{");
    assert.deepEqual(await lower(10), { [NAME]: 0 });
    assert.deepEqual(await held(), off);
    assert.doesNotMatch(told.join("\n"), /10 %/);
  });

  it("is turned off although nobody can look, and given no percentage then", async () => {
    const text = '{"enabled":true,"rollout_percentage":50}';
    await put(text);
    await aws.fail("ssm:GetParameter", "AccessDeniedException", 1);
    assert.deepEqual(await fall(10), { ended: {}, failed: [NAME] });
    assert.equal(await parameters.get(PARAMETER), text);
    assert.match(told.join("\n"), /NOT lowered to 10 %: AccessDenied/);
    await aws.fail("ssm:GetParameter", "AccessDeniedException", 1);
    assert.deepEqual((await fall(50, false)).ended, { [NAME]: 0 });
    assert.deepEqual(await held(), { enabled: false, rollout_percentage: 50, max_buffer_timeout: 5 });
  });

  it("is turned off within seconds where SSM takes what it is told and does not answer what it is asked", async () => {
    const puts: string[] = [];
    const server = createServer((request, response) => {
      if (!String(request.headers["x-amz-target"]).endsWith(".PutParameter")) return;
      void json(request).then((body) => {
        puts.push((body as { Value: string }).Value);
        response.setHeader("content-type", "application/x-amz-json-1.1").end('{"Version":2}');
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const before = process.env["AWS_ENDPOINT_URL"];
    try {
      process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const began = performance.now();
      assert.deepEqual((await fall(50, false)).ended, { [NAME]: 0 });
      assert.ok(performance.now() - began < 4_000);
      assert.equal((JSON.parse(puts[0]!) as { enabled: boolean }).enabled, false);
    } finally {
      process.env["AWS_ENDPOINT_URL"] = before;
      server.closeAllConnections();
      server.close();
    }
  });

  it("waits for another fall of its own, which each would undo, and traffic for half a second", async () => {
    const text = '{"enabled":true,"rollout_percentage":50}';
    await put(text);
    let end = (): void => undefined;
    const after = new Promise<void>((resolve) => (end = resolve));
    const { ended } = await lowerFlags(SUBJECT, { [NAME]: 10 }, journal(), { after });
    assert.equal(await parameters.get(PARAMETER), text);
    assert.match(told.join("\n"), /partial-results: SSM takes long; traffic does not wait for it/);
    end();
    assert.deepEqual(await ended, { [NAME]: 10 });
  });
});

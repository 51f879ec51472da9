import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { DeleteParameterCommand } from "@aws-sdk/client-ssm";
import { parseFlag } from "../../model/flags/value";
import { pointAt } from "../cloud/readers-fixture";
import { call } from "./fixture";
import { BARE, DEPLOYED, FLAGGED, type Flagged, PARAMETER, changed, weekOldFlag } from "./flags-fixture";

/** The endpoint, but one action of SSM's is never answered. */
async function muteTo(url: string, action: string): Promise<{ url: string; end(): Promise<unknown> }> {
  const server = createServer((request, response) => {
    if (request.headers["x-amz-target"] === `AmazonSSM.${action}`) return;
    void (async () => {
      const headers = Object.entries(request.headers).filter(([name]) =>
        /^(x-amz|content-type|auth)/.test(name),
      );
      const answer = await fetch(url, {
        method: "POST",
        headers: Object.fromEntries(headers) as Record<string, string>,
        body: await text(request),
      });
      response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" });
      response.end(await answer.text());
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    end: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

describe("sluice flags disable", function () {
  this.timeout(30_000);
  let flagged: Flagged;
  beforeEach(async () => {
    flagged = await weekOldFlag();
  });
  afterEach(() => flagged.end());

  const sluice = (...args: string[]) => flagged.project.call("flags", ...args);
  const bare = (...args: string[]) => call(flagged.bare, "flags", ...args);
  const percentage = async () => (await flagged.held())?.["rollout_percentage"];

  const OFF = { ...DEPLOYED, enabled: false };
  const disable = (...args: string[]) =>
    sluice("disable", "partial-results", "-s", "dev", "--reason", "latency", ...args);
  const bareDisable = (name = "partial-results", ...args: string[]) =>
    bare("disable", name, ...BARE, "--reason", "latency", ...args);

  it("turns the flag off in SSM first, then in configuration, then in the state", async () => {
    const { code, printed } = await disable();
    assert.equal(code, 0, printed);
    assert.deepEqual(await flagged.held(), OFF);
    assert.deepEqual(changed(FLAGGED, await flagged.file()), ["      enabled: false"]);
    assert.match((await flagged.updated())[0]!, /--message flags disable partial-results: latency/);
    const order = [
      "partial-results/config: disabled",
      "enabled false",
      "the state has followed",
      "disabled after",
    ];
    const places = order.map((what) => printed.indexOf(what));
    assert.ok(
      places.every((place, index) => place > (places[index - 1] ?? -1)),
      printed,
    );
    const again = await disable();
    assert.deepEqual([again.code, (await flagged.held())?.["enabled"]], [0, false]);
    assert.match(again.printed, /is disabled already/);
  });

  it("needs credentials and nothing else, keeps the rest of the value, and says how long it took", async () => {
    await flagged.put({ ...DEPLOYED, theme: "dark" });
    const { code, printed } = await bareDisable();
    assert.equal(code, 0, printed);
    assert.deepEqual(await flagged.held(), { ...OFF, theme: "dark" });
    assert.match(printed, /partial-results disabled after \d+ ms$/);
    assert.equal(await flagged.file(), FLAGGED);
  });

  it("mends what applications cannot read: by configuration, or by the least that turns it off", async () => {
    await flagged.put("{");
    assert.equal((await disable()).code, 0);
    assert.deepEqual(await flagged.held(), OFF);
    await flagged.put("half-written");
    assert.equal((await bareDisable()).code, 0);
    assert.deepEqual(await flagged.held(), { enabled: false, rollout_percentage: 0 });
  });

  it("is heard by applications whatever the parameter said before", async () => {
    const texts = [
      '{"enabled":true,"rollout_percentage":50,"max_buffer_timeout":30}',
      '{"enabled":true,"rollout_percentage":"50"}',
      "{}",
      "[]",
    ];
    for (const text of texts) {
      for (const run of [() => disable(), () => bareDisable()]) {
        await flagged.put(text);
        const { code, printed } = await run();
        assert.equal(code, 0, printed);
        assert.match(printed, /partial-results disabled after/);
        const held = JSON.stringify(await flagged.held());
        assert.equal(parseFlag(held).enabled, false, `${text} became ${held}`);
      }
    }
  });

  it("turns off what has lost its parameter: applications keep what they read last", async () => {
    const remove = () => flagged.aws.parameters.send(new DeleteParameterCommand({ Name: PARAMETER }));
    await remove();
    const { code, printed } = await disable();
    assert.equal(code, 0, printed);
    assert.match(printed, /has no parameter any more, and applications keep what they read last/);
    assert.deepEqual(await flagged.held(), OFF);
    await flagged.stateless();
    await remove();
    assert.equal((await disable("--write-only")).code, 0);
    assert.deepEqual(await flagged.held(), OFF, "nobody can say that nobody has it");
    await remove();
    assert.equal((await bareDisable()).code, 2);
    const alarms = [{ name: "slow", retreat: "off" }];
    const published = { "partial-results": { percentage: 10, stops: [10], alarms } };
    await flagged.put(published, "/sluice/voiceassist/dev/flags");
    assert.equal((await bareDisable()).code, 0);
    assert.deepEqual(await flagged.held(), { enabled: false, rollout_percentage: 0 });
  });

  it("writes what configuration says, but off, where SSM does not say what it has", async () => {
    const mute = await muteTo(flagged.aws.url, "GetParameter");
    const putBack = pointAt(mute.url);
    try {
      const { code, printed } = await disable("--write-only");
      assert.equal(code, 0, printed);
      assert.match(printed, /takes long to say what it has; what configuration says is written, but off/);
      assert.ok(Number(/disabled after (\d+) ms/.exec(printed)?.[1]) < 4_000, printed);
    } finally {
      putBack();
      await mute.end();
    }
    assert.deepEqual(await flagged.held(), OFF);
  });

  it("makes no parameter for a name that no flag has", async () => {
    const { code, complained } = await bareDisable("partial-result");
    assert.equal(code, 2);
    assert.match(complained, /no flag "partial-result"; there are: partial-results/);
    assert.equal(await flagged.held("/voiceassist/dev/partial-result/config"), undefined);
    assert.equal(await percentage(), 10);
  });

  it("turns off in configuration what has no parameter yet", async () => {
    await flagged.project.write("Pulumi.dev.yaml", `${FLAGGED}    search: { rollout_percentage: 10 }\n`);
    const { code, printed } = await sluice(
      "disable",
      "search",
      "-s",
      "dev",
      "--reason",
      "bug",
      "--write-only",
    );
    assert.equal(code, 0, printed);
    assert.match(await flagged.file(), /search: \{ rollout_percentage: 10, enabled: false \}/);
    assert.equal(await flagged.held("/voiceassist/dev/search/config"), undefined);
  });

  it("ends with 6 from a bare machine that may not look, and goes by configuration inside a project", async () => {
    await flagged.aws.fail("ssm:GetParameter", "AccessDeniedException", 1);
    const blind = await bareDisable();
    assert.equal(blind.code, 6);
    assert.match(blind.complained, /NOT disabled: .*AccessDeniedException/);
    await flagged.aws.fail("ssm:GetParameter", "AccessDeniedException", 1);
    assert.equal((await disable()).code, 0);
    assert.deepEqual(await flagged.held(), OFF);
  });

  it("insists where SSM throttles, and where it may not write does the rest and ends with 5", async () => {
    await flagged.aws.fail("ssm:PutParameter", "ThrottlingException", 3);
    assert.equal((await bareDisable()).code, 0);
    assert.deepEqual(await flagged.held(), OFF);
    await flagged.put(DEPLOYED);
    await flagged.aws.fail("ssm:PutParameter", "AccessDeniedException");
    const { code, printed } = await disable();
    assert.equal(code, 5, printed);
    assert.match(printed, /NOT disabled: AccessDeniedException/);
    assert.match(await flagged.file(), /enabled: false/);
    assert.equal((await flagged.updated()).length, 1);
  });

  it("is not kept from it by a fault in configuration, nor by an engine that is not there", async () => {
    await flagged.project.write("Pulumi.dev.yaml", FLAGGED.replace("strategy: canary", "strategy: canari"));
    const { code, printed } = await disable();
    assert.equal(code, 5);
    assert.match(printed, /no update: .*sluice:release\.strategy/);
    assert.deepEqual(await flagged.held(), OFF);
    assert.match(await flagged.file(), /enabled: false/);
    await flagged.project.write("Pulumi.dev.yaml", FLAGGED);
    await flagged.put(DEPLOYED);
    process.env["PATH"] = flagged.bare;
    const left = await disable();
    assert.equal(left.code, 0, left.printed);
    assert.match(left.printed, /no pulumi on PATH: the update is left/);
  });

  it("tells all of it as JSON", async () => {
    const { printed } = await disable("--json");
    const { schema, flag, reason, switched, state, code, disabledAfterMilliseconds } = JSON.parse(printed);
    assert.deepEqual(
      [schema, flag, reason, switched, state, code],
      [1, "partial-results", "latency", "disabled", "updated", 0],
    );
    assert.ok(disabledAfterMilliseconds >= 0);
  });

  it("ends with 2 without a reason", async () => {
    const { code } = await bare("disable", "partial-results", ...BARE, "--reason", " ");
    assert.deepEqual([code, await percentage()], [2, 10]);
  });
});

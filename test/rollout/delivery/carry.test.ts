import assert from "node:assert/strict";
import { BAKED, DIGEST, FILE, OLDER, type Place, place as makePlace } from "./carry-fixture";

describe("sluice carry", () => {
  let place: Place;
  beforeEach(async () => (place = await makePlace()));
  afterEach(() => place.close());

  it("writes the newest that has baked into the colour without traffic, and nothing else", async () => {
    await place.publish([BAKED, OLDER]);
    const { code, printed } = await place.carry();
    assert.equal(code, 0, printed);
    assert.match(printed, /green is 2\.4\.0, which has baked in staging since 2026-03-01/);
    const text = await place.file();
    assert.equal(
      text,
      FILE.replace("green: {}", `green: { version: 2.4.0, images: { storage: ${DIGEST} } }`),
    );
    const again = await place.carry("--json");
    assert.deepEqual([again.code, JSON.parse(again.printed).kind, await place.file()], [0, "nothing", text]);
  });

  it("writes the version that is asked for, where it has baked", async () => {
    await place.publish([BAKED, OLDER]);
    assert.equal((await place.carry("--version", "2.3.9")).code, 0);
    assert.match(await place.file(), /2\.3\.9/);
  });

  it("ends with 3 and writes nothing where it has to wait", async () => {
    await place.publish([{ ...BAKED, at: "2099-01-01T00:00:00.000Z" }]);
    const { code, printed } = await place.carry();
    assert.deepEqual([code, await place.file()], [3, FILE]);
    assert.match(printed, /stays as it is: 2\.4\.0 still bakes there, until 2099/);
  });

  it("ends with 6 where nothing is published, or nobody may read it", async () => {
    const nothing = await place.carry();
    assert.deepEqual([nothing.code, await place.file()], [6, FILE]);
    assert.match(nothing.complained, /voiceassist-staging publishes nothing that has baked; deploy it first/);
    await place.publish([BAKED]);
    await place.aws.fail("ssm:GetParameter", "AccessDeniedException");
    const denied = await place.carry();
    assert.deepEqual([denied.code, await place.file()], [6, FILE]);
    assert.match(denied.complained, /could not be read: AccessDeniedException/);
  });

  it("ends with 2 where no environment comes before", async () => {
    const { code, complained } = await place.project.call("carry", "-s", "dev");
    assert.equal(code, 2);
    assert.match(complained, /no environment comes before dev; name it: pulumi config set sluice:bakedIn/);
  });
});

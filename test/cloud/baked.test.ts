import assert from "node:assert/strict";
import { bakedBefore } from "../../cloud/baked";
import { Parameters } from "../../cloud/parameters";
import type { Baked } from "../../model/baked";
import { formatKnown, knownOf, releaseParameter } from "../../model/known";
import { recorded, release } from "../model/fixtures";
import { type PointedAt, REGION, pointAtEndpoint } from "./readers-fixture";

const BAKED: readonly Baked[] = [{ version: "2.3.1", at: "2026-03-01T10:00:00.000Z" }];

describe("what has baked in the environment before", () => {
  let aws: PointedAt;
  beforeEach(async () => (aws = await pointAtEndpoint()));
  afterEach(() => aws.end());

  const publish = (value: string) => new Parameters(REGION).put(releaseParameter("app", "staging"), value);
  const read = () => bakedBefore("app", "staging", REGION);

  it("is what its stack publishes, and no other's", async () => {
    await publish(formatKnown(knownOf({ ...recorded(release(10)), baked: BAKED })));
    assert.deepEqual(await read(), BAKED);
    assert.equal(await bakedBefore("other", "staging", REGION), "unknown");
    assert.equal(await bakedBefore("app", "dev", REGION), "unknown");
  });

  it("is unknown where it publishes nothing of that yet", async () => {
    await publish(formatKnown(knownOf(recorded(release(10)))));
    assert.equal(await read(), "unknown");
  });

  it("is unseen, and not unknown, where it may not be read, or says what nobody publishes", async () => {
    await publish("{}");
    assert.equal(await read(), "unseen");
    await publish(formatKnown(knownOf({ ...recorded(release(10)), baked: BAKED })));
    await aws.fail("ssm:GetParameter", "AccessDeniedException");
    assert.equal(await read(), "unseen");
  });
});

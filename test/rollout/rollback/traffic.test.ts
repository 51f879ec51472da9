import assert from "node:assert/strict";
import { parseFence } from "../../../model/guard";
import { Parameters } from "../../../cloud/parameters";
import { Journal } from "../../../rollout/rollback/journal";
import { putFence } from "../../../rollout/rollback/traffic";
import { type PointedAt, pointAtEndpoint } from "../../cloud/readers-fixture";

const SUBJECT = { app: "app", environment: "dev", region: "us-east-1" } as const;

describe("a fence", () => {
  let aws: PointedAt;
  before(async () => {
    aws = await pointAtEndpoint();
  });
  after(() => aws.end());

  it("stands however long its reason is, as where many services fail at once", async () => {
    const reason = "api green: 120 of 400 requests (30 %) failed; ".repeat(200);
    const journal = new Journal({ folder: "", print: () => undefined }, true);
    const { ended } = await putFence(SUBJECT, { version: "2.4.0", reason, by: "ana" }, journal);
    assert.equal(await ended, true);
    const fence = parseFence((await new Parameters(SUBJECT.region).get("/sluice/app/dev/fence")) ?? "");
    assert.deepEqual([fence.version, fence.reason], ["2.4.0", reason.slice(0, 1_000)]);
  });
});

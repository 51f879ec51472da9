import assert from "node:assert/strict";
import type { Clock } from "../../components/release/patience";
import { ARNS } from "../rehearsal/balancer-fixture";
import { type Guarding, clockOf, guarding } from "./guardFixture";

describe("guard, while targets are on their way", () => {
  let { aws, unhealthy, fence, asked, end } = {} as Guarding;
  beforeEach(async () => {
    ({ aws, unhealthy, fence, asked, end } = await guarding());
  });
  afterEach(() => end());
  const healthy = () => {
    for (const target of aws.world.targets(ARNS.green)) target.state = "healthy";
  };

  it("waits until they are healthy", async () => {
    unhealthy(3);
    let waited = 0;
    const clock = clockOf((seconds) => {
      waited = seconds;
      if (seconds >= 60) healthy();
    });
    await asked(10, 50, { clock });
    assert.equal(waited, 60);
  });

  it("refuses after three minutes, and not before", async () => {
    unhealthy(3);
    let waited = 0;
    await assert.rejects(
      asked(10, 50, { clock: clockOf((seconds) => (waited = seconds)) }),
      /0 healthy targets/,
    );
    assert.equal(waited, 180);
  });

  it("does not wait for targets that no floor asks for", async () => {
    for (let index = 0; index < 9; index += 1) {
      aws.world.register(ARNS.blue, { id: `10.0.1.${index}`, port: 8080 });
    }
    for (const target of aws.world.targets(ARNS.blue)) target.state = "healthy";
    const clock = clockOf(() => assert.fail("it waited"));
    // Nine pods carry blue's 90 %, where its floor is three: so many more than full size are needed.
    await assert.rejects(
      asked(10, 50, { clock }),
      /3 healthy targets.*50 % needs 6 for the load.*capacity\.green' 167/,
    );
    await assert.rejects(
      asked(10, 50, { guarded: { floors: { blue: 3, green: 6 } } }),
      /3 healthy targets/,
      "a raised floor is waited for in vain here",
    );
  });

  it("gives up at once where somebody fences the version off meanwhile", async () => {
    unhealthy(3);
    let waited = 0;
    const value = JSON.stringify({ version: "2.4.0", reason: "wrong totals", by: "on-call", at: "now" });
    const clock = clockOf((seconds) => (waited = seconds));
    const fencing: Clock = {
      now: clock.now,
      sleep: async (milliseconds) => {
        await clock.sleep(milliseconds);
        await fence(value);
      },
    };
    await assert.rejects(asked(10, 50, { clock: fencing }), /fenced since now by on-call/);
    assert.equal(waited, 5);
  });
});

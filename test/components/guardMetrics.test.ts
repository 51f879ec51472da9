import assert from "node:assert/strict";
import { formatLog } from "../../model/validationLog";
import { clockOf, failEverything, type Guarding, NOW, guarding, inputs, previewing } from "./guardFixture";

/** ISO time so many minutes before the guard is first asked. */
const ago = (minutes: number) => new Date(Date.parse(NOW) - 60_000 * minutes).toISOString();

describe("guard, of the metrics of a share that rises from above 0", () => {
  let guard: Guarding;
  let { metrics, asked, heard } = {} as Guarding;
  beforeEach(async () => {
    guard = await guarding();
    ({ metrics, asked, heard } = guard);
  });
  afterEach(() => guard.end());
  const rises = (changes: Parameters<Guarding["asked"]>[2] = {}) =>
    asked(10, 50, { samples: 100, ...changes });

  it("permits it with the requests that are asked for, and refuses it with one less", async () => {
    metrics.happen(ago(4), "green", { well: 99 });
    await assert.rejects(
      rises({ samples: 100, clock: clockOf() }),
      /guard refuses api-gateway green 2\.4\.0: 10 % → 50 %: api-gateway green: 99 requests since 2026-11-21T11:00:00/,
    );
    metrics.happen(ago(3), "green", { well: 1 });
    await rises();
  });

  it("does not count what was before the release's last change", async () => {
    metrics.happen(ago(30), "green", { well: 100 });
    metrics.happen(ago(3), "green", { well: 1 });
    await rises({ since: ago(30) });
    await assert.rejects(
      rises({ since: ago(29) }),
      /green: 1 requests since 2026-11-21T11:31:00\.000Z; 100 are needed/,
    );
  });

  it("refuses it by errors and by slow answers above their limits", async () => {
    metrics.happen(ago(4), "green", { well: 97, failed: 3 });
    await assert.rejects(
      rises(),
      /3 of 100 requests \(3\.00 %\) failed in the last 57 min; the limit is 1 %/,
    );
    metrics.happen(ago(3), "green", { well: 900, slow: 100 });
    await assert.rejects(rises(), /100 of 1,100 requests \(9\.09 %\) took longer than 5 s/);
  });

  it("looks at live beside it: a fault of both is no reason to go back", async () => {
    metrics.happen(ago(4), "blue", { well: 900, failed: 100 });
    metrics.happen(ago(4), "green", { well: 90, failed: 10 });
    await assert.rejects(rises(), /Live blue is no better: 100 of 1,000 requests/);
  });

  it("refuses it where the metrics cannot be seen, or are old", async () => {
    metrics.happen(ago(10), "green", { well: 100 });
    await assert.rejects(
      rises(),
      /metrics could not be observed \(.*540 s old.*\); a rise that cannot be judged/,
    );
    metrics.happen(ago(3), "green", { well: 100 });
    await rises();
    metrics.fail("AccessDeniedException");
    await assert.rejects(
      rises(),
      /metrics could not be observed \(AccessDeniedException: injected\); a rise that cannot be judged is refused/,
    );
  });

  describe("beside what validation sent", () => {
    const sent = (colour: "blue" | "green", requests: number, errors = 0) =>
      guard.validations(
        formatLog([
          {
            ...{ from: ago(4), until: ago(3) },
            sent: { [colour]: { "api-gateway": { requests, errors, slow: 0 } } },
          },
        ]),
      );

    it("counts users' requests only", async () => {
      metrics.happen(ago(4), "green", { well: 140 });
      await sent("green", 40);
      await rises();
      await sent("green", 41);
      await assert.rejects(rises(), /api-gateway green: 99 requests since .*; 100 are needed/);
    });

    it("takes what live got off live, and nothing off the candidate", async () => {
      metrics.happen(ago(4), "blue", { well: 900, failed: 100 });
      metrics.happen(ago(4), "green", { well: 90, failed: 10 });
      await sent("blue", 100, 100);
      await assert.rejects(
        rises(),
        (error: Error) =>
          /10 of 100 requests \(10\.00 %\) failed/.test(error.message) && !/no better/.test(error.message),
      );
    });

    it("takes nothing off where the log is nonsense, which validation begins anew", async () => {
      metrics.happen(ago(4), "green", { well: 100 });
      await guard.validations("[1");
      await rises();
    });

    it("refuses it where nobody may see what was sent; a preview warns", async () => {
      metrics.happen(ago(4), "green", { well: 100 });
      await guard.aws.fail("ssm:GetParameter", "AccessDeniedException");
      await assert.rejects(rises(), /metrics and the fence could not be observed \(AccessDeniedException/);
      await previewing(true);
      await rises();
      assert.match(
        heard.warnings.join("\n"),
        /judged here: metrics and the fence could not be observed \(AccessDenied/,
      );
    });
  });

  it("refuses it where it is not recorded since when they count", async () => {
    await assert.rejects(
      rises({ since: undefined }),
      /metrics could not be observed \(Error: the state does not say when the release last changed\)/,
    );
  });

  it("asks of a rule that is replaced as of any other: its target groups are there", async () => {
    const replaced = (to: number) => asked(undefined, to, { samples: 100 });
    await replaced(10);
    assert.equal(metrics.calls(), 0);
    await assert.rejects(replaced(11), /green 2\.4\.0: 10 % → 11 %: api-gateway green: 0 requests since/);
    metrics.happen(ago(3), "green", { well: 100 });
    await replaced(11);
  });

  it("asks no metrics where nobody wants any, of a first share, or of a rule that has the share already", async () => {
    await rises({ samples: 0 });
    await guard.byHand(0);
    await asked(0, 10, { samples: 100 });
    await asked(10, 10, { samples: 100 });
    assert.equal(metrics.calls(), 0);
    await assert.rejects(asked(1, 10, { samples: 100 }));
    assert.ok(metrics.calls() > 0);
  });

  it("asks no metrics at a fall, nor of a trusted colour's rise", async () => {
    metrics.fail("AccessDeniedException");
    await asked(50, 10, { samples: 100 });
    await asked(50, 0, { samples: 100 });
    await asked(10, 50, { samples: 100, guarded: { trusted: ["blue", "green"] } });
    assert.equal(metrics.calls(), 0);
  });

  it("waits for the rest of the requests while they come", async () => {
    metrics.happen(ago(4), "green", { well: 60 });
    let waited = 0;
    const clock = clockOf((seconds) => {
      if (seconds === 60) metrics.happen(ago(2), "green", { well: 60 });
      waited = seconds;
    });
    await rises({ clock, since: ago(4) });
    assert.equal(waited, 60);
    assert.match(heard.told[0]!, /10 % → 50 % waits for 100 requests, 60 so far; 180 s at most$/);
  });

  it("does not wait where none come, or so few that they would not be enough", async () => {
    const clock = clockOf(() => assert.fail("it waited"));
    await assert.rejects(rises({ clock }), /None were seen in the last 5 min/);
    metrics.happen(ago(4), "green", { well: 10 });
    await assert.rejects(rises({ clock }), /At the pace of the last 5 min the rest takes 45 min/);
  });

  describe("in a preview", () => {
    beforeEach(() => previewing(true));

    it("refuses what the update would refuse, and says nothing of what is good", async () => {
      await assert.rejects(rises(), /0 requests since/);
      metrics.happen(ago(4), "green", { well: 97, failed: 3 });
      await assert.rejects(rises(), /the limit is 1 %/);
      metrics.happen(ago(3), "green", { well: 900 });
      await rises();
      assert.deepEqual(heard.warnings, []);
    });

    it("warns that the update will wait for requests that are on their way", async () => {
      metrics.happen(ago(3), "green", { well: 60 });
      await rises({ since: ago(3), clock: clockOf(() => assert.fail("a preview waited")) });
      assert.match(
        heard.warnings.join("\n"),
        /guard: api-gateway green 2\.4\.0: 10 % → 50 %: the update waits for 100 requests, 60 so far; 180 s at most\.$/,
      );
    });

    it("warns once where it may not look at anything, and names all of it", async () => {
      await failEverything(guard);
      await rises();
      assert.equal(heard.warnings.length, 1);
      assert.match(
        heard.warnings[0]!,
        /10 % → 50 % could not be judged here: .*healthy targets.*the rule.*metrics.*the fence.*\. The update looks again/s,
      );
    });

    it("warns of metrics that it may not look at, and still refuses a fence that it sees", async () => {
      metrics.fail("AccessDeniedException");
      await rises();
      assert.equal(heard.warnings.length, 1);
      assert.match(
        heard.warnings[0]!,
        /judged here: metrics could not be observed \(AccessDeniedException: injected\)\. The/,
      );
      await guard.fence(
        JSON.stringify({ version: "2.4.0", reason: "wrong totals", by: "on-call", at: "now" }),
      );
      await assert.rejects(rises(), /version 2\.4\.0 is fenced/);
    });

    it("warns of old metrics", async () => {
      metrics.happen(ago(10), "green", { well: 100 });
      await rises();
      assert.match(heard.warnings.join("\n"), /metrics could not be observed \(.*540 s old/);
    });

    it("knows the target groups of a rule that it has not made yet", async () => {
      await assert.rejects(asked(undefined, 11, { samples: 100, newInputs: inputs(11) }), /0 requests since/);
    });
  });
});

import assert from "node:assert/strict";
import { broken } from "../../rehearsal/report/promises";
import { type StepRecord, recordOf } from "../../rehearsal/report/record";

const expectation = {
  shiftUpdates: ["urn:rule", "urn:transition"],
  leastAssigned: 500,
  leastRequests: 4_000,
};
const none = { blue: 0, green: 0, unknown: 0 };

/** A shift to 10 % that kept every promise; each test breaks one thing. */
const kept: StepRecord = {
  name: "10 % to 2.4.0",
  kind: "shift",
  planned: true,
  live: "blue",
  traffic: { blue: 90, green: 10 },
  changes: { create: 0, update: 2, delete: 0, replace: 0, same: 80 },
  updated: ["urn:transition", "urn:rule"],
  seconds: 7,
  requests: { blue: 4000, green: 300, unknown: 0 },
  failed: none,
  assigned: { blue: 540, green: 60, unknown: 0 },
  expectedShare: 10,
  observedShare: 10,
  strayed: 0,
};

describe("promises of a rehearsal's step", () => {
  it("are kept by a clean shift", () => {
    assert.deepEqual(broken(kept, expectation), []);
  });

  it("are broken by a single failed request, whoever should have answered it", () => {
    for (const colour of ["blue", "green", "unknown"] as const) {
      const faults = broken({ ...kept, failed: { ...none, [colour]: 1 } }, expectation);
      assert.match(faults.join(), /^1 requests failed/);
    }
  });

  it("allow failed requests in a step that is not planned", () => {
    assert.deepEqual(broken({ ...kept, planned: false, failed: { ...none, green: 9 } }, expectation), []);
  });

  it("are broken by a share that chance does not explain", () => {
    const step = { ...kept, assigned: { blue: 500, green: 100, unknown: 0 } };
    assert.match(
      broken(step, expectation).join(),
      /^green got 100 of 600 new sessions; at 10 % it gets 27 to 99$/,
    );
  });

  it("are broken by a single session of a colour that has no share", () => {
    const step = { ...kept, expectedShare: 0, assigned: { blue: 599, green: 1, unknown: 0 } };
    assert.match(broken(step, expectation).join(), /at 0 % it gets 0 to 0/);
  });

  it("are broken where too little was measured to judge", () => {
    const step = { ...kept, assigned: { blue: 450, green: 49, unknown: 0 } };
    assert.match(broken(step, expectation).join(), /499 new sessions were assigned; 500 are the least/);
  });

  it("are broken where fewer requests were sent than it asks for", () => {
    const step = { ...kept, requests: { blue: 3_600, green: 399, unknown: 0 } };
    assert.deepEqual(broken(step, expectation), ["3999 requests were sent; 4000 are the least to judge by"]);
  });

  it("are broken by first assignments that are dealt out in turn, and by too many in a row", () => {
    const dealt = (without: number) =>
      broken({ ...kept, blocks: { size: 10, count: 60, without } }, expectation);
    assert.deepEqual(dealt(21), []);
    assert.match(
      dealt(0).join(),
      /^0 of 60 blocks of 10 new sessions lack the rarer colour; .* 5 to \d+ do$/,
    );
    assert.match(dealt(50).join(), /^50 of 60 blocks/);
  });

  it("are broken by a single request of a session that did not stick", () => {
    assert.match(broken({ ...kept, strayed: 1 }, expectation).join(), /^1 requests went to the other colour/);
  });

  it("are broken where nobody could tell whether sessions stick, unless one colour has all of them", () => {
    const { strayed: _, ...unseen } = kept;
    assert.deepEqual(broken(unseen, expectation), [
      "nobody could tell whether sessions stay: no rule was seen to keep any",
    ]);
    const assigned = { blue: 0, green: 600, unknown: 0 };
    const all = { ...unseen, traffic: { blue: 0, green: 100 }, expectedShare: 100, assigned };
    assert.deepEqual(broken(all, expectation), []);
  });

  it("are broken by a shift that updates more or less than rules and transition", () => {
    assert.match(broken({ ...kept, updated: ["urn:rule"] }, expectation).join(), /differs by urn:transition/);
    assert.match(
      broken({ ...kept, updated: [...kept.updated, "urn:pod"] }, expectation).join(),
      /differs by urn:pod/,
    );
  });
});

/** An edit that was refused as it should be; each test breaks one thing. */
const refused: StepRecord = {
  ...kept,
  kind: "refused",
  changes: { create: 0, update: 0, delete: 0, replace: 0, same: 0 },
  updated: [],
  expected: ["T3", "T2"],
  refusals: [
    { layer: "program", rule: "T2", message: "T2 sluice:release.traffic.green: none is there" },
    { layer: "program", rule: "T3", message: "T3 sluice:release.traffic.green: no schema" },
  ],
  rule: "T3",
  message: "T3 sluice:release.traffic.green: no schema",
};

describe("promises of an unsafe edit", () => {
  it("are kept where the rules that are named refuse it, in whatever order they are told", () => {
    assert.deepEqual(broken(refused, expectation), []);
  });

  it("are broken where the preview lets it through", () => {
    const { rule: _, message: __, ...through } = { ...refused, refusals: [] };
    assert.deepEqual(broken(through, expectation), [
      "the preview let the edit through; it should be refused by T3, T2",
    ]);
  });

  it("are broken where another rule refuses it, where one more does, and where one does not", () => {
    const [t2, t3] = refused.refusals ?? [];
    assert.ok(t2 && t3);
    const t4 = { ...t2, rule: "T4" } as const;
    for (const [refusals, found] of [
      [[t4], "T4"],
      [[t2, t3, t4], "T2, T3, T4"],
      [[t2], "T2"],
    ] as const) {
      assert.deepEqual(broken({ ...refused, refusals }, expectation), [
        `the preview was refused by ${found}; it should be refused by T3, T2`,
      ]);
    }
  });

  it("are broken by a preview that failed though nothing refused the edit", () => {
    const failed = { ...refused, refusals: [], message: "the engine was killed" };
    assert.match(
      broken(failed, expectation).join(),
      /^the preview failed, and nothing refused the edit: the engine was killed; it should/,
    );
  });

  it("are broken by a refusal that came after a plan", () => {
    for (const kind of ["create", "update", "delete", "replace"] as const) {
      const planned = { ...refused, changes: { ...refused.changes, [kind]: 1 } };
      assert.deepEqual(broken(planned, expectation), ["a refused edit was planned before it was refused"]);
    }
  });
});

describe("promises of a step in which something was broken", () => {
  const reaction = {
    fault: "green crashes",
    colour: "green",
    isAnswered: false,
    signal: 4,
    decided: 30,
    moved: 31,
    complete: 100,
  } as const;
  const bad: StepRecord = { ...kept, kind: "fault", planned: false, reaction };
  const found = (more: Partial<StepRecord>) => broken({ ...bad, ...more }, expectation);

  it("are kept where the program has gone back in time, however many of the broken colour's requests failed", () => {
    assert.deepEqual(found({ failed: { ...none, green: 500, unknown: 3 } }), []);
  });

  it("are broken by a single request of the other colour", () => {
    assert.deepEqual(found({ failed: { ...none, blue: 1 } }), [
      "1 requests of blue failed; only green was broken",
    ]);
  });

  it("are broken by a request that nobody answered, where what is broken is answers", () => {
    const answered = { ...reaction, isAnswered: true };
    assert.deepEqual(found({ reaction: answered, failed: { ...none, green: 500 } }), []);
    assert.deepEqual(found({ reaction: answered, failed: { ...none, green: 500, unknown: 1 } }), [
      "1 requests failed that no pod had answered; what was broken was answers",
    ]);
  });

  it("are broken by a decision more than 30 s after the signal, and by 2 min until all is done", () => {
    assert.deepEqual(found({ reaction: { ...reaction, decided: 34.5, moved: 34.5, complete: 124.5 } }), [
      "the decision after the signal took 30.5 s; 30 s are allowed",
      "taking traffic back after the signal took 30.5 s; 30 s are allowed",
      "going back after the signal took 120.5 s; 120 s are allowed",
    ]);
  });

  it("are broken where it was not taken back at all", () => {
    const { decided: _, moved: __, ...never } = reaction;
    assert.deepEqual(found({ reaction: never }), [
      "the decision after the signal did not come; within 30 s it should",
      "taking traffic back after the signal did not come; within 30 s it should",
    ]);
  });

  it("are likewise of a person's rollback", () => {
    const rescued = (rescue: StepRecord["rescue"]) =>
      broken({ ...kept, ...(rescue && { rescue }) }, expectation);
    assert.deepEqual(rescued({ moved: 0.8, held: true, converged: 20 }), []);
    assert.deepEqual(rescued({ moved: 31, held: true, converged: 121 }), [
      "taking traffic back took 31.0 s; 30 s are allowed",
      "going back took 121.0 s; 120 s are allowed",
    ]);
    assert.deepEqual(rescued({ moved: 0.8, held: false, converged: 20 }), [
      "no update held the lock when traffic moved; it should move although one does",
    ]);
    assert.deepEqual(rescued({ converged: 20 }), ["taking traffic back did not come; within 30 s it should"]);
  });

  it("are broken by a call that came to something else, and by a provider that nobody stood in for", () => {
    const calls = [{ command: "sluice tick", code: 0, wrong: ["sluice tick ended with 0"] }];
    assert.deepEqual(found({ calls }), ["sluice tick ended with 0"]);
    const expected = { from: "groq", to: "openai" };
    const fallbacks = { expected, found: [{ from: "openai", to: "groq", count: 3 }] };
    assert.deepEqual(found({ fallbacks }), ["no pod counted a fallback from groq to openai"]);
    assert.deepEqual(found({ fallbacks: { expected, found: [{ ...expected, count: 1 }] } }), []);
  });
});

describe("recordOf", () => {
  it("adds up all requests, also those whose colour nobody knows", () => {
    const step = { ...kept, failed: { blue: 1, green: 2, unknown: 3 } };
    const { totals } = recordOf("dev", "release", { version: "3.250.0", source: "path" }, [step, kept], 20);
    assert.deepEqual(totals, { seconds: 20, requests: 8600, failed: 6 });
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Fence, type Observation, type Rise, type RuleSeen, objections } from "../../model/guard";
import type { Measured } from "../../model/guardMetrics";
import {
  KINDS,
  type Objection,
  type Unseen,
  isDefinite,
  isWorthWaiting,
  refusals,
} from "../../model/guardObjection";
import type { Serving } from "../../model/guardTargets";
import { greenAt } from "../../model/release";
import { NOW, ago, observation } from "./analysis/fixtures";

const RISE: Rise = {
  service: "api-gateway",
  namespace: "voiceassist",
  colour: "green",
  version: "2.4.0",
  from: 10,
  to: 50,
  otherFrom: 90,
  replicas: 3,
  floors: { blue: 3, green: 3 },
  fence: "/sluice/voiceassist/prod/fence",
  samples: 500,
};

const FENCE: Fence = {
  version: "2.4.0",
  reason: "wrong totals",
  by: "on-call",
  at: "2026-03-01T10:00:00.000Z",
};

const serving = (changes: Partial<Serving> = {}): Serving => ({
  healthy: 3,
  registered: 3,
  other: 3,
  ...changes,
});
const ruleAt = (green: number, strangers: string[] = []): RuleSeen => ({ shares: greenAt(green), strangers });

/** Of a candidate that has answered so many requests well. */
const metricsOf = (requests: number): Measured => ({
  candidate: observation("green", [[requests, 0, 0]]),
  since: ago(90),
  now: NOW,
});

const seen = (observed: Partial<Observation> = {}): Observation => ({
  rule: ruleAt(10),
  targets: serving(),
  metrics: metricsOf(500),
  ...observed,
});

const judged = (observed: Partial<Observation>, rise: Partial<Rise> = {}): string[] =>
  refusals(objections({ ...RISE, ...rise }, seen(observed)));
/** What becomes of it: of each objection its kind. */
const kinds = (observed: Partial<Observation>, rise: Partial<Rise> = {}) =>
  objections({ ...RISE, ...rise }, seen(observed)).map(({ kind }) => kind);

describe("what becomes of an objection", () => {
  const raised = { floors: { blue: 3, green: 6 } };
  const short = { targets: serving({ healthy: 3, other: 9 }) };

  it("is no wait where a fence stands, a share was moved, or something was not seen as well", () => {
    const waits = (more: Partial<Observation>) =>
      isWorthWaiting(objections({ ...RISE, ...raised }, seen({ ...short, ...more })));
    assert.ok(waits({}));
    assert.ok(!waits({ fence: FENCE }));
    assert.ok(!waits({ rule: ruleAt(11) }));
    assert.ok(!waits({ unseen: [{ what: "the fence", why: "AccessDenied" }] }));
  });

  it("is decided by everything together: nothing waits for nothing, and a preview refuses what is definite", () => {
    const of = (...found: Objection["kind"][]): Objection[] => found.map((kind) => ({ kind, why: kind }));
    assert.ok(!isWorthWaiting([]));
    assert.deepEqual(
      KINDS.filter((kind) => isWorthWaiting(of(kind))),
      ["failing", "coming"],
    );
    assert.deepEqual(
      KINDS.filter((kind) => isDefinite(of(kind)[0]!)),
      ["standing", "failing"],
    );
    assert.ok(isWorthWaiting(of("failing", "coming")));
    for (const other of ["standing", "unseen"] as const) assert.ok(!isWorthWaiting(of("coming", other)));
  });
});

describe("a rise", () => {
  it("is refused where the load balancer has a point more or less than the state: somebody moved it", () => {
    assert.deepEqual(judged({ rule: ruleAt(10) }), []);
    assert.match(
      judged({ rule: ruleAt(9) }).join(),
      /green has 9 % at the load balancer and 10 % in state: somebody lowered it/,
    );
    const [refusal, ...others] = judged({ rule: ruleAt(11) });
    assert.deepEqual(others, []);
    assert.match(refusal!, /green has 11 % at the load balancer and 10 % in state.*pulumi refresh$/);
  });

  it("is refused where the other colour's share alone was moved, as where all users were sent elsewhere", () => {
    const nobody = { shares: { blue: 0, green: 0 }, strangers: [] };
    assert.equal(
      judged({ rule: nobody }, { from: 0, otherFrom: 100 }).join(),
      "api-gateway blue has 0 % at the load balancer and 100 % in state: somebody lowered it. " +
        "Bring state and load balancer together first: pulumi refresh",
    );
    assert.deepEqual(judged({ rule: nobody }, { from: 0, otherFrom: 0 }), [], "the state knows it");
  });

  it("is refused where another target group was added, and where the rule is not there any more", () => {
    assert.match(
      judged({ rule: ruleAt(10, ["maintenance"]) }).join(),
      /^api-gateway is forwarded to maintenance as well: somebody added that\. .*pulumi refresh$/,
    );
    assert.match(
      judged({ rule: "gone" }).join(),
      /^the load balancer has no rule for api-gateway: somebody deleted it\. .*pulumi refresh$/,
    );
  });

  it("is refused for the fenced version, with who, when and why, and for no other version", () => {
    assert.deepEqual(judged({ fence: { ...FENCE, version: "2.3.9" } }), []);
    const [refusal, ...others] = judged({ fence: FENCE });
    assert.deepEqual(others, []);
    assert.equal(
      refusal,
      "version 2.4.0 is fenced since 2026-03-01T10:00:00.000Z by on-call: wrong totals. Release another version; " +
        "to try this one again on purpose: aws ssm delete-parameter --name /sluice/voiceassist/prod/fence, and an " +
        "override of T12 in sluice:overrides",
    );
  });

  it("is refused by metrics, with as many requests as it asks for", () => {
    assert.match(
      judged({ metrics: metricsOf(499) }).join(),
      /^api-gateway green: 499 requests since .*; 500 are needed/,
    );
    assert.deepEqual(judged({ metrics: metricsOf(499) }, { samples: 499 }), []);
  });

  it("is refused where nobody looked at targets, or at metrics that are asked for", () => {
    assert.deepEqual(judged({ targets: undefined }), [
      "healthy targets could not be observed (nobody looked)",
      "a rise that cannot be judged is refused",
    ]);
    assert.match(judged({ metrics: undefined }).join(), /^metrics could not be observed \(nobody looked\)/);
    assert.deepEqual(judged({ metrics: undefined }, { samples: 0 }), []);
    const first = { from: 0, otherFrom: 100 };
    assert.deepEqual(judged({ metrics: undefined, rule: ruleAt(0) }, first), []);
    const unseen = [{ what: "metrics" as const, why: "AccessDenied" }];
    assert.match(
      judged({ metrics: undefined, unseen }).join(),
      /^metrics could not be observed \(AccessDenied\);?,a/,
    );
  });

  it("hears of every reason at once", () => {
    assert.equal(judged({ targets: serving({ healthy: 0 }), rule: ruleAt(60), fence: FENCE }).length, 3);
  });

  it("is refused where something could not be seen, and names all that failed for one reason once", () => {
    const why = "CredentialsProviderError: none";
    const unseen: Unseen[] = [
      { what: "healthy targets", why },
      { what: "the fence", why: "AccessDenied: no" },
      { what: "the rule", why },
    ];
    assert.deepEqual(judged({ unseen }), [
      "healthy targets and the rule could not be observed (CredentialsProviderError: none)",
      "the fence could not be observed (AccessDenied: no)",
      "a rise that cannot be judged is refused",
    ]);
    assert.deepEqual(kinds({ unseen }), ["unseen", "unseen"]);
  });
});

describe("laws of a rise", () => {
  const pods = fc.integer({ min: 0, max: 30 });
  const share = fc.nat(100);

  it("whatever else was seen, what was not seen refuses it, and so do a fence and a rule that was moved", () => {
    fc.assert(
      fc.property(fc.nat(99), share, pods, pods, fc.nat(2_000), (from, live, healthy, other, requests) => {
        const rise = { ...RISE, from, to: 100, otherFrom: 100 - from };
        const targets = { healthy, registered: healthy, other };
        const observed: Observation = { targets, rule: ruleAt(live), metrics: metricsOf(requests) };
        const refused = (more: Partial<Observation>) =>
          refusals(objections(rise, { ...observed, ...more })).length > 0;
        for (const what of ["healthy targets", "the rule", "metrics", "the fence"] as const) {
          assert.ok(refused({ unseen: [{ what, why: "AccessDenied" }] }), what);
        }
        assert.ok(refused({ fence: FENCE }));
        assert.ok(refused({ rule: "gone" }));
        if (live !== from) assert.ok(refused({}));
        if (from > 0) assert.ok(refused({ metrics: undefined }));
      }),
    );
  });
});

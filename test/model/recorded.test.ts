import assert from "node:assert/strict";
import fc from "fast-check";
import { type StateResource, SCHEMA_ANNOTATION, recordedFrom, releaseOutput } from "../../model/recorded";
import { COLOURS, type Colour, type Recorded, greenAt } from "../../model/release";
import { named, withServices } from "../../model/serviceLists";
import { sharesOfWeights } from "../../model/shares";
import { PUBLIC, at, promoted, recorded, release } from "./fixtures";
import { attempts, play } from "./history";

const arnOf = (service: string, colour: Colour) => `arn:targetgroup/${service}-${colour}/0123456789abcdef`;

const targetGroup = (service: string, colour: Colour): StateResource => ({
  type: "aws:lb/targetGroup:TargetGroup",
  outputs: {
    arn: arnOf(service, colour),
    tags: { "sluice:service": service, "sluice:role": "target", "sluice:colour": colour },
  },
});

const rule = (
  service: string,
  weights: Partial<Record<Colour, number>>,
  role = "weighted",
): StateResource => ({
  type: "aws:lb/listenerRule:ListenerRule",
  outputs: {
    arn: `arn:rule/${service}`,
    tags: { "sluice:service": service, "sluice:role": role },
    actions: [
      {
        type: "forward",
        forward: {
          targetGroups: Object.entries(weights).map(([colour, weight]) => ({
            arn: arnOf(service, colour as Colour),
            weight,
          })),
        },
      },
    ],
  },
});

const stack = (outputs: Record<string, unknown>): StateResource => ({
  type: "pulumi:pulumi:Stack",
  outputs,
});

/** A state as the engine stores it after an update: plain JSON, in no order that anything promises. */
const stateOf = (state: Recorded): StateResource[] =>
  JSON.parse(
    JSON.stringify([
      ...Object.entries(state.rules).map(([service, shares]) => rule(service, shares)),
      ...Object.keys(state.rules).flatMap((service) => COLOURS.map((colour) => targetGroup(service, colour))),
      stack({ release: releaseOutput(state), cluster: "voiceassist-prod-cluster" }),
    ]),
  ) as StateResource[];

/** The same with every default that may change later written out. */
const spelt = (state: Recorded): Recorded => {
  const { predecessor } = state.trusted;
  const before = predecessor && { ...predecessor, manifest: named(predecessor.manifest, state.services) };
  return {
    ...state,
    release: withServices(state.release, state.services),
    trusted: { ...state.trusted, ...(before && { predecessor: before }) },
  };
};

const SCHEMA = { revision: "r4", phase: "expand", serves: "2.3.1", version: "2.4.0" } as const;

/** A Job as the engine stores it, at its end or before. */
const job = (left: object | undefined, end: "Complete" | "Failed" | undefined, second: number) => ({
  type: "kubernetes:batch/v1:Job",
  outputs: {
    metadata: { annotations: left && { [SCHEMA_ANNOTATION]: JSON.stringify(left) } },
    status: {
      ...(end && { conditions: [{ type: end, status: "True" }] }),
      ...(end === "Complete" && { completionTime: at(second) }),
    },
  },
});

const stored = (rules: readonly StateResource[]): Recorded | undefined =>
  recordedFrom([
    stack({ release: releaseOutput(recorded(release(10))) }),
    ...COLOURS.map((colour) => targetGroup("api-gateway", colour)),
    ...rules,
  ]);

describe("what the state recorded", () => {
  it("is read back as it was written, after every history of updates, half-failed ones too", () => {
    fc.assert(
      fc.property(attempts, (history) => {
        for (const { after } of play(history).updates) {
          assert.deepEqual(recordedFrom(stateOf(after)), JSON.parse(JSON.stringify(spelt(after))));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("keeps predecessor, retention, draining and limits", () => {
    const state = { ...promoted(), drainedAt: { blue: at(5) } };
    assert.ok(state.trusted.predecessor && state.retention && state.limits, "else there is nothing to lose");
    assert.deepEqual(recordedFrom(stateOf(state)), spelt(state));
  });

  it("keeps lists as they were: the stack's list may change, and what a colour ran does not", () => {
    const state = recordedFrom(stateOf(recorded(release(0, { green: {} }))));
    assert.deepEqual(state?.release.blue.services, Object.keys(state!.services));
    assert.equal(state.release.green.services, undefined);
  });

  it("has the schema as the last completed Job left it, also where the outputs did not follow", () => {
    const before = stateOf(recorded(release(0), { schema: { ...SCHEMA, revision: "r3", at: at(0) } }));
    const found = (...jobs: StateResource[]) => recordedFrom([...jobs, ...before])?.schema;
    assert.equal(found()?.revision, "r3");
    assert.deepEqual(found(job(SCHEMA, "Complete", 5)), { ...SCHEMA, at: at(5) });
    assert.equal(found(job(SCHEMA, "Complete", -5))?.revision, "r3");
    const undone = { ...SCHEMA, revision: "r2" };
    assert.equal(found(job(undone, "Complete", 9), job(SCHEMA, "Complete", 5))?.revision, "r2");
  });

  it("has no schema of a Job that failed, still ran, or left the schema alone", () => {
    const before = stateOf(recorded(release(0)));
    for (const one of [job(SCHEMA, "Failed", 5), job(SCHEMA, undefined, 5), job(undefined, "Complete", 5)]) {
      assert.equal(recordedFrom([one, ...before])?.schema, undefined);
    }
  });

  it("believes a Job by its condition alone, whatever else it has, and no other resource", () => {
    const { outputs } = job(SCHEMA, "Complete", 5);
    const found = (changes: Partial<StateResource>, status: object = {}) =>
      recordedFrom([
        { type: "kubernetes:batch/v1:Job", ...changes, outputs: { ...outputs, ...status } },
        ...stateOf(recorded(release(0))),
      ])?.schema?.revision;
    const completionTime = at(5);
    const because = (...conditions: object[]) => ({ status: { completionTime, conditions } });
    const complete = { type: "Complete", status: "True" };
    assert.equal(found({}, because({ type: "SuccessCriteriaMet", status: "True" }, complete)), "r4");
    assert.equal(found({}, because({ type: "SuccessCriteriaMet", status: "True" })), undefined);
    assert.equal(found({}, because({ type: "Complete", status: "False" })), undefined);
    assert.equal(found({}, { status: { completionTime } }), undefined);
    assert.equal(found({}, { status: { conditions: [complete] } }), undefined);
    assert.equal(found({ type: "kubernetes:batch/v1:CronJob" }), undefined);
  });

  it("has capacity and what is given up where the release names them, and else neither", () => {
    const told = release(0, { capacity: { green: 50 }, supersedes: "2.2.0" });
    const asked = recordedFrom(stateOf(recorded(told)))?.release;
    assert.deepEqual([asked?.capacity, asked?.supersedes], [{ green: 50 }, "2.2.0"]);
    const plain = recordedFrom(stateOf(recorded(release(0))))?.release;
    assert.ok(plain && !("capacity" in plain) && !("supersedes" in plain));
  });

  it("is nothing where no update has completed, whatever a failed one left behind", () => {
    assert.equal(recordedFrom([]), undefined);
    const rest = stateOf(recorded(release(0))).filter(({ type }) => type !== "pulumi:pulumi:Stack");
    assert.ok(rest.length > 0);
    assert.equal(recordedFrom(rest), undefined);
    assert.equal(recordedFrom([...rest, stack({})]), undefined);
  });

  it("has each rule's own weights, also where an update failed before the outputs followed", () => {
    const state = recorded(release(10), {
      rules: { "api-gateway": greenAt(50), "voice-service": greenAt(10), "admin-panel": greenAt(0) },
    });
    const found = recordedFrom(stateOf(state));
    assert.deepEqual(found?.rules, state.rules);
    assert.deepEqual(found.release.traffic, greenAt(10));
  });

  it("takes weighted rules only: a header rule forwards one colour whatever the shares are", () => {
    assert.deepEqual(stored([rule("api-gateway", { green: 1 }, "header")])?.rules, {});
    const both = [rule("api-gateway", { blue: 90, green: 10 }), rule("api-gateway", { green: 1 }, "header")];
    assert.deepEqual(stored(both)?.rules, { "api-gateway": greenAt(10) });
  });

  it("ignores rules and target groups that are not the release's", () => {
    const foreign: StateResource = {
      type: "aws:lb/listenerRule:ListenerRule",
      outputs: { arn: "arn:rule/other", actions: [{ type: "fixed-response" }] },
    };
    const untagged: StateResource = {
      type: "aws:lb/targetGroup:TargetGroup",
      outputs: { arn: arnOf("api-gateway", "blue") },
    };
    const shares = greenAt(10);
    assert.deepEqual(stored([untagged, foreign, rule("api-gateway", shares)])?.rules, {
      "api-gateway": shares,
    });
  });

  it("tells a colour by its target group's tag and not by its place in the rule", () => {
    assert.deepEqual(stored([rule("api-gateway", { green: 10, blue: 90 })])?.rules, {
      "api-gateway": greenAt(10),
    });
  });

  it("has percent also where somebody set other weights by hand and refreshed", () => {
    assert.deepEqual(stored([rule("api-gateway", { blue: 3, green: 1 })])?.rules, {
      "api-gateway": greenAt(25),
    });
  });

  it("has a line for each service, public or not, so that a preview stays readable", () => {
    const { services, ...rest } = releaseOutput(recorded(release(0)));
    const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/voiceassist";
    const [storage, admin] = [services["storage"] ?? "", services["admin-panel"] ?? ""];
    assert.ok(storage.startsWith(`internal 3 × 2000m 2Gi port 8080 ${image}-storage http health `), storage);
    assert.ok(admin.startsWith(`public 2 × 2000m 2Gi port 8080 ${image}-admin-panel http health `), admin);
    assert.match(admin, / at \/admin( |$)/);
    assert.ok(![storage, admin].some((line) => line.includes("\n")));
    assert.ok(!("rules" in rest), "a copy of the rules would lag behind them");
    for (const service of PUBLIC) assert.ok(services[service], service);
  });
});

describe("shares of weights", () => {
  it("are the weights where these are shares", () => {
    fc.assert(
      fc.property(fc.nat(100), (green) => assert.deepEqual(sharesOfWeights(greenAt(green)), greenAt(green))),
    );
  });

  it("sum to 100, and leave no colour without a share that has weight, nor the other way round", () => {
    const weight = fc.nat(999);
    fc.assert(
      fc.property(weight, weight, (blue, green) => {
        fc.pre(blue + green > 0);
        const shares = sharesOfWeights({ blue, green });
        assert.equal(shares.blue + shares.green, 100);
        assert.deepEqual([shares.blue > 0, shares.green > 0], [blue > 0, green > 0]);
        assert.ok(Math.abs(shares.green - (100 * green) / (blue + green)) < 1);
      }),
    );
    assert.deepEqual(sharesOfWeights({ blue: 999, green: 1 }), greenAt(1));
  });

  it("are none where there is no weight", () => {
    assert.deepEqual(sharesOfWeights({ blue: 0, green: 0 }), { blue: 0, green: 0 });
  });
});

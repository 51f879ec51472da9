import assert from "node:assert/strict";
import type { LiveRule } from "../../model/live";
import { greenAt } from "../../model/release";
import { type Compared, differences } from "../../model/verify";
import { PUBLIC, START, recorded, release } from "./fixtures";

const rule = (service: string, changes: Partial<LiveRule> = {}): LiveRule => ({
  ...{ service, arn: `arn:${service}`, sticky: false, stickySeconds: 60, shares: greenAt(10) },
  targetGroups: { blue: "arn:blue", green: "arn:green" },
  ...changes,
});

/** What differs where the rules of all services but the first are as asked for. */
const found = (first: Partial<LiveRule> | undefined, changes: Partial<Compared> = {}) => {
  const [service, ...others] = PUBLIC as [string, ...string[]];
  const rules = [...(first ? [rule(service, first)] : []), ...others.map((name) => rule(name))];
  const state = { release: release(10), recorded: recorded(release(10)) };
  return differences({ stack: "prod", app: "voiceassist", ...state, rules, targets: {}, ...changes });
};

const UPDATE = "pulumi up -s prod";
const REFRESH = `pulumi refresh -s prod && ${UPDATE}`;

describe("a difference and the command that mends it", () => {
  it("are an update for configuration that was not applied, of each part of the release", () => {
    for (const [asked, where, what] of [
      [release(10, { strategy: "blue-green" }), "strategy", "for blue-green; the state has canary"],
      [release(10, { blue: { version: "9.0.0" } }), "blue", "for 9.0.0; the state has 2.3.1"],
      [release(10, { green: {} }), "green", "for no version; the state has 2.4.0"],
      [
        release(10, { green: { version: "2.4.0", settings: { A: "1" } } }),
        "green",
        "for another manifest; the state has the former one",
      ],
    ] as const) {
      const [only, ...others] = found({}, { release: asked });
      assert.deepEqual([only, others], [{ where, what: `configuration asks ${what}`, mend: UPDATE }, []]);
    }
    const empty = recorded(release(10, { green: {} }));
    const [first] = found({}, { recorded: empty });
    assert.equal(first?.what, "configuration asks for 2.4.0; the state has no version");
  });

  it("are a refresh for a rule that only one side has, and nothing else is said of it", () => {
    assert.deepEqual(found(undefined), [
      { where: PUBLIC[0], what: "the load balancer has no weighted rule for it", mend: REFRESH },
    ]);
    assert.deepEqual(found({ service: "extra", shares: greenAt(70) }), [
      { where: PUBLIC[0], what: "the load balancer has no weighted rule for it", mend: REFRESH },
      {
        where: "extra",
        what: "the load balancer has a weighted rule for it, and the state has none",
        mend: REFRESH,
      },
    ]);
  });

  it("are a rollback where nobody is served, whatever share the state has", () => {
    const none = { blue: 0, green: 0 };
    const difference = {
      where: PUBLIC[0],
      what: "no colour has any weight at the load balancer: nobody is served",
      mend: `sluice rollback -s prod --reason "no weights"`,
    };
    assert.deepEqual(found({ shares: none }), [difference]);
    const all = release(0);
    const still = { release: all, recorded: recorded(all) };
    const rules = PUBLIC.map((name) => rule(name, { shares: name === PUBLIC[0] ? none : greenAt(0) }));
    assert.deepEqual(found({}, { ...still, rules }), [difference]);
  });

  it("speak of the colour that is not live, whichever that is", () => {
    const asked = release(90, { live: "green" });
    const state = { release: asked, recorded: recorded(asked) };
    const rules = PUBLIC.map((name) => rule(name, { shares: greenAt(name === PUBLIC[0] ? 95 : 90) }));
    const [lowered, ...others] = found({}, { ...state, rules });
    assert.deepEqual(others, []);
    assert.equal(lowered?.what, "blue has 5 % at the load balancer and 10 % in state");
    assert.match(lowered.mend, /traffic\.blue' 5 /);
  });

  it("are a refresh for stickiness that leads to a colour without a share, blue or green", () => {
    for (const [green, colour] of [
      [100, "blue"],
      [0, "green"],
    ] as const) {
      const asked = release(green);
      const rules = PUBLIC.map((name) => rule(name, { shares: greenAt(green), sticky: name === PUBLIC[0] }));
      assert.deepEqual(found({}, { release: asked, recorded: recorded(asked), rules }), [
        { where: PUBLIC[0], what: `clients stick to ${colour}, which has no share`, mend: REFRESH },
      ]);
    }
  });

  it("are a look at the pods for targets, one less than the share needs and not one as many", () => {
    const targets = (healthy: number) => ({ [PUBLIC[0]!]: { blue: { healthy, registered: 3 } } });
    assert.deepEqual(found({}, { targets: targets(3) }), []);
    assert.deepEqual(found({}, { targets: targets(2) }), [
      {
        where: PUBLIC[0],
        what: "blue has 90 % and 2 of 3 healthy targets",
        mend: `kubectl get pods -n voiceassist -l app=${PUBLIC[0]},colour=blue`,
      },
    ]);
  });

  it("are a rollback with the fence's reason for each rule that gives a fenced version a share", () => {
    const fence = { version: "2.4.0", reason: 'drops "calls"', by: "on-call", at: START };
    const [first, ...others] = found({ shares: greenAt(10) }, { fence });
    assert.deepEqual(first, {
      where: PUBLIC[0],
      what: "green 2.4.0 is fenced by on-call and has 10 %",
      mend: `sluice rollback -s prod --reason ${JSON.stringify(fence.reason)}`,
    });
    assert.equal(others.length, PUBLIC.length - 1);
    assert.deepEqual(found({}, { fence: { ...fence, version: "2.5.0" } }), []);
    const all = release(0);
    const rules = PUBLIC.map((name) => rule(name, { shares: greenAt(0) }));
    assert.deepEqual(found({}, { release: all, recorded: recorded(all), rules, fence }), []);
  });
});

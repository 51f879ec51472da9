import assert from "node:assert/strict";
import { begunOnly, waitingFor } from "../../../model/delivery/begun";
import { waitingKeys } from "../../../model/delivery/waiting";
import type { LiveRule } from "../../../model/live";
import { type Shares, allTo, greenAt } from "../../../model/release";
import type { Action, Lowering } from "../../../model/rollout/action";
import { release } from "../fixtures";

const RELEASE = {
  ...{ strategy: "canary", live: "blue", traffic: { blue: 100, green: 0 } },
  ...{ blue: { version: "2.3.1" }, green: { version: "2.4.0" } },
};

/** As configuration has it, and as history does. */
const asked = (more: Record<string, unknown> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ "aws:region": "us-east-1", "sluice:release": RELEASE, ...more }).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
const deployed = (more: Record<string, unknown> = {}) =>
  Object.fromEntries(Object.entries(asked(more)).map(([key, value]) => [key, { value, secret: false }]));
const waiting = (now: Record<string, unknown>, before: Record<string, unknown> = {}) =>
  waitingKeys(deployed(before), asked(now));

describe("what configuration asks for that was not deployed", () => {
  it("is nothing of what a release's own steps write", () => {
    const traffic = { blue: 0, green: 100 };
    const stepped = { ...RELEASE, traffic, live: "green", capacity: { green: 150 } };
    assert.deepEqual(waiting({}), []);
    assert.deepEqual(waiting({ "sluice:release": stepped }), []);
    assert.deepEqual(
      waiting({ "sluice:plan": { name: "quick", hold: "look" } }, { "sluice:plan": "quick" }),
      [],
    );
    assert.deepEqual(waiting({ "sluice:plan": { hold: "look" } }), []);
    const flag = (percentage: number) => ({
      "sluice:flags": { partial: { rollout_percentage: percentage } },
    });
    assert.deepEqual(waiting(flag(50), flag(10)), []);
  });

  it("is a version, and everything else, by its name", () => {
    const next = { ...RELEASE, green: { version: "2.5.0" }, strategy: "rolling" };
    assert.deepEqual(waiting({ "sluice:release": next }), ["green 2.5.0", "sluice:release.strategy"]);
    assert.deepEqual(waiting({ "sluice:release": { ...RELEASE, green: {} } }), ["green without a version"]);
    assert.deepEqual(waiting({ "sluice:slo": { availability: 99.5 } }), ["sluice:slo"]);
    assert.deepEqual(waiting({}, { "sluice:slo": { availability: 99.5 } }), ["sluice:slo"]);
    assert.deepEqual(waiting({ "aws:region": "eu-west-1" }), ["aws:region"]);
    assert.deepEqual(waiting({ "sluice:plan": "slow" }, { "sluice:plan": "quick" }), ["sluice:plan.name"]);
    const flags = (...names: string[]) => ({
      "sluice:flags": Object.fromEntries(names.map((name) => [name, {}])),
    });
    assert.deepEqual(waiting(flags("one", "two"), flags("one")), ["sluice:flags.two"]);
  });

  it("is no order of keys, and no other text of one time", () => {
    const freezes = [{ from: "2026-12-20", to: "2027-01-02T00:00:00Z" }];
    const written = [{ to: "2027-01-02T00:00:00.000Z", from: "2026-12-20T00:00:00Z" }];
    assert.deepEqual(
      waiting({ "sluice:limits": { freezes } }, { "sluice:limits": { freezes: written } }),
      [],
    );
  });

  it("says nothing of a secret's value, and that there is a new one", () => {
    const before = { ...deployed(), "sluice:key": { secret: true } };
    assert.deepEqual(waitingKeys(before, asked({ "sluice:key": "withheld" })), []);
    assert.deepEqual(waitingKeys(before, asked()), ["sluice:key"]);
    assert.deepEqual(waitingKeys(deployed(), asked({ "sluice:key": "withheld" })), ["sluice:key"]);
  });
});

describe("why an update of everything waits for who deploys", () => {
  it("names what waits and how to go on, and is nothing where nothing does", () => {
    assert.deepEqual(waitingFor({ files: { value: [] }, keys: { value: [] } }, "prod"), []);
    const files = { value: ["a.ts", "b.ts", "c.ts", "d.ts", "e.ts"] };
    assert.deepEqual(waitingFor({ files, keys: { value: ["green 2.5.0"] } }, "prod"), [
      "green 2.5.0 is not deployed yet: prod's deploy job brings that, or: sluice deploy -s prod",
      "the program is another than the one deployed (a.ts, b.ts, c.ts, 2 more): " +
        "prod's deploy job brings that, or: sluice deploy -s prod",
    ]);
  });

  it("is also that nobody can say", () => {
    const [why, ...others] = waitingFor({ files: { unseen: "no git" }, keys: { value: [] } }, "prod");
    assert.match(why ?? "", /is not known \(no git\): .*sluice deploy -s prod/);
    assert.deepEqual(others, []);
  });
});

describe("what is done by whoever only goes on with what was deployed", () => {
  const rule = (service: string, shares: Shares): LiveRule => ({
    ...{ service, shares, arn: `arn:${service}`, sticky: false, stickySeconds: 0 },
    targetGroups: { blue: "arn:blue", green: "arn:green" },
  });
  const rules = [rule("api", greenAt(50)), rule("voice", greenAt(0))];
  const back: Lowering = {
    ...{ kind: "retreat", moves: [], edit: {}, refused: [], reasons: [] },
    release: { ...release(0), traffic: allTo("blue") },
  };

  it("is the action itself where nothing waits", () => {
    for (const kind of ["prepare", "shift", "promote"] as const) {
      const action: Action = { kind, edit: {}, release: release(10), reasons: [] };
      assert.equal(begunOnly(action, [], rules), action);
    }
    assert.equal(begunOnly(back, [], rules), back);
  });

  it("holds what rises, with each reason, for a person", () => {
    for (const kind of ["prepare", "shift", "promote"] as const) {
      const held = begunOnly({ kind, edit: {}, release: release(10), reasons: [] }, ["a", "b"], rules);
      assert.ok(held.kind === "hold" && held.asks.length === 0);
      assert.deepEqual(
        held.reasons.map(({ text, awaits }) => [text, awaits]),
        [
          ["a", "person"],
          ["b", "person"],
        ],
      );
    }
  });

  it("keeps back nothing that falls: a retreat without moves moves the rules that are elsewhere", () => {
    const moved = begunOnly(back, ["a"], rules);
    assert.deepEqual(moved, { ...back, moves: [{ rule: rules[0], shares: allTo("blue") }] });
    assert.equal(begunOnly(moved, ["a"], rules), moved);
    for (const kind of ["level", "adopt"] as const) {
      const action: Lowering = { ...back, kind };
      assert.equal(begunOnly(action, ["a"], rules), action);
    }
  });
});

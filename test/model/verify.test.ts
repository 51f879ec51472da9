import assert from "node:assert/strict";
import fc from "fast-check";
import type { LiveRule } from "../../model/live";
import { greenAt } from "../../model/release";
import { type Compared, comparedSpan, differences } from "../../model/verify";
import { PUBLIC, START, recorded, release } from "./fixtures";

const rule = (service: string, green: number, sticky = false): LiveRule => ({
  ...{ service, arn: `arn:${service}`, sticky, stickySeconds: 60, shares: greenAt(green) },
  targetGroups: { blue: "arn:blue", green: "arn:green" },
});

const compared = (changes: Partial<Compared> = {}): Compared => ({
  stack: "prod",
  app: "voiceassist",
  release: release(10),
  recorded: recorded(release(10)),
  rules: PUBLIC.map((service) => rule(service, 10, true)),
  targets: {},
  ...changes,
});

const found = (changes: Partial<Compared>) => differences(compared(changes));

describe("differences", () => {
  it("are none where all say the same, at any share", () => {
    fc.assert(
      fc.property(fc.nat(100), (green) => {
        const asked = release(green);
        const sticky = green > 0 && green < 100;
        const rules = PUBLIC.map((service) => rule(service, green, sticky));
        assert.deepEqual(found({ release: asked, recorded: recorded(asked), rules }), []);
      }),
    );
  });

  it("are told wherever a rule has another share than the state", () => {
    fc.assert(
      fc.property(fc.nat(100), (green) => {
        const all = found({ rules: PUBLIC.map((service, index) => rule(service, index === 1 ? green : 10)) });
        assert.deepEqual(
          all.map(({ where }) => where),
          green === 10 ? [] : ["voice-service"],
        );
      }),
    );
  });

  it("say how to adopt a share that was lowered, and how to undo one that was raised", () => {
    const [lowered] = found({
      rules: PUBLIC.map((service) => rule(service, service === "api-gateway" ? 5 : 10)),
    });
    assert.equal(lowered?.what, "green has 5 % at the load balancer and 10 % in state");
    assert.match(lowered.mend, /traffic\.green' 5 && .*traffic\.blue' 95 && pulumi up -s prod$/);
    const [raised] = found({
      rules: PUBLIC.map((service) => rule(service, service === "api-gateway" ? 60 : 10)),
    });
    assert.match(raised?.mend ?? "", /^pulumi refresh -s prod && pulumi up -s prod$/);
  });

  it("name an edit that was not applied", () => {
    const asked = release(25, { live: "green", green: { version: "2.5.0" } });
    assert.deepEqual(
      found({ release: asked }).map(({ where, what }) => `${where}: ${what}`),
      [
        "live: configuration asks for green; the state has blue",
        "traffic: configuration asks for blue 75 %, green 25 %; the state has blue 90 %, green 10 %",
        "green: configuration asks for 2.5.0; the state has 2.4.0",
      ],
    );
    const other = release(10, { green: { version: "2.4.0", settings: { PROVIDER: "other" } } });
    assert.match(found({ release: other })[0]!.what, /another manifest/);
  });

  it("name rules that only one side has", () => {
    const [gone] = found({ rules: PUBLIC.slice(1).map((service) => rule(service, 10)) });
    assert.deepEqual(
      [gone?.where, gone?.what],
      ["api-gateway", "the load balancer has no weighted rule for it"],
    );
    const [extra] = found({ rules: [...PUBLIC, "extra"].map((service) => rule(service, 10)) });
    assert.match(`${extra?.where}: ${extra?.what}`, /^extra: .*the state has none/);
  });

  it("name stickiness to a colour without a share, and a rule without any weight", () => {
    const full = { release: release(0), recorded: recorded(release(0)) };
    const [sticky] = found({ ...full, rules: PUBLIC.map((service, index) => rule(service, 0, index === 0)) });
    assert.equal(sticky?.what, "clients stick to green, which has no share");
    const none = { ...rule("api-gateway", 0), shares: { blue: 0, green: 0 } };
    const [unserved] = found({ rules: [none, ...PUBLIC.slice(1).map((service) => rule(service, 10))] });
    assert.match(unserved!.what, /nobody is served/);
  });

  it("name a colour with too few healthy targets for its share, and not one without a share", () => {
    const seen = { blue: { healthy: 2, registered: 3 }, green: { healthy: 0, registered: 0 } };
    const targets = { "api-gateway": seen };
    assert.deepEqual(
      found({ targets }).map(({ what }) => what),
      ["blue has 90 % and 2 of 3 healthy targets", "green has 10 % and 0 of 1 healthy targets"],
    );
    const full = { release: release(0), recorded: recorded(release(0)) };
    const rules = PUBLIC.map((service) => rule(service, 0));
    assert.deepEqual(
      found({ ...full, rules, targets }).map(({ what }) => what),
      ["blue has 100 % and 2 of 3 healthy targets"],
    );
  });

  it("name a fenced version that has a share", () => {
    const fence = { version: "2.4.0", reason: "loses calls", by: "on-call", at: START };
    const all = found({ fence });
    assert.equal(all.length, 3);
    assert.match(all[0]!.mend, /sluice rollback -s prod --reason "loses calls"/);
  });

  it("name of two colours with the fenced version the one that is not live", () => {
    const fence = { version: "2.3.1", reason: "loses calls", by: "on-call", at: START };
    const same = release(10, { green: { version: "2.3.1", settings: { PROVIDER: "other" } } });
    const all = found({ fence, release: same, recorded: recorded(same) });
    assert.deepEqual(
      all.map(({ what }) => what),
      PUBLIC.map(() => "green 2.3.1 is fenced by on-call and has 10 %"),
    );
  });

  it("are told where requests went by other shares than the load balancer has, and enough were counted", () => {
    const [service = ""] = PUBLIC;
    const counted = (blue: number, green: number) => found({ requests: { [service]: { blue, green } } });
    assert.deepEqual([counted(900, 100), counted(850, 150), counted(500, 499)], [[], [], []]);
    const [difference, ...others] = counted(849, 151);
    assert.deepEqual(others, []);
    assert.equal(difference?.what, "green has 10 % and was sent 15.1 % of 1000 requests");
  });
});

describe("the time in which requests are compared", () => {
  it("begins once nobody sticks to earlier shares any more, and a quarter of an hour ago at the earliest", () => {
    const state = recorded(release(10));
    const after = (seconds: number) => new Date(Date.parse(state.since) + 1_000 * seconds).toISOString();
    const sticks = state.limits?.stickinessSeconds ?? 0;
    assert.equal(comparedSpan(state, after(sticks)), undefined);
    assert.deepEqual(comparedSpan(state, after(sticks + 1)), { from: after(sticks), to: after(sticks + 1) });
    assert.deepEqual(comparedSpan(state, after(7_200)), { from: after(6_300), to: after(7_200) });
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseGroup, eligible } from "../../rehearsal/cloud/balancer/forward";
import { accepts, type HealthCheck, judge, type Standing } from "../../rehearsal/cloud/balancer/health";
import type { Condition } from "../../rehearsal/cloud/balancer/resources";
import { type RequestFacts, routingTable } from "../../rehearsal/cloud/balancer/rules";
import { GroupCookies } from "../../rehearsal/cloud/balancer/stickiness";

const request = (facts: Partial<RequestFacts> = {}): RequestFacts => ({
  method: "GET",
  host: "api.example.com",
  path: "/",
  query: new URLSearchParams(),
  headers: {},
  sourceIp: "10.0.0.1",
  ...facts,
});

const matches = (conditions: Condition[], facts: Partial<RequestFacts>): boolean =>
  routingTable([{ arn: "r", listenerArn: "l", priority: 1, conditions, actions: [] }], [])(request(facts))
    .ruleArn === "r";

describe("rules of the load balancer", () => {
  it("tries the lowest priority number first, whatever the order of creation", () => {
    const rule = (priority: number) => ({
      arn: `r${priority}`,
      listenerArn: "l",
      priority,
      conditions: [],
      actions: [],
    });
    assert.equal(routingTable([rule(20), rule(3), rule(100)], [])(request()).ruleArn, "r3");
  });

  it("falls back to the default actions when no rule holds", () => {
    const conditions = [{ pathPattern: { values: ["/x"] } }];
    const rules = [{ arn: "r", listenerArn: "l", priority: 1, conditions, actions: [] }];
    const picked = routingTable(rules, [{ type: "fixed-response" }])(request());
    assert.deepEqual(picked, { actions: [{ type: "fixed-response" }] });
  });

  it("compares hosts and header values without regard to case, paths with it", () => {
    assert.ok(matches([{ hostHeader: { values: ["API.example.com"] } }], {}));
    assert.ok(!matches([{ pathPattern: { values: ["/A"] } }], { path: "/a" }));
    const header = { httpHeader: { httpHeaderName: "X-Preview", values: ["Secret-*"] } };
    assert.ok(matches([header], { headers: { "x-preview": ["no", "sEcReT-1"] } }));
    assert.ok(!matches([header], { headers: { "x-preview": ["my secret-1"] } }));
    assert.ok(!matches([header], {}));
  });

  it("takes * for any text, ? for one character, and everything else literally", () => {
    const path = (pattern: string, path: string) =>
      matches([{ pathPattern: { values: [pattern] } }], { path });
    assert.ok(path("/img/*.p?g", "/img/a/b.png"));
    assert.ok(!path("/img/*.p?g", "/img/a/b.pg"));
    assert.ok(!path("/a.c", "/abc"));
    assert.ok(path("/a\\*", "/a*") && !path("/a\\*", "/ab"));
  });

  it("needs every condition, and one value of each", () => {
    const both = [
      { hostHeader: { values: ["a.com", "api.example.com"] } },
      { pathPattern: { values: ["/v?"] } },
    ];
    assert.ok(matches(both, { path: "/v1" }));
    assert.ok(!matches(both, { path: "/v10" }));
  });

  it("knows methods, query pairs and source addresses", () => {
    assert.ok(!matches([{ httpRequestMethod: { values: ["POST"] } }], {}));
    const pair = [{ queryStrings: [{ key: "v", value: "1" }, { value: "beta*" }] }];
    assert.ok(matches(pair, { query: new URLSearchParams("x=Beta2") }));
    assert.ok(!matches(pair, { query: new URLSearchParams("v=2") }));
    assert.ok(matches([{ sourceIp: { values: ["10.0.0.0/8", "::1/128"] } }], {}));
    assert.ok(!matches([{ sourceIp: { values: ["10.0.0.0/8"] } }], { sourceIp: "192.0.2.1" }));
  });

  it("refuses a condition that it doesn't know instead of ignoring it", () => {
    assert.throws(() => matches([{ pathPatern: { values: ["/"] } } as Condition], {}), /pathPatern/);
  });
});

describe("weighted forward", () => {
  const groups = fc.array(fc.record({ arn: fc.uuid(), weight: fc.integer({ min: 0, max: 999 }) }), {
    minLength: 1,
    maxLength: 5,
  });

  it("never chooses a group of weight 0, and none at all only when all are 0", () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(groups, random, (targetGroups, at) => {
        const choice = chooseGroup({ targetGroups }, undefined, at);
        const chosen = targetGroups.find((group) => group.arn === choice?.groupArn);
        return chosen ? chosen.weight > 0 : targetGroups.every((group) => group.weight === 0);
      }),
    );
  });

  it("gives each group the part of the random range that its weight asks for", () => {
    const targetGroups = ["a", "b", "c"].map((arn, i) => ({ arn, weight: [10, 0, 30][i] as number }));
    const at = (random: number) => chooseGroup({ targetGroups }, undefined, random)?.groupArn;
    assert.deepEqual([at(0), at(0.2499), at(0.25), at(0.9999)], ["a", "a", "c", "c"]);
  });

  it("counts a missing weight as 1, AWS's default", () => {
    const targetGroups = [{ arn: "a" }, { arn: "b", weight: 3 }];
    assert.equal(chooseGroup({ targetGroups }, undefined, 0.26)?.groupArn, "b");
  });

  it("honours a remembered group at weight 0, only while stickiness is on and the rule names it", () => {
    const targetGroups = [
      { arn: "a", weight: 0 },
      { arn: "b", weight: 100 },
    ];
    const on = { targetGroups, stickiness: { enabled: true, duration: 60 } };
    const off = { targetGroups, stickiness: { enabled: false, duration: 60 } };
    assert.deepEqual(chooseGroup(on, "a", 0.5), { groupArn: "a", sticky: true, bindSeconds: 60 });
    assert.equal(chooseGroup(off, "a", 0.5)?.groupArn, "b");
    assert.equal(chooseGroup(on, "gone", 0.5)?.groupArn, "b");
  });

  it("sends to healthy targets, and to all but draining ones when none is healthy", () => {
    const target = (state: "healthy" | "unhealthy" | "initial" | "draining") => ({
      id: state,
      port: 1,
      state,
    });
    const [healthy, unhealthy, initial, draining] = (
      ["healthy", "unhealthy", "initial", "draining"] as const
    ).map(target) as [never, never, never, never];
    assert.deepEqual(eligible([unhealthy, healthy, initial, draining]), [healthy]);
    assert.deepEqual(eligible([unhealthy, initial, draining]), [unhealthy, initial]);
    assert.deepEqual(eligible([draining]), []);
  });
});

describe("group stickiness cookie", () => {
  const header = (setCookie: string) => `other=1; ${setCookie.split(";")[0]}`;

  it("binds to its group until its duration has passed", () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const cookies = new GroupCookies(() => now);
    const set = cookies.bind("green", 60);
    assert.match(set, /^AWSALBTG=[\w+/=]+; Expires=Thu, 01 Jan 2026 00:01:00 GMT; Path=\/$/);
    now += 59_000;
    assert.equal(cookies.boundTo(header(set), ["blue", "green"]), "green");
    assert.equal(cookies.boundTo(header(set), ["blue", "red"]), undefined);
    now += 1_000;
    assert.equal(cookies.boundTo(header(set), ["blue", "green"]), undefined);
  });

  it("tells nothing of the group and cannot be forged or changed", () => {
    const cookies = new GroupCookies();
    const set = cookies.bind("green", 60);
    const value = (header(set).split("AWSALBTG=")[1] ?? "").trim();
    assert.ok(!Buffer.from(value, "base64").includes("green"));
    const changed = Buffer.from(value, "base64");
    changed[20] = (changed[20] as number) ^ 1;
    for (const forged of [
      changed.toString("base64"),
      "",
      "green",
      new GroupCookies().bind("green", 60).slice(9, 65),
    ]) {
      assert.equal(cookies.boundTo(`AWSALBTG=${forged}`, ["blue", "green"]), undefined);
    }
  });
});

describe("judging health", () => {
  const check = { healthyThreshold: 3, unhealthyThreshold: 2 } as HealthCheck;
  const run = (from: Standing["state"], ...passed: boolean[]): string[] => {
    let standing: Standing = { state: from, streak: 0 };
    return passed.map((ok) => {
      standing = judge(standing, ok ? undefined : "Target.Timeout", check);
      return standing.state;
    });
  };

  it("takes one success for a new target", () => {
    assert.deepEqual(run("initial", true), ["healthy"]);
  });

  it("takes as many failures in a row as the unhealthy threshold", () => {
    assert.deepEqual(run("healthy", false, true, false, false), [
      "healthy",
      "healthy",
      "healthy",
      "unhealthy",
    ]);
    assert.deepEqual(run("initial", false, false), ["initial", "unhealthy"]);
  });

  it("takes as many successes in a row as the healthy threshold to come back", () => {
    const states = run("unhealthy", true, true, false, true, true, true);
    assert.deepEqual(states, [...Array<string>(5).fill("unhealthy"), "healthy"]);
  });

  it("reads matchers of single codes, lists and ranges", () => {
    assert.ok(accepts("200", 200) && !accepts("200", 204));
    assert.ok(accepts("200,202", 202) && accepts("200-299,404", 404) && accepts("200-399", 302));
    assert.ok(!accepts("200-399", 400));
  });
});

import assert from "node:assert/strict";
import type { Manifest } from "../../../model/release";
import { type RawConfig, footprints, parseSettings } from "../../../model/settings";
import { judge } from "../../../model/transition";
import { NEW, OLD, SERVICES, configuration, recorded, refusedBy, release, transition } from "../fixtures";

const OTHER: Manifest = { version: "2.4.1" };

describe("T4, a change to what a colour with traffic runs", () => {
  it("permits a change of the candidate without traffic and refuses it with one per cent", () => {
    assert.deepEqual(refusedBy(transition(recorded(release(0)), release(0, { green: OTHER }))), []);
    assert.deepEqual(refusedBy(transition(recorded(release(1)), release(1, { green: OTHER }))), ["T4"]);
  });

  it("refuses a change in the edit that gives the first traffic, and in the one that takes the last", () => {
    assert.ok(refusedBy(transition(recorded(release(0)), release(1, { green: OTHER }))).includes("T4"));
    assert.ok(refusedBy(transition(recorded(release(1)), release(0, { green: OTHER }))).includes("T4"));
  });

  it("refuses a change of the live colour also while it has no traffic", () => {
    assert.deepEqual(refusedBy(transition(recorded(release(100)), release(100, { blue: OTHER }))), ["T4"]);
  });

  it("permits a change in place once the rolling strategy is recorded, and not in the edit that sets it", () => {
    const rolling = { strategy: "rolling", green: {} } as const;
    const changed = release(0, { ...rolling, blue: OTHER });
    assert.deepEqual(refusedBy(transition(recorded(release(0, rolling)), changed)), []);
    assert.deepEqual(refusedBy(transition(recorded(release(0, { green: {} })), changed)), ["T4"]);
  });

  it("sees every part of a manifest, and no difference where nothing differs", () => {
    const same: Manifest = { version: "2.3.1", images: {}, settings: {} };
    assert.deepEqual(refusedBy(transition(recorded(release(0)), release(0, { blue: same }))), []);
    const changes: Manifest[] = [
      { ...OLD, images: { storage: "r/storage:1" } },
      { ...OLD, settings: { MODE: "a" } },
      { ...OLD, services: PUBLIC_ONLY },
    ];
    for (const blue of changes) {
      assert.ok(refusedBy(transition(recorded(release(0)), release(0, { blue }))).includes("T4"));
    }
  });

  it("names the version before and after and the command that puts it back, and no setting's value", () => {
    const blue = { ...OTHER, settings: { KEY: "hush" } };
    const [violation] = judge(transition(recorded(release(0)), release(0, { blue })));
    assert.equal(violation?.where, "sluice:release.blue.version");
    assert.match(violation.message, /2\.3\.1 → 2\.4\.1/);
    assert.ok(violation.remedy.includes("pulumi config set --path 'sluice:release.blue.version' 2.3.1"));
    assert.ok(violation.remedy.includes("pulumi config rm --path 'sluice:release.blue.settings'"));
    assert.ok(!JSON.stringify(violation).includes("hush"));
  });

  it("refuses another port or image of a service, for those reach both colours", () => {
    const change = (part: object) => ({
      services: { ...SERVICES, storage: { ...SERVICES["storage"]!, ...part } },
    });
    const still = [recorded(release(0)), release(0)] as const;
    assert.deepEqual(refusedBy(transition(...still, change({ port: 8080 }))), []);
    assert.deepEqual(refusedBy(transition(...still, change({ port: 8081 }))), ["T4"]);
    assert.deepEqual(refusedBy(transition(...still, change({ image: "elsewhere/storage" }))), ["T4"]);
  });

  it("refuses what reaches a service's traffic or its pods under it, and says how to keep it", () => {
    const cases: [RawConfig["services"], string, RegExp][] = [
      [{ "api-gateway": { public: null } }, "public", /so that it is reached at \/api$/],
      [{ "api-gateway": { public: { path: "/v2" } } }, "public", /so that it is reached at \/api$/],
      [{ "api-gateway": { public: null, kind: "worker" } }, "kind", /api-gateway.kind' http$/],
      [{ "api-gateway": { health: { liveness: "/up" } } }, "health.liveness", /liveness' \/health$/],
      [{ "api-gateway": { health: { readiness: "/up" } } }, "health.readiness", /readiness' \/health$/],
      [{ "api-gateway": { health: { startup: "/up" } } }, "health.startup", /\/health\/detailed$/],
    ];
    for (const [services, key, remedy] of cases) {
      const edited = { services: footprints(parseSettings({ ...configuration(), services })) };
      const violations = judge(transition(recorded(release(10)), release(10), edited));
      assert.deepEqual([...new Set(violations.map(({ id }) => id))], ["T4"], key);
      const violation = violations.find(({ where }) => where === `sluice:services.api-gateway.${key}`);
      assert.match(violation?.remedy ?? "nothing", remedy);
      const rolling = release(0, { strategy: "rolling", green: {} });
      assert.deepEqual(refusedBy(transition(recorded(rolling), rolling, edited)), [], key);
    }
  });

  it("refuses another host, also where it is the domain that changes", () => {
    const of = (changes: RawConfig) => footprints(parseSettings({ ...configuration(), ...changes }));
    const domain = "example.com";
    const from = recorded(release(10), { services: of({ domain }) });
    const judged = (changes: RawConfig) => judge(transition(from, release(10), { services: of(changes) }));
    assert.deepEqual(judged({ domain }), []);
    const host = judged({ domain, services: { "api-gateway": { public: { host: "gate" } } } });
    assert.deepEqual(
      host.map(({ id, found }) => [id, found]),
      [["T4", "api.example.com → gate.example.com"]],
    );
    assert.equal(judged({ domain: "example.org" }).length, PUBLIC_ONLY.length);
  });

  it("lets the world reach an internal service, which takes nothing from anybody", () => {
    const services = footprints(
      parseSettings({ ...configuration(), services: { storage: { public: { path: "/storage" } } } }),
    );
    assert.deepEqual(refusedBy(transition(recorded(release(10)), release(10), { services })), []);
  });

  it("takes what an older state lacks for unchanged, and still keeps the world's way in", () => {
    const older = Object.fromEntries(
      Object.entries(SERVICES).map(([name, { kind: _, health: __, address: ___, ...rest }]) => [name, rest]),
    );
    const from = recorded(release(10), { services: older });
    assert.deepEqual(refusedBy(transition(from, release(10))), []);
    const services = { ...SERVICES, "api-gateway": { ...older["api-gateway"]!, public: false } };
    assert.deepEqual(refusedBy(transition(from, release(10), { services })), ["T4"]);
  });

  describe("where a service is added to the stack in the middle of a canary", () => {
    const services = { ...SERVICES, billing: { ...SERVICES["storage"]!, address: undefined } };
    const names = Object.keys(SERVICES);
    const named = names.map(
      (name, index) => `pulumi config set --path 'sluice:release.blue.services[${index}]' ${name}`,
    );

    it("refuses it while the live colour follows the stack's list, and says how to name its own", () => {
      const [violation, ...others] = judge(transition(recorded(release(10)), release(10), { services }));
      assert.deepEqual(others, []);
      assert.equal(violation?.where, "sluice:release.blue.services");
      assert.equal(violation.found, "services gain billing");
      const remedy = ["pulumi config rm --path 'sluice:release.blue.services'", ...named].join(" && ");
      assert.equal(violation.remedy, remedy);
    });

    it("permits it for the candidate where the live colour names in the same edit what it has", () => {
      const blue = { ...OLD, services: names };
      assert.deepEqual(refusedBy(transition(recorded(release(10)), release(10, { blue }), { services })), []);
    });

    it("takes names in another order, or all of the stack's, for the list that it had", () => {
      const both = { blue: { ...OLD, services: [...names].reverse() }, green: { ...NEW, services: names } };
      assert.deepEqual(refusedBy(transition(recorded(release(10)), release(10, both))), []);
      assert.deepEqual(refusedBy(transition(recorded(release(10, both)), release(10))), []);
    });

    it("lets no share rise in the edit that adds it", () => {
      const blue = { ...OLD, services: names };
      assert.deepEqual(refusedBy(transition(recorded(release(10)), release(20, { blue }), { services })), [
        "T2",
      ]);
    });

    it("refuses to take one from a candidate with traffic, and permits both ways without", () => {
      const green = { ...NEW, services: names.filter((name) => name !== "storage") };
      assert.ok(refusedBy(transition(recorded(release(10)), release(10, { green }))).includes("T4"));
      assert.deepEqual(refusedBy(transition(recorded(release(0)), release(0, { green }))), []);
      assert.deepEqual(refusedBy(transition(recorded(release(0, { green })), release(0))), []);
    });

    it("refuses a further service of the candidate beside any other change of it", () => {
      const blue = { ...OLD, services: names };
      const asked = release(10, { blue, green: OTHER });
      const [violation] = judge(transition(recorded(release(10)), asked, { services }));
      assert.equal(violation?.found, "version 2.4.0 → 2.4.1 and services gain billing");
    });

    it("renames an internal service in the candidate: one goes and another comes", () => {
      const blue = { ...OLD, services: names };
      const renamed = [...names.filter((name) => name !== "storage"), "billing"];
      const green = { ...NEW, services: renamed };
      assert.deepEqual(
        refusedBy(transition(recorded(release(0)), release(0, { blue, green }), { services })),
        [],
      );
    });
  });

  it("does not stand in the way of a first deployment", () => {
    assert.deepEqual(refusedBy(transition(undefined, release(0, { green: NEW }))), []);
  });
});

const PUBLIC_ONLY = ["api-gateway", "voice-service", "admin-panel"];

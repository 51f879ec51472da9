import assert from "node:assert/strict";
import { judge } from "../../../model/transition";
import { LIMITS, NEW, OLD, SERVICES, START, at, promoted, recorded, release, transition } from "../fixtures";
import { give, message, told } from "./told";

const keep = (colour: string) => `pulumi config set --path 'sluice:release.live' ${colour}`;
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(SERVICES).filter(([name]) => !names.includes(name)));

describe("a violation of T5", () => {
  const promote = release(100, { live: "green" });

  it("of a colour without all traffic keeps the other live", () => {
    const asked = transition(recorded(release(100)), release(99, { live: "green" }), { now: at(99_999) });
    const violation = {
      where: "sluice:release.live",
      found: "99 % for green after the edit",
      limit: "a colour that becomes live has 100 %",
      remedy: keep("blue"),
    };
    assert.deepEqual(told(asked, "T5"), [violation]);
    assert.match(message(asked, "T5"), /^green \(version 2\.4\.0\) would become live; found: 99 % /);
  });

  it("of a candidate that has not had all of it names the least share, and the strategy that asks", () => {
    const [violation] = told(
      transition(recorded(release(99)), promote, { now: at(LIMITS.bakeSeconds) }),
      "T5",
    );
    assert.deepEqual([violation?.found, violation?.remedy], ["99 % for green so far", keep("blue")]);
    assert.match(violation!.limit, /recorded strategy: canary/);
  });

  it("of what no update has deployed names what stands there", () => {
    const asked = (green: object) =>
      transition(recorded(release(100, { green })), promote, { now: at(LIMITS.bakeSeconds) });
    const [other] = told(asked({ version: "2.3.9" }), "T5");
    assert.deepEqual(
      [other?.found, other?.remedy],
      ["2.3.9 deployed on green", `${keep("blue")} && ${give(0)}`],
    );
    assert.equal(told(asked({}), "T5")[0]?.found, "no version deployed on green");
  });

  it("of what has stood without pods puts back exactly what was taken away", () => {
    const { release: before, ...state } = promoted();
    const asked = (blue: object) =>
      transition(
        { ...state, release: { ...before, strategy: "blue-green", blue: { ...OLD, ...blue } } },
        release(0, { strategy: "blue-green", blue: { ...OLD, ...blue } }),
        { now: at(LIMITS.warmSeconds + LIMITS.coldSeconds) },
      );
    const version = "pulumi config set --path 'sluice:release.blue.version' 2.3.1";
    assert.ok(told(asked({}), "T5")[0]!.remedy.endsWith(`; ${version}; pulumi up; then flip`));
  });
});

describe("a violation of T6", () => {
  const gone = release(0, { green: {} });

  it("says why the colour is needed, and until when only where time ends it", () => {
    const shared = transition(recorded(release(1)), gone);
    assert.match(
      message(shared, "T6"),
      /^green has 1 % of the traffic, and .*green\.version would leave it with/,
    );
    assert.doesNotMatch(message(shared, "T6"), /wait until/);
    const live = transition(recorded(release(100)), release(100, { capacity: { blue: 99 } }));
    assert.match(message(live, "T6"), /^blue is live, where a retreat goes, /);
    const draining = transition(recorded(release(0), { drainedAt: { green: START } }), gone);
    assert.match(
      message(draining, "T6"),
      /^green still drains, .* Or wait until 2026-03-01T10:03:00\.000Z\.$/,
    );
    const warm = transition(promoted(), release(100, { live: "green", blue: {} }), { now: at(60) });
    assert.match(message(warm, "T6"), /^blue is kept warm as the way back, /);
  });

  it("waits for the later of the two ends", () => {
    const state = { ...promoted(), drainedAt: { blue: at(LIMITS.warmSeconds - 60) } };
    const asked = transition(state, release(100, { live: "green", blue: {} }), {
      now: at(LIMITS.warmSeconds - 30),
    });
    assert.match(message(asked, "T6"), /Or wait until 2026-03-02T10:02:00\.000Z\.$/);
  });

  it("of a version that goes brings it back, and of its settings the file", () => {
    const drained = recorded(release(0), { drainedAt: { green: START } });
    assert.deepEqual(told(transition(drained, gone), "T6"), [
      {
        where: "sluice:release.green.version",
        found: "no version",
        limit: "version 2.4.0, unchanged",
        remedy: "pulumi config set --path 'sluice:release.green.version' 2.4.0",
      },
    ]);
    const settings = release(0, { green: { ...NEW, settings: { KEY: "x" } } });
    assert.deepEqual(told(transition(drained, settings), "T6"), [
      {
        where: "sluice:release.green.settings",
        found: "another manifest of 2.4.0",
        limit: "version 2.4.0, unchanged",
        remedy: "put sluice:release.green back: git restore -p Pulumi.<stack>.yaml",
      },
    ]);
    const fewer = release(0, { green: { ...NEW, services: Object.keys(without("storage")) } });
    assert.equal(told(transition(drained, fewer), "T6")[0]?.where, "sluice:release.green.services");
  });

  it("of services that go says from which list: the colour's, or the stack's where one is gone there", () => {
    const kept = Object.keys(without("storage", "analytics"));
    const from = recorded(release(0, { green: {} }));
    const asked = (services: typeof SERVICES) =>
      transition(from, release(0, { green: {}, blue: { ...OLD, services: kept } }), { services });
    assert.deepEqual(told(asked(SERVICES), "T6"), [
      {
        where: "sluice:release.blue.services",
        found: "without storage and analytics",
        limit: "every service that it has",
        remedy:
          "put storage and analytics back into sluice:release.blue.services: " +
          "git restore -p Pulumi.<stack>.yaml",
      },
    ]);
    assert.equal(told(asked(without("storage")), "T6")[0]?.where, "sluice:services");
    assert.match(
      message(asked(SERVICES), "T6"),
      /blue\.services would leave it without storage and analytics\. /,
    );
  });

  it("of a size names the service, the key and the value that it had", () => {
    const sized = (part: object) =>
      transition(recorded(release(0)), release(0), {
        services: { ...SERVICES, storage: { ...SERVICES["storage"]!, ...part } },
      });
    assert.deepEqual(told(sized({ replicas: 2 }), "T6"), [
      {
        where: "sluice:services.storage.replicas",
        found: "2",
        limit: "3 at least",
        remedy: "pulumi config set --path 'sluice:services.storage.replicas' 3",
      },
    ]);
    assert.equal(told(sized({ cpu: undefined }), "T6")[0]?.found, "none");
    const old = { ...SERVICES["storage"]!, cpu: undefined } as never;
    const older = recorded(release(0), { services: { ...SERVICES, storage: old } });
    assert.deepEqual(told(transition(older, release(0)), "T6"), []);
  });

  it("of a capacity names both percentages", () => {
    const [violation] = told(
      transition(
        recorded(release(10, { capacity: { green: 150 } })),
        release(10, { capacity: { green: 149 } }),
      ),
      "T6",
    );
    assert.deepEqual(
      [violation?.where, violation?.found, violation?.limit],
      ["sluice:release.capacity.green", "149 %", "150 % at least"],
    );
  });
});

describe("a violation of T12", () => {
  const rolling = (blue: object) => release(0, { strategy: "rolling", green: {}, blue });
  const takenBack = [{ version: "2.4.0", at: at(-60) }];

  it("is at the version in place, and puts back what ran there", () => {
    const asked = transition(recorded(rolling(OLD), { takenBack }), rolling(NEW));
    assert.equal(told(asked, "T12")[0]?.where, "sluice:release.blue.version");
    assert.match(message(asked, "T12"), /^blue would run version 2\.4\.0, which was taken back at /);
    const back = "put sluice:release.blue back: git restore -p Pulumi.<stack>.yaml";
    const settings = rolling({ ...NEW, settings: { KEY: "x" } });
    const remedies = [recorded(rolling(NEW), { takenBack }), recorded(rolling({}), { takenBack })].flatMap(
      (state) => told(transition(state, settings), "T12").map(({ remedy }) => remedy),
    );
    assert.deepEqual(remedies, [back, back]);
  });

  it("is at the traffic where it would get some, and keeps the least share that it has", () => {
    const asked = transition(recorded(release(0), { takenBack }), release(1));
    assert.equal(told(asked, "T12")[0]?.remedy, give(0));
    assert.match(message(asked, "T12"), /^green would get 1 % of the traffic with version 2\.4\.0, /);
    assert.equal(judge(asked)[0]?.severity, "high");
  });
});

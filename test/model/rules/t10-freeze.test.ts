import assert from "node:assert/strict";
import { BACKENDS } from "../../../model/backends";
import { DAYS, type Freeze } from "../../../model/freeze";
import { type Recorded, type Release, greenAt } from "../../../model/release";
import { type Transition, judge } from "../../../model/transition";
import { LIMITS, SERVICES, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

const HOUR = 3_600;
const FREEZE: Freeze = { reason: "quarter's end", from: at(HOUR), until: at(2 * HOUR) };
const limits = { ...LIMITS, freezes: [FREEZE] };

const asked = (from: Recorded, to: Release, changes: Partial<Transition> = {}) =>
  transition(from, to, { limits, now: at(HOUR), ...changes });
const { storage, ...others } = SERVICES;
const storageWith = (part: object) => ({ services: { ...others, storage: { ...storage!, ...part } } });
const STILL = [recorded(release(10)), release(10)] as const;
const rolling = (version: string) => release(0, { strategy: "rolling", green: {}, blue: { version } });

describe("T10, a change inside a freeze", () => {
  it("refuses a rise from its first second to its last, and permits it a second before and after", () => {
    const rise = (seconds: number) =>
      refusedBy(asked(recorded(release(10)), release(11), { now: at(seconds) }));
    assert.deepEqual(rise(HOUR - 1), []);
    assert.deepEqual(rise(HOUR), ["T10"]);
    assert.deepEqual(rise(2 * HOUR - 1), ["T10"]);
    assert.deepEqual(rise(2 * HOUR), []);
  });

  it("names the reason, the end, what leaves it as it is, and how somebody answers for it", () => {
    const [violation] = judge(asked(recorded(release(10)), release(11)));
    assert.equal(violation?.where, "sluice:release.traffic.green");
    assert.equal(violation.found, "green from 10 % to 11 %");
    assert.equal(violation.limit, "nothing is released until 2026-03-01T12:00:00.000Z");
    assert.equal(
      violation.remedy,
      "pulumi config set --path 'sluice:release.traffic.green' 10 && pulumi config set --path " +
        "'sluice:release.traffic.blue' 90 until 2026-03-01T12:00:00.000Z",
    );
    for (const part of [
      `"quarter's end"`,
      violation.limit,
      violation.remedy,
      "in your name (sluice:overrides)",
    ])
      assert.ok(violation.message.includes(part), violation.message);
  });

  it("says where a freeze has no end", () => {
    const always: Freeze = { reason: "sold", days: DAYS, from: "00:00", until: "24:00" };
    const endless = { ...LIMITS, freezes: [always] };
    const [violation] = judge(asked(recorded(release(10)), release(11), { limits: endless }));
    assert.match(violation!.limit, /which has no end/);
    assert.doesNotMatch(violation!.remedy, /until/);
  });

  it("permits an update that changes nothing", () => {
    assert.deepEqual(refusedBy(asked(...STILL)), []);
  });

  it("refuses a promote and a flip", () => {
    const baked = { since: at(-LIMITS.bakeSeconds) };
    const full = recorded(release(100), baked);
    assert.deepEqual(refusedBy(asked(full, release(100, { live: "green" }))), ["T10"]);
    const ready = recorded(release(0, { strategy: "blue-green" }), baked);
    const flip = asked(ready, release(100, { strategy: "blue-green", live: "green" }));
    assert.deepEqual(refusedBy(flip), ["T10"]);
    assert.equal(judge(flip)[0]?.found, "green from 0 % to 100 % and green live");
  });

  it("permits every way back: to the live colour, to the predecessor, and in place", () => {
    assert.deepEqual(refusedBy(asked(recorded(release(10)), release(0))), []);
    assert.deepEqual(refusedBy(asked(promoted(), release(0))), []);
    const predecessor = { colour: "blue", manifest: { version: "2.3.1" } } as const;
    const replaced = recorded(rolling("2.4.0"), {
      trusted: { colour: "blue", version: "2.4.0", at: at(0), predecessor },
    });
    assert.deepEqual(refusedBy(asked(replaced, rolling("2.3.1"))), []);
    assert.deepEqual(refusedBy(asked(replaced, rolling("2.3.0"))), ["T10"]);
  });

  it("permits to go back and to add pods in one edit", () => {
    const more = storageWith({ replicas: storage!.replicas + 1 });
    assert.deepEqual(refusedBy(asked(recorded(release(10)), release(0), more)), []);
    assert.deepEqual(refusedBy(asked(promoted(), release(0), more)), []);
  });

  it("refuses another version, another manifest of the same one, and to take one away", () => {
    const idle = recorded(release(0));
    const found = (green: Release["green"]) =>
      judge(asked(idle, release(0, { green }))).map((one) => one.found);
    assert.deepEqual(found({ version: "2.4.1" }), ["2.4.1 on green"]);
    assert.deepEqual(found({ version: "2.4.0", settings: { A: "1" } }), [
      "another manifest of 2.4.0 on green",
    ]);
    assert.deepEqual(found({}), ["no version on green"]);
    assert.deepEqual(refusedBy(asked(idle, release(0, { green: {} }))), ["T10"]);
  });

  it("gives the command that takes a first version away again", () => {
    const [violation] = judge(asked(recorded(release(0, { green: {} })), release(0)));
    assert.match(violation!.remedy, /^pulumi config rm --path 'sluice:release\.green\.version' until/);
  });

  it("refuses another strategy", () => {
    const idle = recorded(release(0));
    const [violation, ...more] = judge(asked(idle, release(0, { strategy: "blue-green" })));
    assert.deepEqual([violation?.id, violation?.where, more.length], ["T10", "sluice:release.strategy", 0]);
    assert.match(violation!.remedy, /'sluice:release\.strategy' canary until/);
  });

  it("refuses a migration that is still to run for what was deployed, and none that has run", () => {
    const migration = { revision: "r4", phase: "expand", serves: "2.3.1" } as const;
    const green = { version: "2.4.0", migration };
    const to = release(0, { green });
    assert.deepEqual(refusedBy(asked(recorded(to), to)), ["T10"]);
    assert.equal(judge(asked(recorded(to), to))[0]?.where, "sluice:release.green.migration");
    const schema = { ...migration, version: "2.4.0", at: at(0) };
    assert.deepEqual(refusedBy(asked(recorded(to, { schema }), to)), []);
  });

  it("refuses a change of the platform", () => {
    const platform = { kubernetes: "1.35", backends: BACKENDS.prod };
    const from = recorded(release(10), { platform });
    assert.deepEqual(refusedBy(asked(from, release(10), { platform })), []);
    const other = asked(from, release(10), { platform: { ...platform, kubernetes: "1.36" } });
    assert.deepEqual(refusedBy(other), ["T10"]);
    const database = { ...BACKENDS.prod.database, backupDays: 31 };
    const longer = { ...platform, backends: { ...BACKENDS.prod, database } };
    const [violation] = judge(asked(from, release(10), { platform: longer }));
    assert.equal(violation?.where, "sluice:backends.database.backupDays");
    assert.match(violation.remedy, /'sluice:backends\.database\.backupDays' 30 until/);
  });

  it("permits one pod more, and more of everything that is size, and refuses another port", () => {
    const { replicas, maxReplicas = 0 } = storage!;
    assert.deepEqual(refusedBy(asked(...STILL, storageWith({ replicas: replicas + 1 }))), []);
    const larger = { maxReplicas: maxReplicas + 1, cpu: "2001m", memory: "3Gi" };
    assert.deepEqual(refusedBy(asked(...STILL, storageWith(larger))), []);
    assert.deepEqual(refusedBy(asked(...STILL, storageWith({ replicas: replicas - 1 }))), ["T6", "T10"]);
    const place = [recorded(rolling("2.3.1")), rolling("2.3.1")] as const;
    assert.deepEqual(refusedBy(asked(...place, storageWith({ port: 8081 }))), ["T10"]);
    assert.deepEqual(refusedBy(asked(...place, storageWith({ replicas: replicas - 1 }))), ["T10"]);
  });

  it("refuses a service that comes and one that goes", () => {
    const named = { services: Object.keys(others) };
    const both = { blue: { version: "2.3.1", ...named }, green: { version: "2.4.0", ...named } };
    const has = recorded(release(0, both));
    const found = judge(asked(has, release(0, both), { services: others }));
    assert.deepEqual(
      found.map((one) => [one.id, one.found]),
      [["T10", "no service storage"]],
    );
    const lacks = recorded(release(0, both), { services: others });
    const [violation] = judge(asked(lacks, release(0, both)));
    assert.equal(violation?.where, "sluice:services.storage");
    assert.match(violation.remedy, /^pulumi config rm --path 'sluice:services\.storage'/);
  });

  it("permits more capacity and refuses less", () => {
    const with150 = recorded(release(0, { capacity: { green: 150 } }));
    assert.deepEqual(refusedBy(asked(with150, release(0, { capacity: { green: 151 } }))), []);
    assert.deepEqual(refusedBy(asked(with150, release(0, { capacity: { green: 149 } }))), ["T10"]);
  });

  it("refuses to level uneven rules upwards, and permits it downwards", () => {
    const rules = { "api-gateway": greenAt(0), "voice-service": greenAt(10), "admin-panel": greenAt(10) };
    const uneven = recorded(release(10), { rules });
    const [violation] = judge(asked(uneven, release(10)));
    assert.equal(violation?.found, "green from 0 % to 10 %");
    assert.deepEqual(refusedBy(asked(uneven, release(0))), []);
  });

  it("permits a first deployment, which nobody is on", () => {
    assert.deepEqual(refusedBy(transition(undefined, release(0), { limits, now: at(HOUR) })), []);
  });

  it("counts a freeze that the edit takes away, and one that it brings", () => {
    const state = recorded(release(10), { limits });
    const gone = asked(state, release(11), { limits: LIMITS });
    assert.deepEqual(refusedBy(gone), ["T10"]);
    assert.match(judge(gone)[0]!.message, /relaxed counts from the update after/);
    const brought = asked(recorded(release(10), { limits: LIMITS }), release(11));
    assert.deepEqual(refusedBy(brought), ["T10"]);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Held, type Vicinity, clearance, mends, parseLock } from "../../model/lock";

const SINCE = "2026-03-01T10:00:00.000Z";
const at = (seconds: number) => new Date(Date.parse(SINCE) + 1_000 * seconds).toISOString();

const lock: Held = {
  key: ".pulumi/locks/organization/sluice/prod/1.json",
  by: "ana@ci-1 (pid 4711)",
  owner: { user: "ana", host: "ci-1", pid: 4711, since: SINCE },
};
const here = (process: Vicinity["process"]): Vicinity => ({ host: "ci-1", process });
const running = (program: string, seconds: number) => here({ value: { program, since: at(seconds) } });

describe("a lock's clearance", () => {
  it("is given where the owner's process is gone from this machine", () => {
    const { isDead, why } = clearance(lock, here({ value: undefined }));
    assert.equal(isDead, true);
    assert.equal(why, "process 4711 does not run on ci-1 any more");
  });

  it("is given where another program got the process' id later, and not within the clock's margin", () => {
    assert.deepEqual(
      [2.1, 2, 0, -60].map((seconds) => clearance(lock, running("sshd", seconds)).isDead),
      [true, false, false, false],
    );
  });

  it("is never given while an engine has the id, whenever it began", () => {
    for (const seconds of [-5, 0, 3_600]) {
      const { isDead, why } = clearance(lock, running("pulumi", seconds));
      assert.equal(isDead, false);
      assert.equal(why, "process 4711 (pulumi) lives on ci-1");
    }
  });

  it("is never given for another machine, an unknown owner, or what could not be looked at", () => {
    const anywhere = fc.constantFrom<Vicinity["process"]>(
      { value: undefined },
      { value: { program: "sshd", since: at(60) } },
      { unseen: "denied" },
    );
    fc.assert(
      fc.property(anywhere, fc.string(), (process, host) => {
        fc.pre(host !== "ci-1");
        assert.equal(clearance(lock, { host, process }).isDead, false);
        assert.equal(clearance({ by: "ana" }, here(process)).isDead, false);
      }),
    );
    assert.match(clearance(lock, here({ unseen: "denied" })).why, /4711 could not be looked at: denied/);
    assert.match(clearance(lock, { host: "ci-2", process: { value: undefined } }).why, /taken on ci-1.*ci-2/);
  });

  it("is never given where the machine's name is everybody's", () => {
    const local = { ...lock, owner: { ...lock.owner!, host: "localhost" } };
    assert.equal(clearance(local, { host: "localhost", process: { value: undefined } }).isDead, false);
  });
});

describe("parseLock", () => {
  it("reads what the engine writes, with its time in UTC", () => {
    const text = '{"pid":4711,"username":"ana","hostname":"ci-1","timestamp":"2026-03-01T11:00:00.5+01:00"}';
    assert.deepEqual(parseLock("1.json", text), {
      key: "1.json",
      by: "ana@ci-1 (pid 4711)",
      owner: { ...lock.owner, since: "2026-03-01T10:00:00.500Z" },
    });
  });

  it("takes anything else for a lock whose owner is unknown, and never throws", () => {
    const wrong = [
      "",
      "null",
      "[]",
      '{"pid":"1"}',
      '{"pid":0,"username":"a","hostname":"b","timestamp":"x"}',
    ];
    for (const text of wrong) assert.deepEqual(parseLock("1.json", text), { key: "1.json" });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.equal(parseLock("1.json", text).key, "1.json");
      }),
    );
  });
});

describe("what mends a broken update", () => {
  it("is a refresh; of what may have been created, also what each case needs", () => {
    assert.deepEqual(mends("prod", []), []);
    const updating = { urn: "urn:a", operation: "updating" };
    assert.deepEqual(mends("prod", [updating]), [
      "asks the provider about everything: pulumi refresh -s prod",
    ]);
    const lines = mends("prod", [updating, { urn: "urn:b", operation: "creating" }]);
    assert.deepEqual(lines.slice(1), [
      "where it was created: pulumi refresh -s prod --import-pending-creates 'urn:b' --import-pending-creates ID",
      "where none was created: pulumi refresh -s prod --clear-pending-creates",
    ]);
  });
});

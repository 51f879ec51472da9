import assert from "node:assert/strict";
import { BACKENDS } from "../../../model/backends";
import { type Platform, platformChanges } from "../../../model/platform";
import type { Recorded, Release } from "../../../model/release";
import { judge } from "../../../model/transition";
import { LIMITS, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

const PLATFORM: Platform = { kubernetes: "1.35", backends: BACKENDS.prod };
const { cache } = BACKENDS.prod;
const SHARDED: Platform = { ...PLATFORM, backends: { ...BACKENDS.prod, cache: { ...cache, shards: 3 } } };
const on = (asked: Release, changes: Partial<Recorded> = {}) =>
  recorded(asked, { platform: PLATFORM, ...changes });

describe("T8, users moved together with the platform", () => {
  it("refuses a rise by one point with one shard more, and permits either alone", () => {
    const both = transition(on(release(10)), release(11), { platform: SHARDED });
    assert.deepEqual(refusedBy(both), ["T8"]);
    assert.deepEqual(refusedBy({ ...both, platform: PLATFORM }), []);
    assert.deepEqual(refusedBy({ ...both, to: release(10) }), []);
  });

  it("names what moves, what changes with it and the command that sets it back", () => {
    const [violation] = judge(transition(on(release(10)), release(11), { platform: SHARDED }));
    assert.equal(violation?.where, "sluice:release.traffic.green");
    assert.equal(violation.found, "green rises from 10 % to 11 %, with sluice:backends.cache.shards 2 → 3");
    assert.match(
      violation.remedy,
      /^pulumi config set --path 'sluice:backends\.cache\.shards' 2; pulumi up; then/,
    );
    assert.ok(violation.message.includes(violation.remedy));
  });

  it("names the cluster's version, which no key of configuration has, and writes truth values as such", () => {
    const database = { ...BACKENDS.prod.database, multiAz: false };
    const platform = { kubernetes: "1.36", backends: { ...BACKENDS.prod, database } };
    const [violation] = judge(transition(on(release(10)), release(11), { platform }));
    assert.match(violation!.found, /with the cluster's Kubernetes version 1\.35 → 1\.36 and sluice:backends/);
    assert.match(violation!.remedy, /^put the cluster's Kubernetes version back to 1\.35 && /);
    assert.match(violation!.remedy, /config set --path 'sluice:backends\.database\.multiAz' true;/);
  });

  it("refuses a promote and a flip with it", () => {
    const now = at(LIMITS.bakeSeconds);
    const promote = transition(on(release(100)), release(100, { live: "green" }), { now, platform: SHARDED });
    assert.deepEqual(refusedBy(promote), ["T8"]);
    assert.equal(judge(promote)[0]?.where, "sluice:release.live");
    assert.deepEqual(refusedBy({ ...promote, platform: PLATFORM }), []);
    const strategy = "blue-green";
    const flip = release(100, { strategy, live: "green" });
    const asked = transition(on(release(0, { strategy })), flip, { now, platform: SHARDED });
    assert.deepEqual(refusedBy(asked), ["T8"]);
  });

  it("refuses a version that comes to users in place with it, and permits one that nobody is on", () => {
    const rolling = (version: string) => release(0, { strategy: "rolling", green: {}, blue: { version } });
    const place = transition(on(rolling("2.3.1")), rolling("2.3.2"), { platform: SHARDED });
    assert.deepEqual(refusedBy(place), ["T8"]);
    assert.match(judge(place)[0]!.found, /blue is replaced in place by version 2\.3\.2/);
    const deploy = transition(on(release(0, { green: {} })), release(0), { platform: SHARDED });
    assert.deepEqual(refusedBy(deploy), []);
  });

  it("refuses a migration with it, which a restart of the database would interrupt", () => {
    const migration = { revision: "r4", phase: "expand", serves: "2.3.1" } as const;
    const green = { version: "2.4.0", migration };
    const asked = transition(on(release(0, { green: {} })), release(0, { green }), { platform: SHARDED });
    assert.deepEqual(refusedBy(asked), ["T8"]);
    assert.equal(judge(asked)[0]?.where, "sluice:release.green.migration");
  });

  it("leaves a way back alone: what it changes beside may have begun, and cannot be taken back", () => {
    const fall = transition(on(release(10)), release(9), { platform: SHARDED });
    assert.deepEqual(refusedBy(fall), []);
    const back = transition({ ...promoted(), platform: PLATFORM }, release(0), { now: at(60) });
    assert.deepEqual(refusedBy({ ...back, platform: SHARDED }), []);
  });

  it("judges nothing that was not recorded, or is not told", () => {
    assert.deepEqual(refusedBy(transition(recorded(release(10)), release(11), { platform: SHARDED })), []);
    assert.deepEqual(refusedBy(transition(on(release(10)), release(11))), []);
    assert.deepEqual(refusedBy(transition(undefined, release(0), { platform: SHARDED })), []);
  });
});

describe("what differs between two platforms", () => {
  it("is nothing between equal ones, and each value by its key between others", () => {
    assert.deepEqual(platformChanges(PLATFORM, structuredClone(PLATFORM)), []);
    assert.deepEqual(platformChanges(SHARDED, PLATFORM), [
      {
        path: ["backends", "cache", "shards"],
        name: "sluice:backends.cache.shards",
        before: 3,
        after: 2,
      },
    ]);
    const { backends: prod } = PLATFORM;
    const changes = platformChanges(PLATFORM, { kubernetes: "1.36", backends: BACKENDS.staging });
    assert.deepEqual(
      changes.slice(0, 3).map(({ name }) => name),
      [
        "the cluster's Kubernetes version",
        "sluice:backends.database.instanceClass",
        "sluice:backends.database.storageGb",
      ],
    );
    assert.equal(changes.at(-1)?.before, prod.vectorStore.snapshotDays);
  });

  it("is nothing where an older state lacks a value", () => {
    const { shards: _, ...older } = cache;
    const before = { ...PLATFORM, backends: { ...BACKENDS.prod, cache: older } } as unknown as Platform;
    assert.deepEqual(platformChanges(before, SHARDED), []);
  });
});

import assert from "node:assert/strict";
import { differences, sameManifest, sameMigration, sameRelease, sameRunning } from "../../model/manifest";
import type { Migration } from "../../model/migration";
import { NEW, release } from "./fixtures";

const MIGRATION: Migration = { revision: "r4", phase: "expand", serves: "2.3.1" };

describe("manifests", () => {
  it("differ by every part of their migration, and not by the order of its keys", () => {
    const one = { ...NEW, migration: MIGRATION };
    const { revision, ...rest } = MIGRATION;
    assert.ok(sameManifest(one, { ...NEW, migration: { ...rest, revision } }));
    assert.ok(!sameManifest(one, NEW));
    const others: Partial<Migration>[] = [
      { revision: "r5" },
      { phase: "contract" },
      { serves: "2.4.0" },
      { service: "storage" },
      { command: ["migrate"] },
      { deadlineSeconds: 60 },
      { downgrade: "r3" },
    ];
    for (const other of others) {
      const migration = { ...MIGRATION, ...other };
      assert.ok(!sameManifest(one, { ...NEW, migration }), JSON.stringify(other));
      assert.ok(!sameMigration(MIGRATION, migration), JSON.stringify(other));
    }
  });

  it("name the migration where it is what differs", () => {
    assert.deepEqual(differences(NEW, { ...NEW, migration: MIGRATION }), ["migration"]);
  });
});

describe("releases", () => {
  it("ask for the same only with the same capacity, where full size is the default", () => {
    const more = release(10, { capacity: { blue: 100, green: 150 } });
    assert.ok(!sameRelease(release(10), more));
    assert.ok(sameRelease(more, release(10, { capacity: { green: 150 } })));
  });

  it("run the same whatever their capacity is: more pods of one version are not another one", () => {
    assert.ok(sameRunning(release(10), release(10, { capacity: { green: 150 } })));
    assert.ok(!sameRunning(release(10), release(11)));
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSettings } from "../../../model/settings";
import { configuration } from "../fixtures";
import { changed, faultsOf, pathsOf } from "../raw";

const MIGRATION = { revision: "5f1c2a", phase: "expand", serves: "2.3.1" };
const FULL = {
  ...MIGRATION,
  service: "storage",
  command: ["alembic", "-c", "db.ini", "upgrade", "head"],
  deadlineSeconds: 21_600,
  downgrade: "base",
};

const green = (migration: unknown, version = "2.4.0") => ({ release: { green: { version, migration } } });
const paths = (changes: object) => pathsOf(green({ ...MIGRATION, ...changes }));
const at = (key: string) => [`sluice:release.green.migration.${key}`];

describe("a migration in configuration", () => {
  it("is read as it is written, whole or with what has no default alone", () => {
    for (const migration of [MIGRATION, FULL]) {
      assert.deepEqual(parseSettings(changed(green(migration))).release.green.migration, migration);
    }
  });

  it("has revision, phase and the oldest version that is served", () => {
    assert.deepEqual(
      pathsOf(green({})),
      ["revision", "phase", "serves"].flatMap((key) => at(key)),
    );
  });

  it("names its revisions: what moves, and steps, are none", () => {
    for (const revision of ["head", "heads", "current", "base", "-1", "+1", "", "a b", 5]) {
      assert.deepEqual(paths({ revision }), at("revision"), JSON.stringify(revision));
    }
    for (const downgrade of ["head", "-1", 5])
      assert.deepEqual(paths({ downgrade }), at("downgrade"), JSON.stringify(downgrade));
  });

  it("reports every fault of it at once, and keys that it has not", () => {
    const wrong = {
      revision: 1,
      phase: "extend",
      serves: "old",
      command: [],
      deadlineSeconds: 29,
      undo: true,
    };
    const found = pathsOf(green(wrong));
    const keys = ["undo", "revision", "phase", "serves", "command", "deadlineSeconds"];
    assert.deepEqual(found.sort(), keys.flatMap(at).sort());
    assert.match(
      faultsOf(changed(green(wrong))).find(({ path }) => path.endsWith("phase"))!.remedy,
      /expand$/,
    );
  });

  it("has a deadline between half a minute and six hours", () => {
    assert.deepEqual(paths({ deadlineSeconds: 30 }), []);
    assert.deepEqual(paths({ deadlineSeconds: 21_601 }), at("deadlineSeconds"));
  });

  it("comes with a version, and may be anything but throw", () => {
    assert.deepEqual(pathsOf({ release: { green: { migration: MIGRATION } } }), [
      "sluice:release.green.version",
    ]);
    fc.assert(fc.property(fc.anything(), (raw) => void faultsOf(changed(green(raw)))));
  });

  it("makes both colours' versions semantic, for they are compared", () => {
    const other = (blue: string, version: string) =>
      pathsOf({ release: { blue: { version: blue }, green: { version, migration: MIGRATION } } });
    assert.deepEqual(other("2.3.1", "2.4.0"), []);
    assert.deepEqual(other("build-77", "2.4.0"), ["sluice:release.blue.version"]);
    assert.deepEqual(other("2.3.1", "build-78"), ["sluice:release.green.version"]);
    assert.deepEqual(
      pathsOf({ release: { blue: { version: "build-77" }, green: { version: "build-78" } } }),
      [],
    );
  });

  it("serves its own version at least", () => {
    assert.deepEqual(paths({ serves: "2.4.0" }), []);
    assert.deepEqual(paths({ serves: "2.4.1" }), at("serves"));
  });

  it("is carried by a service of the stack", () => {
    assert.deepEqual(paths({ service: "storage" }), []);
    assert.deepEqual(paths({ service: "nobody" }), at("service"));
  });

  it("is one for one version, whichever colours run it", () => {
    const both = (migration: object) =>
      pathsOf({
        release: { blue: { version: "2.4.0", migration: MIGRATION }, green: { version: "2.4.0", migration } },
      });
    assert.deepEqual(both({ ...MIGRATION }), []);
    assert.deepEqual(both({ ...MIGRATION, revision: "6" }), ["sluice:release.green.migration"]);
  });
});

describe("capacity in configuration", () => {
  it("is percent of full size by colour, a whole number from 1 to 1000", () => {
    const found = (capacity: unknown) => pathsOf({ release: { capacity } });
    assert.deepEqual(found({ blue: 1, green: 300 }), []);
    assert.deepEqual(found({ blue: 0, green: 1_001, red: 5 }), [
      "sluice:release.capacity.red",
      "sluice:release.capacity.blue",
      "sluice:release.capacity.green",
    ]);
    assert.deepEqual(found("all"), ["sluice:release.capacity"]);
  });

  it("is absent where configuration leaves it out", () => {
    assert.ok(!("capacity" in parseSettings(configuration()).release));
  });
});

import assert from "node:assert/strict";
import {
  hasMigrated,
  isOlder,
  isServed,
  pending,
  schemaAfter,
  standing,
  undone,
} from "../../model/evolution";
import type { Migration, Schema } from "../../model/migration";
import type { Transition } from "../../model/rule";
import { at, recorded, release, transition } from "./fixtures";

const migration = (revision: string, serves: string, more: Partial<Migration> = {}): Migration => ({
  revision,
  phase: "expand",
  serves,
  ...more,
});

const SCHEMA: Schema = { revision: "r3", phase: "expand", serves: "2.2.0", version: "2.3.1", at: at(-60) };
const BLUE = { version: "2.3.1", migration: migration("r3", "2.2.0") };
const GREEN = { version: "2.4.0", migration: migration("r4", "2.3.1", { downgrade: "r3" }) };

const to = (blue: object, green: object) => release(0, { blue, green });
const asked = (schema: Schema | undefined, target = to(BLUE, GREEN), more: Partial<Transition> = {}) =>
  transition(recorded(to(BLUE, {}), schema && { schema }), target, { now: at(60), ...more });

const versions = (all: readonly { version: string }[]) => all.map(({ version }) => version);

describe("the order of versions", () => {
  it("is semantic, releases after their candidates and ten after nine", () => {
    assert.ok(isOlder("2.9.0", "2.10.0"));
    assert.ok(isOlder("2.4.0-rc.1", "2.4.0"));
    assert.ok(!isOlder("2.4.0", "v2.4.0"));
  });

  it("knows nothing of names that are not semantic, so a schema with a limit does not serve them", () => {
    assert.ok(isOlder("a1b2c3d", "2.4.0"));
    assert.ok(!isOlder("a1b2c3d", "a1b2c3d"));
    assert.ok(!isServed(SCHEMA, "a1b2c3d"));
    assert.ok(isServed(undefined, "a1b2c3d"));
  });
});

describe("the migrations of an update", () => {
  it("are those that the schema has not got to, the oldest version first", () => {
    assert.deepEqual(versions(pending(asked(SCHEMA))), ["2.4.0"]);
    assert.deepEqual(versions(pending(asked(undefined, to(GREEN, BLUE)))), ["2.3.1", "2.4.0"]);
    const schema: Schema = { ...SCHEMA, revision: "r4", version: "2.4.0", serves: "2.3.1" };
    assert.deepEqual(pending(asked(schema)), []);
    assert.deepEqual(pending(asked({ ...SCHEMA, revision: "r5", version: "2.5.0" })), []);
  });

  it("never include an older version's on a newer schema: its tool does not know the revision", () => {
    const newer = { ...SCHEMA, revision: "r4", version: "2.4.0" };
    assert.deepEqual(standing(asked(newer, to(BLUE, {}))), []);
    assert.ok(hasMigrated(asked(newer, to(BLUE, {})), "blue"));
  });

  it("have their Job from the update that runs it to the one that brings its successor", () => {
    assert.deepEqual(versions(standing(asked(SCHEMA, to(BLUE, {})))), ["2.3.1"]);
    assert.deepEqual(versions(standing(asked(SCHEMA, to(BLUE, { version: "2.4.0" })))), ["2.3.1"]);
    assert.deepEqual(versions(standing(asked(SCHEMA))), ["2.4.0"]);
    assert.deepEqual(versions(standing(asked({ ...SCHEMA, version: "2.4.0" }))), ["2.4.0"]);
  });

  it("are to run again where their version has another one since, or says that it serves less", () => {
    const schema: Schema = { ...SCHEMA, revision: "r4", version: "2.4.0", serves: "2.3.1" };
    assert.deepEqual(pending(asked(schema)), []);
    for (const change of [{ revision: "r5" }, { serves: "2.4.0" }]) {
      const changed = { ...GREEN, migration: { ...GREEN.migration, ...change } };
      const edited = asked(schema, to(BLUE, changed));
      assert.deepEqual(versions(pending(edited)), ["2.4.0"]);
      assert.ok(!hasMigrated(edited, "green"));
    }
  });

  it("are one for two colours of one version", () => {
    const both = asked(SCHEMA, to(GREEN, { ...GREEN, settings: { A: "1" } }));
    assert.deepEqual(versions(standing(both)), ["2.4.0", "2.4.0"]);
  });
});

describe("the schema after an update", () => {
  it("is what the newest migration leaves, from the end of the update on", () => {
    assert.deepEqual(schemaAfter(asked(SCHEMA)), {
      revision: "r4",
      phase: "expand",
      serves: "2.3.1",
      version: "2.4.0",
      at: at(60),
    });
  });

  it("is the same where nothing migrates, also at the next look", () => {
    assert.deepEqual(schemaAfter(asked(SCHEMA, to(BLUE, {}))), SCHEMA);
    assert.equal(schemaAfter(asked(undefined, to({ version: "2.3.1" }, {}))), undefined);
  });

  it("is what a rollback leaves, by the version that stays, once and not again", () => {
    const schema: Schema = { ...SCHEMA, revision: "r4", version: "2.4.0", serves: "2.3.1" };
    const recovery = { downgrade: { colour: "green", to: "r3" } } as const;
    const after = schemaAfter(asked(schema, to(BLUE, GREEN), { recovery }));
    assert.deepEqual(after, { ...SCHEMA, at: at(60) });
    const again = asked(after, to(BLUE, GREEN), { recovery, now: at(120) });
    assert.deepEqual(schemaAfter(again), after);
    assert.ok(!hasMigrated(again, "green"));
    assert.deepEqual(
      standing(again).map(({ colour }) => colour),
      ["blue"],
    );
  });

  it("serves nothing older than the version that stays, where that one declares nothing", () => {
    assert.deepEqual(undone(to({ version: "2.3.1" }, GREEN), { colour: "green", to: "r3" }), {
      revision: "r3",
      phase: "expand",
      serves: "2.3.1",
      version: "2.3.1",
    });
  });

  it("has a migration before it again where the version stays and nothing undoes it any more", () => {
    assert.deepEqual(versions(pending(asked(SCHEMA))), ["2.4.0"]);
  });
});

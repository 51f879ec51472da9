import assert from "node:assert/strict";
import type { Migration, Schema } from "../../../model/migration";
import { judge } from "../../../model/transition";
import { at, recorded, refusedBy, release, transition } from "../fixtures";

const migration: Migration = { revision: "r4", phase: "expand", serves: "2.3.1" };
const green = { version: "2.4.0", migration };
const SCHEMA: Schema = { revision: "r4", phase: "expand", serves: "2.3.1", version: "2.4.0", at: at(-60) };

describe("T3, a rise before the version's migration has completed", () => {
  it("refuses one point, and permits it once the schema is there", () => {
    const state = recorded(release(0, { green }));
    assert.deepEqual(refusedBy(transition(state, release(1, { green }))), ["T3"]);
    const migrated = { ...state, schema: SCHEMA };
    assert.deepEqual(refusedBy(transition(migrated, release(1, { green }))), []);
  });

  it("asks for this version's schema or a newer one, and not for an older one's", () => {
    const state = (version: string) => recorded(release(0, { green }), { schema: { ...SCHEMA, version } });
    assert.deepEqual(refusedBy(transition(state("2.5.0"), release(1, { green }))), []);
    assert.deepEqual(refusedBy(transition(state("2.3.9"), release(1, { green }))), ["T3"]);
  });

  it("refuses deploying and giving traffic in one edit, with the way out", () => {
    const asked = transition(recorded(release(0, { green: {} })), release(10, { green }));
    const violation = judge(asked).find(({ id }) => id === "T3");
    assert.ok(violation);
    assert.match(violation.message, /no migration completed/);
    assert.match(violation.message, /pulumi config set --path 'sluice:release.traffic.green' 0/);
  });

  it("permits a version in place and the first of a new stack: their Job runs before their pods", () => {
    const rolling = (blue: object) => release(0, { strategy: "rolling", green: {}, blue });
    const state = recorded(rolling({ version: "2.3.1" }));
    assert.deepEqual(refusedBy(transition(state, rolling(green))), []);
    assert.deepEqual(refusedBy(transition(undefined, release(0, { blue: green, green: {} }))), []);
  });

  it("refuses the version whose migration is being undone", () => {
    const state = recorded(release(0, { green }), { schema: SCHEMA });
    const recovery = { downgrade: { colour: "green", to: "r3" } } as const;
    assert.ok(refusedBy(transition(state, release(1, { green }), { recovery })).includes("T3"));
  });

  it("says nothing of a version without migration, or of a share that falls", () => {
    assert.deepEqual(refusedBy(transition(recorded(release(0)), release(1))), []);
    const state = recorded(release(10, { green }));
    assert.deepEqual(refusedBy(transition(state, release(5, { green }))), []);
  });
});

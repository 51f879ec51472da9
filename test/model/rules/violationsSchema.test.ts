import assert from "node:assert/strict";
import type { Migration, Schema } from "../../../model/migration";
import type { Recorded, Release } from "../../../model/release";
import { judge, type Transition } from "../../../model/transition";
import { LIMITS, START, at, promoted, recorded, release, transition } from "../fixtures";
import { give, message, told } from "./told";

const migration = (changes: Partial<Migration> = {}): Migration => ({
  revision: "r5",
  phase: "contract",
  serves: "2.4.0",
  ...changes,
});
const schema: Schema = { revision: "r4", phase: "expand", serves: "2.4.0", version: "2.4.0", at: START };
const set = (path: string, value: string) => `pulumi config set --path 'sluice:${path}' ${value}`;

describe("a violation of T7 by a migration", () => {
  const green = { version: "2.4.0", migration: migration() };
  const later =
    `leave in 2.4.0 what 2.3.1 needs and say so (${set("release.green.migration.serves", "2.3.1")}), ` +
    "and take it away in a later version, once 2.3.1 is no longer kept and 2.4.0 or newer is the oldest that is";

  it("is at the migration, and names who needs what it leaves behind", () => {
    const asked = transition(recorded(release(0, { green: {} })), release(0, { green }));
    assert.deepEqual(told(asked, "T7"), [
      {
        where: "sluice:release.green.migration",
        found: "blue (version 2.3.1) is live",
        limit: "version 2.4.0 or newer wherever something runs or may come back",
        remedy: later,
      },
    ]);
    assert.equal(judge(asked).find(({ id }) => id === "T7")?.severity, "critical");
  });

  it("says the share of a colour that is not live and has traffic still", () => {
    const blue = { version: "2.4.0", migration: migration() };
    const before = release(10, { blue: { version: "2.4.0" }, green: { version: "2.3.1" } });
    const asked = transition(recorded(before), { ...before, traffic: { blue: 100, green: 0 }, blue });
    assert.equal(told(asked, "T7")[0]?.found, "green (version 2.3.1) has 10 % of the traffic");
  });

  it("tells of the end of the warm time only while there is one", () => {
    const next = release(100, { live: "green", blue: { version: "2.5.0", migration: migration() } });
    const remedy = (seconds: number) =>
      told(transition(promoted(), next, { now: at(seconds) }), "T7")[0]!.remedy;
    const gone =
      " give the way back up in an update of its own: " +
      `${set("release.supersedes", "2.3.1")} && ` +
      "pulumi config rm --path 'sluice:release.blue.version' && " +
      "pulumi config rm --path 'sluice:release.blue.migration'; pulumi up";
    const wait = "wait until 2026-03-09T10:00:00.000Z; or";
    assert.equal(remedy(LIMITS.warmSeconds - 1), `${wait}, from 2026-03-02T10:00:00.000Z on,${gone}`);
    assert.equal(remedy(LIMITS.warmSeconds), `${wait}${gone}`);
  });
});

describe("a violation of T7 by a version that the schema does not serve", () => {
  const blue = { version: "2.4.0" };
  const now = at(60);
  const to = (version: string, was: object = {}) =>
    transition(
      recorded(release(0, { blue, green: was }), { schema }),
      release(0, { blue, green: { version } }),
    );

  it("is at its version where it would be deployed, and brings back what was there", () => {
    const [violation] = told(to("2.3.9", { version: "2.4.1" }), "T7");
    assert.deepEqual(violation, {
      where: "sluice:release.green.version",
      found: "version 2.3.9",
      limit: `version 2.4.0 or newer, since the migration of 2.4.0 to revision r4 at ${START}`,
      remedy:
        `${set("release.green.version", "2.4.1")}; ` +
        "what 2.3.9 did better comes back as a version newer than 2.4.0",
    });
    const none = told(to("2.3.9"), "T7")[0]!.remedy;
    assert.match(none, /^pulumi config rm --path 'sluice:release\.green\.version'; what /);
    assert.match(message(to("2.3.9"), "T7"), /^green \(version 2\.3\.9\) would be deployed, and the schema/);
  });

  it("is at its traffic where it would get some, and keeps what it has", () => {
    const asked = transition(recorded(release(50), { schema }), release(0));
    const [violation] = told(asked, "T7");
    const shares = give(50).split(" && ").reverse().join(" && ");
    assert.equal(violation?.where, "sluice:release.traffic.blue");
    assert.ok(violation.remedy.startsWith(`${shares}; what 2.3.1 did better`));
    assert.match(message(asked, "T7"), /^blue \(version 2\.3\.1\) would get 100 % of the traffic, /);
  });

  it("is at who is live where it would be that alone, and keeps the other live", () => {
    const asked = transition({ ...promoted(), schema }, release(100, { live: "blue" }), { now });
    const [violation] = told(asked, "T7");
    assert.equal(violation?.where, "sluice:release.live");
    assert.ok(violation.remedy.startsWith(`${set("release.live", "green")}; what 2.3.1 did better`));
    assert.match(message(asked, "T7"), /^blue \(version 2\.3\.1\) would become live, and the schema/);
  });

  it("is none where it stays live as it was", () => {
    const state = recorded(release(0, { green: {} }), { schema });
    assert.deepEqual(told(transition(state, release(0, { green: {} })), "T7"), []);
  });
});

describe("a violation of T7 by a rollback of the schema", () => {
  const green = {
    version: "2.4.0",
    migration: migration({ revision: "r4", phase: "expand", serves: "2.3.1", downgrade: "r3" }),
  };
  const recovery = { downgrade: { colour: "green", to: "r3" } } as const;
  const drop = "pulumi config rm --path 'sluice:recovery.downgrade'";
  const asked = (
    changes: Partial<Recorded> = {},
    both: Release = release(0, { green }),
    more: Partial<Transition> = {},
  ) =>
    transition(recorded(both, { schema: { ...schema, serves: "2.3.1" }, ...changes }), both, {
      recovery,
      ...more,
    });
  const only = (one: Transition) => {
    const [violation, ...others] = told(one, "T7");
    assert.ok(violation && others.length === 0, JSON.stringify(judge(one)));
    assert.equal(violation.where, "sluice:recovery.downgrade");
    assert.equal(judge(one).find(({ id }) => id === "T7")?.severity, "critical");
    return violation;
  };

  it("that is not declared sets the declared revision, or drops it where there is none", () => {
    const other = only(asked({}, undefined, { recovery: { downgrade: { colour: "green", to: "r2" } } }));
    assert.equal(other.found, "revision r2");
    assert.match(other.limit, /green\.migration\.downgrade declares \(r3\)$/);
    assert.equal(only(asked({}, release(0))).remedy, drop);
    assert.equal(only(asked({}, release(0, { green: { migration: green.migration } }))).found, "revision r3");
  });

  it("of a version with traffic takes it away first, whether it has it or would get it", () => {
    const remedy = `take its traffic away first, without sluice:recovery (${give(0)}; pulumi up)`;
    const has = transition(asked({}, release(10, { green })).from, release(0, { green }), { recovery });
    const gets = transition(asked().from, release(5, { green }), { recovery });
    assert.deepEqual([only(has).found, only(has).remedy], ["10 % of the traffic on green", remedy]);
    assert.equal(only(gets).found, "5 % of the traffic on green");
  });

  it("of the live one makes the other live, and of a draining one waits until it has", () => {
    const live = only(asked({}, release(0, { green, live: "green" })));
    assert.deepEqual([live.found, live.remedy], ["green is live", set("release.live", "blue")]);
    const drains = only(asked({ drainedAt: { green: START } }));
    assert.equal(drains.remedy, "wait until 2026-03-01T10:03:00.000Z");
    assert.deepEqual(told(asked({ drainedAt: { green: at(-180) } }), "T7"), []);
    assert.deepEqual(told(asked({ drainedAt: { blue: START } }), "T7"), []);
  });

  it("beside a version that needs the newer schema is dropped", () => {
    const newer = only(asked({}, release(0, { green, blue: { version: "2.4.0" } })));
    assert.deepEqual([newer.found, newer.remedy], ["blue runs version 2.4.0", drop]);
  });

  it("of what was not the last to migrate names what was, and is dropped", () => {
    const { schema: _, ...none } = recorded(release(0, { green }));
    const version = asked({ schema: { ...schema, version: "2.6.0" } });
    const revision = asked({ schema: { ...schema, revision: "r6" } });
    assert.equal(only(version).found, "revision r4, of version 2.6.0");
    assert.equal(only(revision).found, "revision r6, of version 2.4.0");
    for (const one of [version, revision, transition(none, release(0, { green }), { recovery })]) {
      assert.deepEqual([only(one).limit, only(one).remedy], ["revision r4, which 2.4.0 left", drop]);
    }
  });
});

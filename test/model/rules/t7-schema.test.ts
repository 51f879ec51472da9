import assert from "node:assert/strict";
import type { Migration, Schema } from "../../../model/migration";
import type { Manifest, Recorded } from "../../../model/release";
import { isRetreat, isTrusted, judge, type Transition } from "../../../model/transition";
import { LIMITS, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

const migration = (changes: Partial<Migration> = {}): Migration => ({
  revision: "r5",
  phase: "contract",
  serves: "2.4.0",
  ...changes,
});
const schema = (changes: Partial<Schema> = {}): Schema => ({
  revision: "r4",
  phase: "expand",
  serves: "2.3.1",
  version: "2.4.0",
  at: at(-60),
  ...changes,
});
const contracting: Manifest = { version: "2.5.0", migration: migration() };

const t7 = (asked: Transition) => judge(asked).filter(({ id }) => id === "T7");
const onlyT7 = (asked: Transition) => {
  const [violation, ...others] = t7(asked);
  assert.ok(violation && others.length === 0, JSON.stringify(judge(asked)));
  return violation;
};

describe("T7, a migration that leaves a version behind", () => {
  const next = (blue: Manifest) => release(100, { live: "green", blue });

  it("waits until the predecessor can no longer come back, to the second", () => {
    const end = LIMITS.warmSeconds + LIMITS.coldSeconds;
    const asked = (now: string) => transition(promoted(), next(contracting), { now });
    const { message, remedy } = onlyT7(asked(at(end - 1)));
    assert.match(message, /blue \(version 2\.3\.1\) is kept as the way back until 2026-03-09T10:00:00.000Z/);
    const gone = ["version", "migration"].map(
      (key) => `pulumi config rm --path 'sluice:release.blue.${key}'`,
    );
    assert.ok(remedy.endsWith(`${gone.join(" && ")}; pulumi up`), "a migration without a version is a fault");
    assert.deepEqual(refusedBy(asked(at(end))), []);
  });

  it("is permitted inside the retention where it still serves the predecessor", () => {
    const serving = { version: "2.5.0", migration: migration({ phase: "expand", serves: "2.3.1" }) };
    const now = at(LIMITS.warmSeconds);
    const asked = { ...next(serving), supersedes: "2.3.1" };
    assert.deepEqual(refusedBy(transition(promoted(), asked, { now })), []);
  });

  it("is permitted once the way back was given up, in the update after that", () => {
    const now = at(LIMITS.warmSeconds);
    const given = {
      ...promoted(),
      release: next({}),
      trusted: { colour: "green", version: "2.4.0", at: at(0) },
    };
    const { retention: _, ...state } = given as Recorded;
    assert.deepEqual(refusedBy(transition(state, next(contracting), { now })), []);
  });

  it("is refused while an older version is live, and says what the migration may not take away", () => {
    const green = { version: "2.4.0", migration: migration({ serves: "2.4.0" }) };
    const { message } = onlyT7(transition(recorded(release(0, { green: {} })), release(0, { green })));
    assert.match(message, /blue \(version 2\.3\.1\) is live/);
    assert.match(message, /pulumi config set --path 'sluice:release.green.migration.serves' 2.3.1/);
  });

  it("is refused by what it says it serves, whatever it calls its phase", () => {
    const green = { version: "2.4.0", migration: migration({ phase: "expand" }) };
    assert.deepEqual(refusedBy(transition(recorded(release(0, { green: {} })), release(0, { green }))), [
      "T7",
    ]);
  });

  it("is refused in place while the version that it replaces is not served: its pods are still there", () => {
    const rolling = (blue: Manifest) => release(0, { strategy: "rolling", green: {}, blue });
    const state = recorded(rolling({ version: "2.3.1" }));
    const to = (serves: string) => rolling({ version: "2.4.0", migration: migration({ serves }) });
    assert.match(
      onlyT7(transition(state, to("2.4.0"))).message,
      /2\.3\.1\) runs until its pods are replaced/,
    );
    assert.deepEqual(refusedBy(transition(state, to("2.3.1"))), []);
  });

  it("is refused beside a colour that is only deployed, which can be taken away", () => {
    const rolling = (blue: Manifest, green: Manifest) => release(0, { strategy: "rolling", green, blue });
    const left = { version: "2.2.0" };
    const state = recorded(rolling({ version: "2.3.1" }, left));
    const to = rolling({ version: "2.4.0", migration: migration({ serves: "2.3.1" }) }, left);
    const { message } = onlyT7(transition(state, to));
    assert.match(message, /green \(version 2\.2\.0\) is deployed/);
    assert.match(message, /pulumi config rm --path 'sluice:release.green.version'/);
  });

  it("is refused while an older version drains, and says until when", () => {
    const drained = { drainedAt: { green: at(0) } };
    const state = recorded(release(0, { blue: { version: "2.4.0" }, green: { version: "2.3.1" } }), drained);
    const to = release(0, { blue: { version: "2.4.0" }, green: contracting });
    const found = t7(transition(state, to, { now: at(10) }));
    assert.match(found[0]?.message ?? "", /still drains/);
    assert.match(found[0]?.message ?? "", /wait until 2026-03-01T10:03:00.000Z/);
    assert.deepEqual(refusedBy(transition(state, to, { now: at(180) })), []);
  });

  it("is judged on a new stack as well", () => {
    const asked = transition(undefined, release(0, { green: { version: "2.4.0", migration: migration() } }));
    assert.match(onlyT7(asked).message, /blue \(version 2\.3\.1\) is live/);
  });

  it("is judged once: a schema that is there stays, whatever is shifted on it", () => {
    const green = { version: "2.4.0", migration: migration() };
    const state = recorded(release(10, { green, blue: { version: "2.4.1" } }), {
      schema: schema({ serves: "2.4.0", revision: "r5" }),
    });
    assert.deepEqual(t7(transition(state, release(20, { green, blue: { version: "2.4.1" } }))), []);
  });
});

describe("T7, a version that the schema no longer serves", () => {
  const behind = schema({ serves: "2.4.0", version: "2.4.0" });

  it("is no way back: neither trusted nor given traffic, though it is live", () => {
    const state = recorded(release(50), { schema: behind });
    const asked = transition(state, release(0));
    assert.ok(!isTrusted(asked, "blue"));
    assert.ok(!isRetreat(asked));
    const { message, where } = onlyT7(asked);
    assert.equal(where, "sluice:release.traffic.blue");
    assert.match(message, /version 2\.4\.0 or newer, since the migration of 2\.4\.0 to revision r4/);
    assert.deepEqual(refusedBy(transition({ ...state, schema: schema() }, release(0))), []);
  });

  it("does not become live again", () => {
    const state = { ...promoted(), schema: behind };
    assert.ok(t7(transition(state, release(0), { now: at(60) })).length > 0);
    const back = release(100, { live: "blue" });
    assert.ok(
      t7(transition(state, back, { now: at(60) })).some(({ where }) => where === "sluice:release.live"),
    );
  });

  it("is not deployed, to the patch", () => {
    const state = recorded(release(0, { blue: { version: "2.4.0" }, green: {} }), { schema: behind });
    const to = (version: string) => release(0, { blue: { version: "2.4.0" }, green: { version } });
    const { message } = onlyT7(transition(state, to("2.3.9")));
    assert.match(message, /green \(version 2\.3\.9\) would be deployed/);
    assert.match(message, /pulumi config rm --path 'sluice:release.green.version'/);
    assert.deepEqual(refusedBy(transition(state, to("2.4.0"))), []);
  });

  it("may lose its traffic, and stand where it is", () => {
    const state = recorded(release(10, { blue: { version: "2.4.0" }, green: { version: "2.3.1" } }), {
      schema: behind,
    });
    const to = (green: number) => release(green, { blue: { version: "2.4.0" }, green: { version: "2.3.1" } });
    assert.deepEqual(t7(transition(state, to(0))), []);
    assert.deepEqual(t7(transition(state, to(10))), []);
  });
});

describe("T7, a rollback of the schema", () => {
  const green: Manifest = {
    version: "2.4.0",
    migration: migration({ revision: "r4", phase: "expand", serves: "2.3.1", downgrade: "r3" }),
  };
  const recovery = { downgrade: { colour: "green", to: "r3" } } as const;
  const asked = (
    changes: Partial<Recorded> = {},
    to = release(0, { green }),
    more: Partial<Transition> = {},
  ) =>
    transition(recorded(release(0, { green }), { schema: schema(), ...changes }), to, { recovery, ...more });

  it("is permitted where the declared revision is asked for and nobody needs the newer one", () => {
    assert.deepEqual(refusedBy(asked()), []);
  });

  it("is permitted still once it has been", () => {
    assert.deepEqual(refusedBy(asked({ schema: schema({ revision: "r3", version: "2.3.1" }) })), []);
  });

  it("goes down to the declared revision only", () => {
    const other = { recovery: { downgrade: { colour: "green", to: "r2" } } } as const;
    const { remedy } = onlyT7(asked({}, release(0, { green }), other));
    assert.equal(remedy, "pulumi config set --path 'sluice:recovery.downgrade.to' r3");
    const none = asked({}, release(0), {});
    assert.match(t7(none)[0]?.message ?? "", /declares \(none\)/);
  });

  it("is refused while the version has a share, is live, or drains", () => {
    const shared = transition(recorded(release(1, { green }), { schema: schema() }), release(1, { green }), {
      recovery,
    });
    assert.match(onlyT7(shared).message, /1 % of the traffic on green/);
    const draining = asked({ drainedAt: { green: at(0) } }, release(0, { green }), { now: at(179) });
    assert.match(onlyT7(draining).message, /drains until 2026-03-01T10:03:00.000Z/);
    const live = { ...recorded(release(0, { green, live: "green" })), schema: schema() };
    assert.match(
      onlyT7(transition(live, release(0, { green, live: "green" }), { recovery })).message,
      /is live/,
    );
  });

  it("is refused while the other colour runs the same version or a newer one", () => {
    for (const version of ["2.4.0", "2.5.0"]) {
      const both = release(0, { green, blue: { version } });
      const state = recorded(both, { schema: schema() });
      const { limit } = onlyT7(transition(state, both, { recovery }));
      assert.match(limit, /older than 2\.4\.0 on blue/);
    }
  });

  it("is refused where another version has migrated since, or none has", () => {
    assert.match(onlyT7(asked({ schema: schema({ revision: "r6", version: "2.6.0" }) })).found, /r6/);
    const { schema: _, ...none } = recorded(release(0, { green }));
    assert.match(onlyT7(transition(none, release(0, { green }), { recovery })).found, /no migration/);
  });
});

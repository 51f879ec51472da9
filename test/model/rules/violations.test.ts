import assert from "node:assert/strict";
import { greenAt } from "../../../model/release";
import { judge } from "../../../model/transition";
import { LIMITS, PUBLIC, at, recorded, release, transition } from "../fixtures";
import { give, message, told } from "./told";

describe("a violation of T1", () => {
  const { step } = LIMITS;

  it("counts from the lowest rule, and says so only where an update left them uneven", () => {
    const rules = Object.fromEntries(
      PUBLIC.map((service, index) => [service, greenAt(index === 0 ? 5 : 10)]),
    );
    const uneven = transition(recorded(release(10), { rules }), release(80));
    const even = transition(recorded(release(10)), release(80));
    assert.deepEqual(told(uneven, "T1"), [
      {
        where: "sluice:release.traffic.green",
        found: "80 %, 75 points above 5 %",
        limit: `${step} points`,
        remedy: give(5 + step),
      },
    ]);
    assert.equal(told(even, "T1")[0]?.found, "80 %, 70 points above 10 %");
    assert.match(message(uneven, "T1"), /left the rules uneven/);
    assert.doesNotMatch(message(even, "T1"), /uneven/);
    assert.match(message(even, "T1"), /^green \(version 2\.4\.0\) would rise from 10 % to 80 % /);
  });
});

describe("a violation of T3", () => {
  const migration = { revision: "r4", phase: "expand", serves: "2.3.1" } as const;
  const green = { version: "2.4.0", migration };
  const schema = { revision: "r3", phase: "expand", serves: "2.2.0", version: "2.3.1", at: at(-60) } as const;

  it("names the revision that is there, the one that is needed, and an update without traffic", () => {
    const asked = (changes: object) =>
      transition(recorded(release(0, { green }), changes), release(1, { green }));
    const [without] = told(asked({}), "T3");
    assert.deepEqual(
      [without?.where, without?.found, without?.limit],
      [
        "sluice:release.traffic.green",
        "no migration completed",
        "revision r4, completed by an earlier update",
      ],
    );
    assert.match(without!.remedy, /^first deploy it without traffic .*green' 0 /);
    assert.equal(told(asked({ schema }), "T3")[0]?.found, "revision r3, of version 2.3.1");
    assert.match(message(asked({}), "T3"), /^green \(version 2\.4\.0\) would get 1 % of the traffic/);
  });

  it("leads to another version where the migration is being undone, and only that colour's", () => {
    const state = recorded(release(0, { green }), { schema });
    const undoing = (colour: "blue" | "green") =>
      told(transition(state, release(1, { green }), { recovery: { downgrade: { colour, to: "r3" } } }), "T3");
    assert.match(undoing("green")[0]!.remedy, /release another version, or the same one anew without/);
    assert.match(undoing("blue")[0]!.remedy, /^first deploy it without traffic/);
  });
});

describe("a violation of T4", () => {
  it("names versions, hides settings, and puts each part back by its own command", () => {
    const was = { version: "2.4.0", settings: { KEY: "hush" } };
    const asked = (green: object) =>
      transition(recorded(release(10, { green: was })), release(10, { green: { ...was, ...green } }));
    const version = "pulumi config set --path 'sluice:release.green.version' 2.4.0";
    assert.deepEqual(told(asked({ version: "2.4.1" }), "T4"), [
      {
        where: "sluice:release.green.version",
        found: "version 2.4.0 → 2.4.1",
        limit: "a colour with traffic keeps what it runs",
        remedy: version,
      },
    ]);
    const secret = asked({ settings: { KEY: "other" } });
    assert.equal(told(secret, "T4")[0]?.found, "settings (changed) → (changed)");
    assert.match(told(secret, "T4")[0]!.remedy, /^put sluice:release\.green\.settings back: git restore/);
    assert.doesNotMatch(JSON.stringify(judge(secret)), /hush|other"/);
    const added = asked({ images: { storage: "r/s:1" } });
    assert.equal(told(added, "T4")[0]?.found, "images none → (changed)");
    assert.equal(told(added, "T4")[0]?.remedy, "pulumi config rm --path 'sluice:release.green.images'");
    assert.match(message(secret, "T4"), /what it runs would change: settings\. /);
    assert.match(message(asked({ version: "2.4.1" }), "T4"), /change: version 2\.4\.0 → 2\.4\.1\. /);
  });

  it("says of the live colour that it is, with its share, and of the other how it loses its traffic", () => {
    const live = transition(recorded(release(10)), release(10, { blue: { version: "2.3.2" } }));
    const other = transition(recorded(release(10)), release(10, { green: { version: "2.4.1" } }));
    assert.equal(told(live, "T4")[0]?.limit, "the live colour keeps what it runs");
    assert.match(message(live, "T4"), /^blue has 90 % of the traffic and is live, .*candidate, green,/);
    assert.match(message(other, "T4"), /^green has 10 % of the traffic, .*take its traffic away first/);
    const rising = transition(recorded(release(10)), release(20, { green: { version: "2.4.1" } }));
    assert.match(message(rising, "T4"), /^green has 20 % of the traffic/);
  });
});

import assert from "node:assert/strict";
import { readFields, whole } from "../../../model/schema/fields";
import type { Fault } from "../../../model/settings";
import { configuration } from "../fixtures";
import { type Changes, changed, faultsOf } from "../raw";

/** The one fault of these changes. */
function fault(changes: Changes): Fault {
  const [only, ...others] = faultsOf(changed(changes));
  assert.ok(only && others.length === 0, JSON.stringify(changes));
  return only;
}

const green = (manifest: object): Changes => ({ release: { green: { version: "2.4.0", ...manifest } } });

describe("what a fault says is allowed", () => {
  it("is each of the words, with the one that was meant where a word was found", () => {
    const strategy = (found: unknown) => fault({ release: { strategy: found } }).allowed;
    assert.equal(strategy("big-bang"), "one of rolling, canary, blue-green");
    assert.equal(strategy(5), "one of rolling, canary, blue-green");
    assert.equal(strategy("canry"), 'one of rolling, canary, blue-green; did you mean "canary"?');
  });

  it("is the range, whichever way a number is outside it", () => {
    for (const port of [0, 65_536, 1.5, "http", null]) {
      assert.equal(fault({ services: { storage: { port } } }).allowed, "a whole number from 1 to 65535");
    }
  });

  it("is a list's form, or how much may be in it", () => {
    const sources = (previewSources: unknown) => fault({ previewSources }).allowed;
    assert.equal(sources("203.0.113.0/24"), "a list of IPv4 address ranges");
    assert.equal(sources([]), "one range at least");
    assert.equal(sources(["10.0.0.0/8", "10.0.0.0/9", "10.0.0.0/10"]), "2 ranges at most");
  });

  it("tells the names of environment variables from their values", () => {
    assert.match(
      fault(green({ settings: { "1ST": "x" } })).allowed,
      /^no such name: an environment variable/,
    );
    assert.equal(fault(green({ settings: "A=1" })).allowed, "texts by environment variable");
    assert.match(fault(green({ settings: { A: 1.5 } })).allowed, /^a text; put quotes/);
  });

  it("is a service's name as such: a label, or no colour's end", () => {
    const named = (name: string) => fault({ services: { [name]: {} } }).allowed;
    assert.match(named("Upper"), /^as a service's name a name of lower-case letters.*at most 57 characters$/);
    assert.match(named("storage-blue"), /does not end in -blue or -green/);
  });
});

describe("what a fault says was found", () => {
  it("is the value inside what was given, and nothing where there is none", () => {
    assert.equal(fault({ previewSources: ["203.0.113.0/24", "everybody"] }).found, "everybody");
    assert.equal(fault({ registry: undefined }).found, undefined);
    assert.equal(fault({ services: { storage: { port: 0 } } }).found, 0);
    assert.deepEqual(fault({ regoin: { a: 1 } }).found, { a: 1 });
    assert.deepEqual(fault({ limits: { bake: 5 } }).found, 5);
  });

  it("is its type alone where it may be a secret", () => {
    assert.equal(fault(green({ settings: { A: 1.5 } })).found, "(a value of type number)");
    assert.equal(fault(green({ setings: "hush" })).found, "(a value of type string)");
  });
});

describe("the command of a fault", () => {
  it("sets the first element of a list that is missing or empty, and first removes what is none", () => {
    const first = "pulumi config set --path 'sluice:previewSources[0]' 203.0.113.0/24";
    assert.equal(fault({ previewSources: [] }).remedy, first);
    assert.equal(fault({ previewSources: "x" }).remedy, `pulumi config rm sluice:previewSources && ${first}`);
    assert.equal(
      fault({ previewSources: null }).remedy,
      `pulumi config rm sluice:previewSources && ${first}`,
    );
  });

  it("removes an element that is wrong, for which there is no example", () => {
    const access = { admins: ["arn:aws:iam::123456789012:role/team", "team"] };
    assert.equal(fault({ access }).remedy, "pulumi config rm --path 'sluice:access.admins[1]'");
    assert.equal(
      fault(green({ settings: { A: 1.5 } })).remedy,
      "pulumi config rm --path 'sluice:release.green.settings.A'",
    );
  });

  it("sets what is missing, and what is null, without removing it first", () => {
    assert.match(fault({ registry: undefined }).remedy, /^pulumi config set sluice:registry /);
    assert.match(fault({ registry: null }).remedy, /^pulumi config set sluice:registry /);
  });

  it("sets strategy and live colour where these are left out", () => {
    const { strategy: _, live: __, ...release } = configuration().release;
    assert.deepEqual(
      faultsOf({ ...configuration(), release }).map(({ remedy }) => remedy),
      [
        "pulumi config set --path 'sluice:release.strategy' canary",
        "pulumi config set --path 'sluice:release.live' blue",
      ],
    );
  });
});

describe("a record of configuration", () => {
  const FIELDS = { size: { schema: whole(1, 9), example: 2 } };

  it("has its own keys, those that somebody else reads, and none that it inherits", () => {
    const read = (raw: unknown, nested?: string[]) => {
      const faults: Fault[] = [];
      const values = readFields<{ size: number }>(raw, ["part"], FIELDS, faults, nested);
      return [values, faults.map(({ path }) => path)];
    };
    assert.deepEqual(read({ size: 3 }), [{ size: 3 }, []]);
    assert.deepEqual(read({}), [{}, []]);
    assert.deepEqual(read({ other: 1 }), [{}, ["sluice:part.other"]]);
    assert.deepEqual(read({ other: 1 }, ["other"]), [{}, []]);
    assert.deepEqual(read(Object.create({ size: 3 })), [{}, []]);
    assert.deepEqual(read([]), [{}, ["sluice:part"]]);
  });
});

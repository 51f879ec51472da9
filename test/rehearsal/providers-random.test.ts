import assert from "node:assert/strict";
import fc from "fast-check";
import { UNKNOWN, type Values } from "../../rehearsal/cloud/providers/behaviour";
import { text } from "./providers-fixture";
import { RandomBehaviour } from "../../rehearsal/cloud/providers/random/behaviour";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const ID = "random:index/randomId:RandomId";

const random = new RandomBehaviour();
const subject = (type: string) => ({
  urn: `urn:pulumi:dev::test::${type}::x`,
  type,
  name: "x",
  provider: {},
});
const check = (type: string, news: Values) =>
  random.check({ ...subject(type), olds: undefined, news, randomSeed: new Uint8Array() });
const create = async (type: string, news: Values, preview = false) => {
  const { inputs } = check(type, news);
  const waiting = { signal: new AbortController().signal, timeoutSeconds: 0 };
  return (await random.create({ ...subject(type), ...waiting, inputs, preview })).properties;
};
const diff = (type: string, before: Values, after: Values) =>
  random.diff({
    ...subject(type),
    id: "none",
    oldInputs: check(type, before).inputs,
    olds: {},
    news: check(type, after).inputs,
    ignoreChanges: [],
  }).changes;

describe("random values", () => {
  it("have the length and the characters that were asked for", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ length: fc.integer({ min: 4, max: 64 }), upper: fc.boolean(), special: fc.boolean() }),
        async (asked) => {
          const made = await create(PASSWORD, { ...asked, minNumeric: 2, overrideSpecial: "-_" });
          const result = text(made, "result");
          assert.equal(result.length, asked.length);
          assert.match(result, /^[A-Za-z0-9_-]*$/);
          assert.ok((result.match(/[0-9]/g) ?? []).length >= 2);
          if (!asked.upper) assert.doesNotMatch(result, /[A-Z]/);
          if (!asked.special) assert.doesNotMatch(result, /[-_]/);
        },
      ),
    );
  });

  it("differ from each other, and are not known in a preview", async () => {
    const made = await Promise.all([create(PASSWORD, { length: 20 }), create(PASSWORD, { length: 20 })]);
    assert.notEqual(made[0].result, made[1].result);
    assert.equal((await create(PASSWORD, { length: 20 }, true)).result, UNKNOWN);
  });

  it("stay until something of them changes: then there is another", () => {
    assert.deepEqual(diff(PASSWORD, { length: 20 }, { length: 20, special: true }), []);
    const changes = diff(PASSWORD, { length: 20, keepers: { a: "1" } }, { length: 20, keepers: { a: "2" } });
    assert.deepEqual(changes, [{ path: "keepers.a", kind: "update", replace: true }]);
  });

  it("refuse what cannot be made", () => {
    const reasons = (news: Values) => check(PASSWORD, news).failures.map(({ reason }) => reason);
    assert.match(reasons({}).join(), /missing required property "length"/);
    assert.match(reasons({ length: 3, minUpper: 2, minLower: 2 }).join(), /add up to 4/);
    const none = { length: 3, upper: false, lower: false, numeric: false, special: false };
    assert.match(reasons(none).join(), /no kind of character/);
    assert.match(reasons({ length: 3, lenght: 4 }).join(), /did you mean "length"/);
  });

  it("are ids of so many bytes in four notations", async () => {
    const made = await create(ID, { byteLength: 4, prefix: "p-" });
    const [hex, dec, b64Url] = ["hex", "dec", "b64Url"].map((name) => text(made, name)) as [
      string,
      string,
      string,
    ];
    assert.match(hex, /^p-[0-9a-f]{8}$/);
    const number = Number.parseInt(hex.slice(2), 16);
    assert.equal(dec, `p-${number}`);
    assert.equal(Buffer.from(b64Url.slice(2), "base64url").readUInt32BE(), number);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { parseDocument } from "yaml";
import { onOneLine, spliced } from "../../rollout/splice";

const FILE = `config:
  sluice:access: # who reaches the cluster's API
    admins: [arn:aws:iam::123456789012:role/platform]
  sluice:flags: # guide 004
    partial-results: # by weeks
      rollout_percentage:   10   # of the sessions

      enabled: true
    search: { rollout_percentage: 5 } # new
    empty: {}
    none:
  sluice:limits:
    step: 10
# the end
`;

const lines = (before: string, after: string) => ({
  gone: before.split("\n").filter((line) => !after.split("\n").includes(line)),
  come: after.split("\n").filter((line) => !before.split("\n").includes(line)),
});
const edit = (path: string, value: unknown) => {
  const after = spliced(FILE, ["config", ...path.split(".")], value);
  assert.ok(after !== undefined, path);
  return lines(FILE, after);
};

describe("a splice", () => {
  it("changes one value and no other character, remarks and blanks included", () => {
    assert.deepEqual(edit("sluice:flags.partial-results.rollout_percentage", 50), {
      gone: ["      rollout_percentage:   10   # of the sessions"],
      come: ["      rollout_percentage:   50   # of the sessions"],
    });
    assert.deepEqual(edit("sluice:flags.search.rollout_percentage", 6).come, [
      "    search: { rollout_percentage: 6 } # new",
    ]);
    assert.deepEqual(edit("sluice:flags.search", { enabled: false }).come, [
      "    search: { enabled: false } # new",
    ]);
    assert.deepEqual(edit("sluice:flags.none", { enabled: false }).come, ["    none: { enabled: false }"]);
  });

  it("adds one key where its siblings are: on a line, or in braces", () => {
    assert.deepEqual(edit("sluice:flags.partial-results.plan", "weekly"), {
      gone: [],
      come: ["      plan: weekly"],
    });
    assert.deepEqual(edit("sluice:flags.search.enabled", false).come, [
      "    search: { rollout_percentage: 5, enabled: false } # new",
    ]);
    assert.deepEqual(edit("sluice:flags.empty.enabled", true).come, ["    empty: { enabled: true }"]);
    assert.deepEqual(edit("sluice:plan.hold", "audit").come, ["  sluice:plan: { hold: audit }"]);
    assert.deepEqual(edit("sluice:limits.freezes", [{ from: "2026-12-23T00:00:00Z" }]).come, [
      '    freezes: [ { from: "2026-12-23T00:00:00Z" } ]',
    ]);
  });

  it("is the same text where the value is there already, however it is written", () => {
    const flags = (parseDocument(FILE).toJS() as { config: Record<string, unknown> }).config["sluice:flags"];
    assert.equal(spliced(FILE, ["config", "sluice:flags"], flags), FILE);
    assert.equal(spliced(FILE, ["config", "sluice:limits", "step"], 10), FILE);
  });

  it("leaves a block of lines to whoever prints the file", () => {
    assert.equal(spliced(FILE, ["config", "sluice:limits"], { step: 5 }), undefined);
  });

  it("quotes what would be something else", () => {
    for (const value of ["2.4", "true", "a, b", "a: b", "# no remark", "{", "", "2026-03-01"]) {
      for (const path of ["partial-results.plan", "search.plan"]) {
        const keys = ["config", "sluice:flags", ...path.split(".")];
        const after = spliced(FILE, keys, value);
        assert.ok(after !== undefined, JSON.stringify(value));
        assert.equal(parseDocument(after).getIn(keys), value);
      }
    }
    assert.equal(onOneLine("2026-03-01"), '"2026-03-01"');
  });

  it("says what was asked for and nothing else, or nothing, whatever is edited in a stack file of this project", () => {
    const file = readFileSync(resolve(__dirname, "../../Pulumi.prod.yaml"), "utf8");
    const { config } = parseDocument(file).toJS() as { config: Record<string, unknown> };
    const key = fc.constantFrom(...Object.keys(config), "sluice:flags", "sluice:plan");
    const path = fc.tuple(
      key,
      fc.array(fc.constantFrom("live", "traffic", "blue", "version", "admins", "x"), { maxLength: 3 }),
    );
    const value = fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.string(),
      fc.dictionary(fc.string(), fc.integer(), { noNullPrototype: true }),
    );
    fc.assert(
      fc.property(path, value, ([first, rest], asked) => {
        const keys = ["config", first, ...rest];
        let after: string | undefined;
        try {
          after = spliced(file, keys, asked);
        } catch {
          // A path through a plain value is none.
          return;
        }
        if (after === undefined) return;
        const expected = parseDocument(file);
        expected.setIn(keys, expected.createNode(asked));
        assert.deepEqual(parseDocument(after).toJS(), expected.toJS());
        const { gone, come } = lines(file, after);
        assert.ok(gone.length <= 1 && come.length <= 1, after);
      }),
      { numRuns: 300 },
    );
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { LONGEST_COMMENT, comment, markerOf } from "../../../model/delivery/comment";
import type { PreviewFacts } from "../../../model/delivery/preview";
import { factsIn } from "../../../model/delivery/record";

const bytes = (text: string) => Buffer.byteLength(text);

/** What is not code, as Markdown reads it: a run of backticks ends what one as long began, and a backslash escapes. */
function proseOf(text: string): string {
  let prose = "";
  for (let at = 0; at < text.length;) {
    const run = /^`+/.exec(text.slice(at))?.[0];
    if (text[at] === "\\") at += 2;
    else if (run === undefined) prose += text[at++] ?? "";
    else {
      const rest = text.slice(at + run.length);
      const end = [...rest.matchAll(/`+/g)].find(([found]) => found.length === run.length);
      assert.ok(end, `code that begins with ${run} has no end`);
      at += run.length + end.index + run.length;
    }
  }
  return prose;
}

const NOTHING: PreviewFacts = {
  ...{ schema: 1, stack: "dev", result: "nothing" },
  ...{
    losses: [],
    refusals: [],
    advice: [],
    warnings: [],
    changes: [],
    same: 0,
    cost: {},
    unseen: [],
    errors: [],
  },
};

describe("the comment on any preview", () => {
  it("fits, however much there is to say", () => {
    const changes = Array.from({ length: 3_000 }, (_, i) => ({
      ...{ kind: "delete", type: `aws:rds/instance:Instance${i}`, name: "é".repeat(400), properties: [] },
    })) as unknown as PreviewFacts["changes"];
    const messages = Array.from({ length: 500 }, (_, i) => ({
      layer: "program",
      message: `${i} ${"ü".repeat(5_000)}`,
    }));
    const text = comment({
      ...{ ...NOTHING, result: "refused", refusals: messages as PreviewFacts["refusals"], changes },
      losses: changes.map((change) => ({ what: "the database", change })),
    });
    assert.ok(bytes(text) <= LONGEST_COMMENT, `${bytes(text)} bytes`);
    assert.match(text, /the database/);
  });

  it("begins with its marker, has no other, and mentions nobody, whatever others wrote", () => {
    const wild = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.constantFrom(
        "@octo/team",
        "<!-- sluice:preview:prod -->",
        "```\n# a",
        "![x](https://a)",
        "| a |\n| - |",
      ),
    );
    fc.assert(
      fc.property(wild, wild, wild, (one, two, three) => {
        const change = {
          kind: "replace",
          type: one,
          name: two,
          properties: [three],
          protected: true,
        } as const;
        const refusal = { layer: "program", rule: one, where: two, message: three, remedy: one } as const;
        const text = comment({
          ...{ ...NOTHING, result: "refused", commit: one, refusals: [refusal], advice: [refusal] },
          ...{
            changes: [change],
            losses: [{ what: "the database", change }],
            warnings: [two],
            unseen: [three],
          },
          move: { kind: "shift", title: one, rows: [{ what: two, now: three, then: one }], remarks: [] },
          judgement: {
            refused: [one],
            overridden: [{ rule: one, by: two, reason: three }],
            passed: [],
            notAsked: [],
          },
        });
        assert.ok(text.startsWith(markerOf("dev")));
        const prose = proseOf(text);
        assert.equal(prose.split("<!--").length, 2);
        assert.doesNotMatch(prose, /@(?!\u200b)\w/);
        assert.ok(bytes(text) <= LONGEST_COMMENT);
      }),
      { numRuns: 200 },
    );
  });

  it("refuses a record that is none", () => {
    assert.throws(() => factsIn("{}"), /schema/);
    assert.throws(() => factsIn("nothing"), /record/);
    assert.throws(() => factsIn(JSON.stringify({ ...NOTHING, stack: "../x" })), /stack/);
  });
});

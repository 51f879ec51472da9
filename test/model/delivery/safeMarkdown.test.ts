import assert from "node:assert/strict";
import fc from "fast-check";
import { safeBlock, safeCode, safeText } from "../../../model/delivery/safeMarkdown";

describe("text of others in Markdown", () => {
  it("mentions nobody, refers to nothing and links nowhere", () => {
    assert.equal(safeText("ask @ana about #12"), "ask @\u200bana about \\#\u200b12");
    assert.equal(
      safeText("https://evil.example www.evil.example"),
      "https:\u200b//evil.example www\u200b.evil.example",
    );
    assert.equal(safeText("GH-12"), "GH\u200b\\-12");
  });

  it("is no markup", () => {
    assert.equal(safeText("<img src=x>"), "&lt;img src\\=x\\>");
    assert.equal(safeText("[a](b) **c** `d` | &lt;"), "\\[a\\]\\(b\\) \\*\\*c\\*\\* \\`d\\` &#124; &amp;lt;");
    assert.equal(safeText("<!-- sluice:preview:prod -->"), "&lt;\\!\\-\\- sluice:preview:prod \\-\\-\\>");
  });

  it("stays on its line, and turns nothing around", () => {
    assert.equal(safeText("a\n# b\r\nc\u202ed\u0007"), "a \\#\u200b b cd");
    assert.equal(safeCode("a\nb"), "`a b`");
  });

  it("cannot end the code that it stands in", () => {
    assert.equal(safeCode("a ``b`` c"), "```a ``b`` c```");
    assert.equal(safeCode("`"), "`` ` ``");
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("`", "a", "\n", " ") }), (value) => {
        const [fence = "", ...lines] = safeBlock([value]);
        assert.ok(fence.length >= 3 && lines.slice(0, -1).every((line) => !line.includes(fence)));
      }),
    );
  });

  it("has no character left that begins markup, but behind a backslash", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        assert.doesNotMatch(safeText(value), /(?<!\\)(?:\\\\)*[`*_[\]()<>|~#!]/u);
        assert.doesNotMatch(safeText(value), /@(?!\u200b)/);
      }),
    );
  });
});

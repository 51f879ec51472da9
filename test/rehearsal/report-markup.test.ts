import assert from "node:assert/strict";
import fc from "fast-check";
import { powers, ticks, timeTicks } from "../../rehearsal/report/html/axis";
import { clock } from "../../rehearsal/report/html/format";
import { escaped, html } from "../../rehearsal/report/html/markup";

/** What a browser makes of the references that {@link escaped} writes. */
const unescaped = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("<", ">", "&", '"', "'", "`", "=", "/", "script", "lt;", "\0", "\ud800"),
  }),
);

describe("escaped text", () => {
  it("has nothing left that ends text or an attribute, and reads as it was", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.doesNotMatch(escaped(text), /[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        if (!escaped(text).includes("\ufffd")) assert.equal(unescaped(escaped(text)), text);
      }),
    );
  });

  it("has none of the characters that no page may contain, and keeps line breaks", () => {
    assert.equal(escaped("a\0b\u001b[31mc\ud800d\u0085e\uffff"), "a\ufffdb\ufffd[31mc\ufffdd\ufffde\ufffd");
    assert.equal(escaped("a\tb\nc 😀"), "a\tb\nc 😀");
    fc.assert(
      fc.property(hostile, (text) => {
        assert.doesNotMatch(escaped(text), /\p{Surrogate}/u);
        assert.doesNotMatch(escaped(text), /[\0-\x08\x0b-\x1f\x7f-\x9f]/);
      }),
    );
  });
});

describe("a template of markup", () => {
  it("escapes every value, whatever is around it, and markup never again", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const inner = html`<b title="${text}">${text}</b>`;
        assert.equal(String(html`${inner}`), `<b title="${escaped(text)}">${escaped(text)}</b>`);
      }),
    );
  });

  it("joins lists and leaves nothing of what is absent", () => {
    assert.equal(String(html`<p>${["<", html`<i></i>`, 3, undefined, false]}</p>`), "<p>&lt;<i></i>3</p>");
  });

  it("does not touch the spaces and line breaks of a value", () => {
    assert.equal(String(html`<p>${"a\n    b"}</p>`), "<p>a\n    b</p>");
  });
});

const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
const apart = (values: readonly number[]) => values.slice(1).map((value, at) => value - values[at]!);

describe("the ticks of an axis", () => {
  it("begin at 0, are evenly apart, reach what must have room, and not a whole step beyond it", () => {
    fc.assert(
      fc.property(positive, fc.integer({ min: 1, max: 8 }), (most, count) => {
        const found = ticks(most, count);
        const step = found[1]!;
        assert.equal(found[0], 0);
        for (const gap of apart(found)) assert.ok(Math.abs(gap - step) < step * 1e-9);
        const last = found.at(-1)!;
        assert.ok(last >= most * (1 - 1e-9) && last - step < most, `${found.join()} for ${most}`);
        assert.ok(found.length - 1 <= count + 1);
      }),
    );
  });

  it("are round", () => {
    assert.deepEqual(ticks(100, 4), [0, 25, 50, 75, 100]);
    assert.deepEqual(ticks(0.3, 4), [0, 0.1, 0.2, 0.3]);
    assert.deepEqual(ticks(13, 4), [0, 5, 10, 15]);
    assert.deepEqual(powers(0.004, 0.9), [0.001, 0.01, 0.1, 1]);
    assert.deepEqual(powers(0.001, 0.001), [0.001, 0.01]);
  });

  it("of a logarithmic one are the powers of ten around both values", () => {
    fc.assert(
      fc.property(positive, positive, (one, other) => {
        const [least, most] = [Math.min(one, other), Math.max(one, other)];
        const found = powers(least, most);
        assert.ok(found[0]! <= least * (1 + 1e-6) && found.at(-1)! >= most * (1 - 1e-6));
        for (const [at, value] of found.slice(1).entries())
          assert.ok(Math.abs(value / found[at]! - 10) < 1e-6);
      }),
    );
  });

  it("of time are those that people count in, no more than there is room for", () => {
    assert.deepEqual(timeTicks(187, 8), [0, 30, 60, 90, 120, 150, 180]);
    assert.deepEqual(timeTicks(5, 8), [0, 1, 2, 3, 4, 5]);
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e7, noNaN: true }),
        fc.integer({ min: 1, max: 9 }),
        (most, count) => {
          const found = timeTicks(most, count);
          assert.ok(found.length <= count + 1 && found.at(-1)! <= most, found.join());
          assert.equal(found[0], 0);
        },
      ),
    );
  });
});

describe("a time", () => {
  it("is written as on a clock", () => {
    assert.deepEqual([0, 9.9, 65, 3725].map(clock), ["0:00", "0:09", "1:05", "1:02:05"]);
  });
});

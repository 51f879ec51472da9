import assert from "node:assert/strict";
import { picture } from "../../rehearsal/dashboards/picture";
import type { Plot, Point } from "../../rehearsal/report/html/plot";

const plot = (title: string, points: readonly Point[]): Plot => ({
  ...{ id: title, title, description: "what it shows", most: 100, unit: (value) => `${value} %` },
  layers: [{ shape: "line", style: "blue", points }],
  tips: [],
});

const plots = ["one", "two", "three"].map((title) =>
  plot(title, [
    [0, 1],
    [10, 50],
  ] as const),
);
const axis = { length: 10, bands: [], marks: [{ seconds: 5, style: "" }] };
const drawn = picture(plots, axis, `3 < 4 & "all" of it`);

describe("a picture of a dashboard's data", () => {
  it("is a file of its own: it names no other, and has neither script nor event", () => {
    const without = drawn.replace('xmlns="http://www.w3.org/2000/svg"', "");
    assert.doesNotMatch(without, /https?:|url\(|<script|<image|href|\son\w+=/);
    assert.match(drawn, /^<svg/);
  });

  it("is readable on a light ground and on a dark one", () => {
    const [light = "", dark = ""] = drawn.split("@media (prefers-color-scheme: dark)");
    for (const style of [
      ".ground",
      ".blue",
      ".green",
      ".configured",
      ".mark",
      ".heading",
      ".note",
      ".grid",
    ]) {
      assert.ok(light.includes(`${style} {`) && dark.includes(`${style} {`), style);
    }
  });

  it("has every plot with its heading, none on another, and the note below", () => {
    const places = [...drawn.matchAll(/<svg x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g)].map(
      (found) => found.slice(1).map(Number),
    ) as [number, number, number, number][];
    assert.equal(places.length, plots.length);
    places.forEach(([x, y, width, height], index) => {
      for (const [x2, y2] of places.slice(index + 1)) {
        assert.ok(x2 >= x + width || y2 >= y + height || x2 + width <= x, `${index}`);
      }
    });
    for (const { title } of plots) assert.ok(drawn.includes(`>${title}</text>`));
    assert.ok(drawn.includes("3 &lt; 4 &amp; &quot;all&quot; of it"));
  });

  it("marks moments across every plot", () => {
    assert.equal(drawn.match(/class="mark "/g)?.length, plots.length);
  });
});

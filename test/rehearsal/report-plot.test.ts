import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { reportPage } from "../../rehearsal/report/html/page";
import { type Plot, type Point, plotSvg } from "../../rehearsal/report/html/plot";
import { movesOf, observedShares, unbroken } from "../../rehearsal/report/html/series";
import { writePage } from "../../rehearsal/report/html/write";
import { recordOfFault, sample } from "./report-fixture";

const axis = { length: 100, bands: [{ from: 10, to: 30 }], marks: [{ seconds: 50, style: "fault" }] };

const plot = (points: readonly Point[], more: Partial<Plot> = {}): Plot => ({
  id: "p",
  title: "t",
  description: "d",
  most: Math.max(1, ...points.map(([, value]) => value)),
  unit: String,
  layers: [{ shape: "line", style: "observed", points }],
  tips: [],
  ...more,
});

/** Coordinates of a plot's only path, and the height of the area that it is in. */
function drawn(shown: Plot): { points: [number, number][]; height: number } {
  const svg = String(plotSvg(shown, axis));
  const [, path = ""] = / d="([^"]*)"/.exec(svg) ?? [];
  const [, height] = /viewBox="0 -2 1000 (\d+)"/.exec(svg) ?? [];
  const points = [...path.matchAll(/([\d.e-]+) ([\d.e-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  return { points: points as [number, number][], height: Number(height) - 4 };
}

describe("a plot", () => {
  const points = fc.array(
    fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 5000, noNaN: true })),
    { minLength: 1 },
  );

  it("has every value within its area, whatever its scale, and a greater one never lower", () => {
    const scales = fc.constantFrom<Partial<Plot>>({}, { whole: true }, { least: 0.001 });
    fc.assert(
      fc.property(points, scales, (values, scale) => {
        const { points: found, height } = drawn(plot(values, scale));
        assert.equal(found.length, values.length);
        for (const [at, [x, y]] of found.entries()) {
          assert.ok(x >= 0 && x <= 1000 && y >= 0 && y <= height, `${x} ${y} of ${height}`);
          assert.ok(Math.abs(x - 10 * values[at]![0]) < 0.01);
          const higher = found.filter((_, other) => values[other]![1] > values[at]![1]);
          assert.ok(higher.every(([, other]) => other <= y));
        }
      }),
    );
  });

  it("has a line at 0 on the ground, and on a logarithmic scale tenfold values evenly apart", () => {
    const { points: found, height } = drawn(plot([[0, 0]]));
    assert.deepEqual(found, [[0, height]]);
    const values = [0.001, 0.01, 0.1, 1].map((value, at): Point => [at, value]);
    const { points: even } = drawn(plot(values, { least: 0.001 }));
    const gaps = even.slice(1).map(([, y], at) => Math.round(even[at]![1] - y));
    assert.equal(new Set(gaps).size, 1);
  });

  it("shades the times of the engine and draws the marks where they happened", () => {
    const svg = String(plotSvg(plot([[0, 1]]), axis));
    assert.match(svg, /class="band"\s+x="10%"\s+y="18"\s+width="20%"/);
    assert.match(svg, /class="mark fault" x1="50%" x2="50%"/);
  });
});

describe("the observed share", () => {
  const samples = [...Array(15).keys()].map((at) => sample(at, at < 8 ? 10 : 50));

  it("is of the last ten seconds, and begins anew where the rules change", () => {
    const found = observedShares(samples);
    for (const { seconds, observed } of found) {
      const window = samples.filter(
        (one) => one.seconds <= seconds && one.seconds > seconds - 10 && one.seconds >= 8 === seconds >= 8,
      );
      const green = window.reduce((total, { assigned }) => total + assigned.green, 0);
      const blue = window.reduce((total, { assigned }) => total + assigned.blue, 0);
      assert.equal(observed, (100 * green) / (blue + green));
    }
    assert.equal(found.length, samples.length);
  });

  it("has a band around what is configured, which narrows with the sessions", () => {
    const found = observedShares(samples.slice(0, 8));
    for (const { low, high } of found) assert.ok(low <= 10 && high >= 10);
    assert.ok(found.at(-1)!.high - found.at(-1)!.low < found[0]!.high - found[0]!.low);
  });

  it("is not told of few sessions, nor where the rules are not known", () => {
    const few = sample(1, 10, 0, { assigned: { blue: 26, green: 3, unknown: 0 } });
    const { configured: _, ...unknown } = sample(2, 10);
    assert.deepEqual(observedShares([few, unknown]), []);
  });
});

describe("samples as lines", () => {
  it("move where the rules did, and are broken where nothing was measured", () => {
    const samples = [sample(1, 0), sample(2, 0), sample(3, 10), sample(20, 10)];
    assert.deepEqual(movesOf(samples), [
      { seconds: 0, green: 0 },
      { seconds: 2, green: 10 },
    ]);
    assert.deepEqual(
      unbroken(samples).map((part) => part.map(({ seconds }) => seconds)),
      [[1, 2, 3], [20]],
    );
  });
});

describe("the page's file", () => {
  const record = recordOfFault({ seconds: 60, moved: 9, failing: 14 });
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "sluice-write-"))));
  afterEach(() => rm(folder, { recursive: true }));

  it("is in the stack's working copy, whether or not that is there", async () => {
    await writePage(record, folder);
    const file = join(folder, ".sluice", "dev", "report.html");
    assert.equal(await readFile(file, "utf8"), reportPage(record));
  });

  it("is where it is asked for", async () => {
    const file = join(folder, "a", "b.html");
    assert.equal(await writePage(record, folder, file), file);
    assert.equal(await readFile(file, "utf8"), reportPage(record));
  });
});

import { COLOURS, type Colour } from "../../../model/release";
import type { Sample } from "../samples";
import { type Figure, legendOf, tips } from "./figure";
import { clock, milliseconds } from "./format";
import type { Layer } from "./plot";
import { unbroken } from "./series";

/** How long answers took, by colour. */
export function times(samples: readonly Sample[]): Figure {
  const slowest = COLOURS.flatMap((colour) => {
    const known = samples.flatMap(({ p95 }) => p95[colour] ?? []);
    return known.length > 0 ? [{ colour, least: Math.min(...known), most: Math.max(...known) }] : [];
  });
  const said = slowest.map(({ colour, most }) => `${colour} ${milliseconds(most)}`).join(", ");
  return {
    plot: {
      id: "times",
      title: "Response time, 95th percentile",
      description: slowest.length > 0 ? `In the slowest second: ${said}.` : "Nothing was answered.",
      // A single slow second would press all others against the ground of a scale that begins at 0.
      least: Math.max(0.001, Math.min(0.01, ...slowest.map(({ least }) => least))),
      most: Math.max(0.1, ...slowest.map(({ most }) => most)),
      unit: milliseconds,
      layers: COLOURS.flatMap((colour) =>
        unbroken(samples.filter(({ p95 }) => p95[colour] !== undefined)).map((part): Layer => ({
          shape: "line",
          style: colour,
          points: part.map((sample) => [sample.seconds, sample.p95[colour] ?? 0] as const),
        })),
      ),
      tips: tips(samples, ({ p95 }) =>
        COLOURS.map((colour) => `${colour} ${timeOf(p95, colour) ?? "without requests"}`),
      ),
    },
    caption:
      "Within each second, 95 in 100 requests were no slower. The scale is logarithmic, and the engine works on the same machine.",
    legend: legendOf(slowest.map(({ colour }) => colour)),
    table: {
      columns: ["Time", "Blue", "Green"],
      rows: samples.map(({ seconds: at, p95 }) => [clock(at), timeOf(p95, "blue"), timeOf(p95, "green")]),
    },
  };
}

const timeOf = (p95: Sample["p95"], colour: Colour): string | undefined => {
  const time = p95[colour];
  return time === undefined ? undefined : milliseconds(time);
};

import type { Record1 } from "../record";
import type { Sample } from "../samples";
import { type Figure, NAMES, SEEN, legendOf, tips } from "./figure";
import { clock, count, seconds } from "./format";
import type { Layer, Plot } from "./plot";
import type { Table } from "./table";

type Kind = "requests" | "failed";

/** Requests a second, by colour. */
export function requests(samples: readonly Sample[]): Figure {
  const colours = SEEN.filter((colour) => samples.some((sample) => sample.requests[colour] > 0));
  return {
    plot: {
      id: "requests",
      title: "Requests per second",
      description: `Stacked by the colour that answered: ${colours.map((colour) => NAMES[colour]).join(", ")}.`,
      ...stacked(samples, "requests"),
    },
    caption: "By the colour that answered, one on top of the other.",
    legend: legendOf(colours),
    table: byColour(samples, "requests"),
  };
}

/** Failed requests a second, by colour. */
export function failures({ totals }: Record1, samples: readonly Sample[]): Figure {
  const colours = SEEN.filter((colour) => samples.some((sample) => sample.failed[colour] > 0));
  const none = totals.failed === 0 && colours.length === 0;
  const text = none ? "No request failed." : `${count(totals.failed)} requests failed in the steps.`;
  return {
    plot: {
      id: "failed",
      title: "Failed requests per second",
      description: text,
      ...stacked(samples, "failed"),
    },
    caption: `${text} Timeouts, resets and error statuses count, and nothing is tried again.`,
    legend: legendOf(colours),
    table: byColour(samples, "failed"),
  };
}

/** Rates by colour, one on top of the other. */
function stacked(
  samples: readonly Sample[],
  kind: Kind,
): Pick<Plot, "most" | "whole" | "unit" | "layers" | "tips"> {
  const rate = (sample: Sample, upTo: number) =>
    SEEN.slice(0, upTo).reduce((total, colour) => total + sample[kind][colour], 0) / sample.lasted;
  const layers = SEEN.map((style, at): Layer => {
    const points = (upTo: number) =>
      samples.flatMap((sample) =>
        [sample.seconds - sample.lasted, sample.seconds].map((time) => [time, rate(sample, upTo)] as const),
      );
    return { shape: "area", style: `area ${style}`, low: points(at), high: points(at + 1) };
  });
  return {
    most: Math.max(1, ...samples.map((sample) => rate(sample, SEEN.length))),
    whole: true,
    unit: count,
    layers: layers.filter((_, at) => samples.some((sample) => sample[kind][SEEN[at] ?? "unknown"] > 0)),
    tips: tips(samples, (sample) => [
      `${kind} in ${seconds(sample.lasted)}`,
      SEEN.map((colour) => `${NAMES[colour]} ${count(sample[kind][colour])}`).join(", "),
    ]),
  };
}

const byColour = (samples: readonly Sample[], kind: Kind): Table => ({
  columns: ["Time", "Within", "Blue", "Green", "No colour"],
  rows: samples.map((sample) => [
    clock(sample.seconds),
    seconds(sample.lasted),
    ...SEEN.map((colour) => count(sample[kind][colour])),
  ]),
});

import type { Sample } from "../samples";
import { type Figure, tips } from "./figure";
import { clock, count, percent } from "./format";
import type { Layer } from "./plot";
import { movesOf, observedShares, unbroken } from "./series";

/** Green's share of new sessions: configured, observed, and where chance lets it lie. */
export function shares(samples: readonly Sample[]): Figure {
  const observed = observedShares(samples);
  const seen = unbroken(observed);
  const known = unbroken(samples.filter(({ configured }) => configured));
  const moves = movesOf(samples).map(({ seconds: at, green }) => `${percent(green)} from ${clock(at)}`);
  return {
    plot: {
      id: "shares",
      title: "Green’s share of new sessions",
      description:
        moves.length > 0 ? `The rules gave green ${moves.join(", ")}.` : "The rules’ shares are not known.",
      // A tenth would lie on the ground of a scale that ends at 100.
      most: Math.min(
        100,
        Math.max(
          ...samples.map(({ configured }) => 2 * (configured?.green ?? 0)),
          ...observed.map((one) => one.observed),
          10,
        ),
      ),
      unit: percent,
      layers: [
        ...seen.map((part): Layer => {
          const edge = (end: "low" | "high") => part.map((point) => [point.seconds, point[end]] as const);
          return { shape: "area", style: "chance", low: edge("low"), high: edge("high") };
        }),
        ...known.map((part): Layer => ({
          shape: "steps",
          style: "configured",
          points: part.flatMap(({ seconds: to, lasted, configured }) => [
            [to - lasted, configured?.green ?? 0] as const,
            [to, configured?.green ?? 0] as const,
          ]),
        })),
        ...seen.map((part): Layer => ({
          shape: "line",
          style: "observed",
          points: part.map((point) => [point.seconds, point.observed] as const),
        })),
      ],
      tips: tips(samples, ({ configured, assigned }) => [
        configured ? `${percent(configured.green)} configured` : "configured share not known",
        `new sessions: blue ${count(assigned.blue)}, green ${count(assigned.green)}`,
      ]),
    },
    caption:
      "What the load balancer’s rules said, and what new users got. Users who already had a colour keep it.",
    legend: [
      { style: "configured", text: "configured" },
      { style: "observed", text: "observed over ten seconds" },
      { style: "chance", text: "where chance lets it lie 999 times in 1,000" },
    ],
    table: {
      columns: ["Time", "Green configured", "New: blue", "New: green"],
      rows: samples.map(({ seconds: at, configured, assigned }) => [
        clock(at),
        configured && percent(configured.green),
        count(assigned.blue),
        count(assigned.green),
      ]),
    },
  };
}

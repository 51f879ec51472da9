import type { Seen } from "../../traffic/counts";
import type { Sample } from "../samples";
import { clock } from "./format";
import { type Markup, html } from "./markup";
import { type Plot, type TimeAxis, plotSvg } from "./plot";
import { type Table, tableOf } from "./table";

/** A plot with its legend, and its figures in a table behind it. */
export interface Figure {
  readonly plot: Plot;
  readonly caption: string;
  /** `style` is a class of the style sheet, the same as that of what is drawn. */
  readonly legend: readonly { readonly style: string; readonly text: string }[];
  readonly table: Table;
}

/** Who can have answered, in the order in which it is told. */
export const SEEN: readonly Seen[] = ["blue", "green", "unknown"];

/** What a request that nobody answered is said to be of. */
export const NAMES: Readonly<Record<Seen, string>> = { blue: "blue", green: "green", unknown: "no colour" };

export const figureOf = ({ plot, caption, legend, table }: Figure, axis: TimeAxis): Markup =>
  html`<figure>
    <figcaption>
      <h3>${plot.title}</h3>
      <p>${caption}</p>
    </figcaption>
    <ul class="legend">
      ${legend.map(({ style, text }) => html`<li><i class="key ${style}"></i>${text}</li>`)}
    </ul>
    ${plotSvg(plot, axis)}
    <details>
      <summary>${plot.title}: the figures</summary>
      ${tableOf(table)}
    </details>
  </figure> `;

/** A legend of areas by colour. */
export const legendOf = (colours: readonly Seen[]): Figure["legend"] =>
  colours.map((colour) => ({ style: `area ${colour}`, text: NAMES[colour] }));

/** What is said of each sample where somebody points at it. */
export const tips = (samples: readonly Sample[], say: (sample: Sample) => readonly string[]): Plot["tips"] =>
  samples.map((sample) => ({
    from: sample.seconds - sample.lasted,
    to: sample.seconds,
    text: `${clock(sample.seconds)}: ${say(sample).join("; ")}`,
  }));

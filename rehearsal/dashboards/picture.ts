import { type Markup, html, trusted } from "../report/html/markup";
import { type Plot, type TimeAxis, plotSvg } from "../report/html/plot";

/** Pixels: of the whole picture, of a plot with its heading, and of what is between plots. */
const WIDTH = 860;
const GAP = 40;
const HEADING = 24;
const PLOT = 184;

/** Both grounds on which a reader may have it; each colour has 3 : 1 on its own. */
const STYLE = `
svg { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
.ground { fill: #fff; } .heading { fill: #171a20; font-weight: 600; font-size: 14px; } .note { fill: #545d6b; }
.plot path { fill: none; stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.blue { stroke: #1c5ecb; } .green { stroke: #0b7444; }
.configured { stroke: #171a20; stroke-width: 1; stroke-dasharray: 5 3; }
.grid { stroke: #d7dce3; } .mark { stroke: #8a4b00; stroke-width: 1.5; }
.axis text { fill: #545d6b; stroke: #fff; stroke-width: 3px; paint-order: stroke; stroke-linejoin: round; }
.key { stroke-width: 3; }
@media (prefers-color-scheme: dark) {
.ground { fill: #101318; } .heading { fill: #e7eaef; } .note { fill: #a3adbb; }
.blue { stroke: #82b1ff; } .green { stroke: #4fd08d; } .configured { stroke: #e7eaef; }
.grid { stroke: #343c48; } .mark { stroke: #f3b35f; } .axis text { fill: #a3adbb; stroke: #101318; }
}`;

/** What lines mean, above all plots. */
const KEYS = [
  { style: "blue", text: "blue", x: 0 },
  { style: "green", text: "green", x: 90 },
  { style: "configured", text: "the share that was set", x: 190 },
  { style: "mark", text: "annotation: share moved", x: 400 },
];

/**
 * Plots side by side in two columns, as an SVG file of its own. It is readable on a light ground and on a dark one,
 * and needs neither font nor script.
 *
 * @param note one line below: where the data come from
 */
export function picture(plots: readonly Plot[], axis: TimeAxis, note: string): string {
  const column = (WIDTH - 3 * GAP) / 2;
  const row = HEADING + PLOT + GAP / 2;
  const top = 2 * HEADING;
  const height = top + Math.ceil(plots.length / 2) * row + HEADING;
  const drawn = plots.map((plot, index): Markup => {
    const x = GAP + (index % 2) * (column + GAP);
    const y = top + Math.floor(index / 2) * row;
    return html`<text class="heading" x="${x}" y="${y + 14}">${plot.title}</text>
      <svg x="${x}" y="${y + HEADING}" width="${column}" height="${PLOT}">${plotSvg(plot, axis)}</svg>`;
  });
  const keys = KEYS.map(({ style, text, x: from }): Markup => {
    const x = GAP + from;
    return html`<line class="key ${style}" x1="${x}" x2="${x + 24}" y1="18" y2="18" />
      <text class="note" x="${x + 32}" y="22">${text}</text>`;
  });
  const whole = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${WIDTH} ${height}"
    width="${WIDTH}"
    height="${height}"
  >
    <style>
      ${trusted(STYLE)}
    </style>
    <rect class="ground" width="${WIDTH}" height="${height}" rx="8" />
    ${keys} ${drawn}
    <text class="note" x="${GAP}" y="${height - 12}">${note}</text>
  </svg>`;
  return `${String(whole)}\n`;
}

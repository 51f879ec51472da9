import { powers, ticks, timeTicks } from "./axis";
import { clock, place } from "./format";
import { type Markup, html } from "./markup";

/** A point of a plot: seconds from the beginning, and a value. */
export type Point = readonly [seconds: number, value: number];

/** Something drawn over time; `style` is its class in the style sheet. */
export type Layer =
  | { readonly shape: "line" | "steps"; readonly style: string; readonly points: readonly Point[] }
  | {
      readonly shape: "area";
      readonly style: string;
      readonly low: readonly Point[];
      readonly high: readonly Point[];
    };

/** The time axis, which all plots of a page share. */
export interface TimeAxis {
  /** Its length in seconds, above 0. */
  readonly length: number;
  /** Times in which the engine worked, shaded. */
  readonly bands: readonly { readonly from: number; readonly to: number }[];
  /** Moments with a line across; `style` is its class. */
  readonly marks: readonly { readonly seconds: number; readonly style: string }[];
}

/** What a plot shows. */
export interface Plot {
  /** Unique in its page. */
  readonly id: string;
  /** What it shows, and what is to be seen in it: for those who cannot. */
  readonly title: string;
  readonly description: string;
  /** Values that must have room, above 0. With `least` the scale is logarithmic, without it begins at 0. */
  readonly least?: number;
  readonly most: number;
  /** Whether values are counted, so that there is none between 1 and 2. */
  readonly whole?: boolean;
  readonly unit: (value: number) => string;
  /** The rear ones first. */
  readonly layers: readonly Layer[];
  /** What is said of each time where somebody points at it. */
  readonly tips: readonly { readonly from: number; readonly to: number; readonly text: string }[];
}

/** Pixels above the area of the values, of that, and below it. The width is the page's. */
const [TOP, AREA, BELOW] = [18, 140, 26];

/** Of the area where there is nothing to draw. */
const EMPTY = 36;

/** How far lines may reach beyond the area, so that those along its edges keep their width. */
const EDGE = 2;

/** Units of the area's width, which is stretched to what there is. */
const WIDTH = 1000;

/** Steps of the time axis at most: that many have room on a phone; with hours, as 1:00:00, fewer. */
const [TIMES, LONG_TIMES, HOUR] = [8, 5, 3600];

/**
 * A plot as inline SVG. Only the area of the values is stretched to the page's width; text, and lines in their width,
 * are as large on a phone as on a screen.
 */
export function plotSvg(plot: Plot, axis: TimeAxis): Markup {
  const { id, title, description, layers, tips } = plot;
  const area = layers.length === 0 ? EMPTY : AREA;
  const { levels, y } = values(plot, area);
  const x = (seconds: number) => fixed((WIDTH * seconds) / axis.length);
  const column = (style: string, from: number, to: number, text?: string) =>
    html`<rect
      class="${style}"
      x="${place(from, axis.length)}"
      y="${TOP}"
      width="${place(to - from, axis.length)}"
      height="${area}"
      >${text !== undefined && html`<title>${text}</title>`}</rect
    >`;
  return html`<svg
    class="plot"
    width="100%"
    height="${TOP + area + BELOW}"
    role="img"
    aria-labelledby="${id}-t ${id}-d"
  >
    <title id="${id}-t">${title}</title>
    <desc id="${id}-d">${description}</desc>
    ${axis.bands.map(({ from, to }) => column("band", from, to))}
    ${levels.map((level) => html`<line class="grid" x1="0" x2="100%" y1="${TOP + y(level)}" y2="${TOP + y(level)}" />`)}
    <svg
      y="${TOP - EDGE}"
      width="100%"
      height="${area + 2 * EDGE}"
      viewBox="0 ${-EDGE} ${WIDTH} ${area + 2 * EDGE}"
      preserveAspectRatio="none"
    >
      ${layers.map((layer) => html`<path class="${layer.style}" d="${pathOf(layer, x, y)}" />`)}
    </svg>
    ${axis.marks.map(({ seconds, style }) => {
      const at = place(seconds, axis.length);
      return html`<line class="mark ${style}" x1="${at}" x2="${at}" y1="${TOP}" y2="${TOP + area}" />`;
    })}
    <g class="axis">
      ${levels.map((level) => html`<text y="${TOP + y(level) - 4}">${plot.unit(level)}</text>`)}
      ${timeAxis(axis.length, TOP + area + BELOW - 8)}
    </g>
    ${tips.map(({ from, to, text }) => column("tip", from, to, text))}
  </svg>`;
}

/** The levels of a plot's axis, and how far from the area's top a value is. */
function values({ least, most, whole = false, layers }: Plot, area: number) {
  if (least === undefined) {
    const all = ticks(most, layers.length === 0 ? 1 : 4);
    const levels = all.filter((one) => !whole || Number.isInteger(one));
    const top = all.at(-1) ?? most;
    return { levels, y: (value: number) => fixed(area * (1 - value / top)) };
  }
  const levels = powers(least, most);
  const [bottom, top] = [levels[0] ?? least, levels.at(-1) ?? most];
  const share = (value: number) => Math.log(Math.max(bottom, value) / bottom) / Math.log(top / bottom);
  return { levels, y: (value: number) => fixed(area * (1 - share(value))) };
}

function timeAxis(length: number, y: number): Markup {
  const times = timeTicks(length, length < HOUR ? TIMES : LONG_TIMES);
  return html`${times.map((time) => {
    // At the edges half of it would be cut off.
    const anchor = time === 0 ? "start" : time > 0.95 * length ? "end" : "middle";
    return html`<text x="${place(time, length)}" y="${y}" text-anchor="${anchor}">${clock(time)}</text>`;
  })}`;
}

type Scale = (value: number) => number;

function pathOf(layer: Layer, x: Scale, y: Scale): string {
  const at = ([seconds, value]: Point) => `${x(seconds)} ${y(value)}`;
  if (layer.shape === "area") {
    const points = [...layer.high.map(at), ...[...layer.low].reverse().map(at)];
    return points.length === 0 ? "" : `M${points.join("L")}Z`;
  }
  const [first, ...rest] = layer.points;
  if (!first) return "";
  if (layer.shape === "line") return `M${layer.points.map(at).join("L")}`;
  return `M${at(first)}${rest.map(([seconds, value]) => `H${x(seconds)}V${y(value)}`).join("")}`;
}

/** A hundredth of a pixel is finer than anybody sees. */
const fixed = (value: number): number => Number(value.toFixed(2));

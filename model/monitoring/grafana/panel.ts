/** Grafana's names of the units that figures here have. `percentunit` is a share of 1, drawn as percent. */
export const UNITS = [
  "reqps",
  "percentunit",
  "s",
  "short",
  "bytes",
  "currencyUSD",
  "suffix: tokens/s",
  "suffix: cores",
  "suffix: pods",
  "suffix: restarts",
  "suffix: fallbacks",
] as const;
export type Unit = (typeof UNITS)[number];

/** One question of a panel to Prometheus. */
export interface Query {
  readonly expr: string;
  /** What its series are called, with labels as `{{label}}`. */
  readonly legend: string;
}

/** Columns of Grafana's grid. */
export const COLUMNS = 24;

/** A panel without its place: the layout gives it one. */
export interface Panel {
  /** `graph`: over time. `stack`: over time, each series on top of the other. `figure`: the last value alone. */
  readonly kind: "graph" | "stack" | "figure";
  readonly title: string;
  /** What it shows and what to think of it, for whoever looks at it at night. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Columns of 24. */
  readonly width: 6 | 8 | 12 | 24;
  /** Drawn as a line, red above it. In the panel's unit. */
  readonly limit?: number;
  /** The greatest value of the axis. Absent: that of the data. */
  readonly most?: number;
}

/** Where a panel is, in Grafana's grid. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The one source of all panels: the cluster's Prometheus, as Grafana is told of it. */
export const SOURCE = { type: "prometheus", uid: "prometheus" } as const;

/** A panel as Grafana reads it. */
export function panelJson(panel: Panel, id: number, gridPos: Place) {
  const { kind, title, description, queries } = panel;
  const figure = kind === "figure";
  const targets = queries.map(({ expr, legend }, index) => ({
    refId: String.fromCharCode("A".charCodeAt(0) + index),
    expr,
    legendFormat: legend,
    ...(figure ? { instant: true } : { range: true }),
  }));
  const common = { id, title, description, gridPos, datasource: SOURCE, targets };
  return figure
    ? { type: "stat" as const, ...common, fieldConfig: fields(panel), options: FIGURE }
    : { type: "timeseries" as const, ...common, fieldConfig: fields(panel, drawn(panel)), options: GRAPH };
}

const GRAPH = {
  legend: { calcs: ["lastNotNull", "max"], displayMode: "table", placement: "bottom", showLegend: true },
  tooltip: { mode: "multi", sort: "desc" },
} as const;

const FIGURE = {
  colorMode: "value",
  graphMode: "none",
  justifyMode: "auto",
  orientation: "auto",
  percentChangeColorMode: "standard",
  reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
  showPercentChange: false,
  textMode: "auto",
  wideLayout: true,
} as const;

/** Series of a colour are drawn in it, in every panel. */
const OVERRIDES = (["blue", "green"] as const).map((colour) => ({
  matcher: { id: "byRegexp", options: `/\\b${colour}\\b/` },
  properties: [{ id: "color", value: { mode: "shades", fixedColor: colour } }],
}));

const fields = ({ unit, limit, most }: Panel, custom?: object) => ({
  defaults: {
    unit,
    min: 0,
    ...(most !== undefined && { max: most }),
    color: { mode: "palette-classic" },
    thresholds: {
      mode: "absolute",
      steps: [
        { value: null, color: "green" },
        ...(limit === undefined ? [] : [{ value: limit, color: "red" }]),
      ],
    },
    ...(custom && { custom }),
  },
  overrides: OVERRIDES,
});

const drawn = ({ kind, limit }: Panel) => ({
  drawStyle: "line",
  lineInterpolation: "linear",
  lineWidth: 2,
  fillOpacity: kind === "stack" ? 60 : 8,
  // What is not known is a hole, and no line through it.
  spanNulls: false,
  showPoints: "never",
  stacking: { mode: kind === "stack" ? "normal" : "none", group: "A" },
  thresholdsStyle: { mode: limit === undefined ? "off" : "line" },
});

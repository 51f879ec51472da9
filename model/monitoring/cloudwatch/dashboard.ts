import type { AwsMetric } from "./alarm";

/** A curve: a metric, or an expression over the metrics of its panel. */
export type Curve = { readonly label: string; readonly colour?: string } & (
  | {
      readonly metric: AwsMetric;
      /** A name that expressions use. */ readonly id?: string;
      readonly hidden?: boolean;
    }
  | { readonly expression: string }
);

/** A picture of curves over time. */
export interface Panel {
  readonly title: string;
  /** What it shows and what is good, for somebody who sees it for the first time at night. */
  readonly description: string;
  /** What the vertical axis counts: `%`, `s`, `requests a minute`. */
  readonly unit: string;
  readonly curves: readonly Curve[];
  /** What one point is taken of, in seconds. Default: 60. */
  readonly periodSeconds?: number;
  /** A line that nothing should cross, with what it means. */
  readonly limit?: { readonly value: number; readonly label: string };
  /** Curves upon each other, so that their sum shows. */
  readonly stacked?: boolean;
  /** Where its metrics are, if not in the dashboard's region: billing is in us-east-1 alone. */
  readonly region?: string;
}

/** A page of panels. */
export interface Dashboard {
  /** Ends its name. */
  readonly name: string;
  readonly panels: readonly Panel[];
}

/** CloudWatch's grid has 24 columns; two panels stand beside each other, each under its description. */
const [COLUMNS, WIDTH, TEXT_HEIGHT, HEIGHT] = [24, 12, 2, 6];

/**
 * The JSON that CloudWatch takes. A widget has no description of its own, so each stands in a text above.
 *
 * @param region of the metrics
 */
export const dashboardBody = ({ panels }: Pick<Dashboard, "panels">, region: string): string =>
  JSON.stringify({
    start: "-PT3H",
    widgets: panels.flatMap((panel, index) => widgets(panel, index, region)),
  });

function widgets(panel: Panel, index: number, region: string): object[] {
  const x = (index * WIDTH) % COLUMNS;
  const y = Math.floor((index * WIDTH) / COLUMNS) * (TEXT_HEIGHT + HEIGHT);
  const { title, description, unit, curves, limit, stacked, periodSeconds = 60 } = panel;
  return [
    {
      ...{ type: "text", x, y, width: WIDTH, height: TEXT_HEIGHT },
      properties: { markdown: `**${title}**: ${description}`, background: "transparent" },
    },
    {
      ...{ type: "metric", x, y: y + TEXT_HEIGHT, width: WIDTH, height: HEIGHT },
      properties: {
        ...{ title, view: "timeSeries", stacked: stacked ?? false, period: periodSeconds },
        region: panel.region ?? region,
        yAxis: { left: { label: unit, showUnits: false, min: 0 } },
        metrics: curves.map(curve),
        ...(limit && { annotations: { horizontal: [{ label: limit.label, value: limit.value }] } }),
      },
    },
  ];
}

function curve(one: Curve): unknown[] {
  const look = { label: one.label, ...(one.colour && { color: one.colour }) };
  if ("expression" in one) return [{ expression: one.expression, ...look }];
  const { namespace, metric, dimensions, statistic } = one.metric;
  const options = { ...look, stat: statistic, ...(one.id && { id: one.id }), visible: !one.hidden };
  return [namespace, metric, ...Object.entries(dimensions).flat(), options];
}

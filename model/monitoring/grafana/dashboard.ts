import { COLUMNS, type Panel, type Query, SOURCE, panelJson } from "./panel";

/** Panels under one heading; they fill lines from left to right. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Moments that are marked in every panel: where the query has a value. */
export interface Annotation extends Query {
  readonly name: string;
  /** A colour of Grafana's palette. */
  readonly colour: "blue" | "orange" | "red";
}

/** A dashboard, before Grafana's words for it. */
export interface Dashboard {
  /** Unique among a Grafana's dashboards, part of its address: lower case, digits and hyphens. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
  readonly annotations: readonly Annotation[];
  /** Where else to look, beside the other dashboards. */
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  /** How far back it looks at first, as Grafana says it: `3h`. */
  readonly since: string;
}

/** The version of the schema that is written: that of Grafana 13. */
const SCHEMA_VERSION = 42;

/** A tag of all of them, by which each links to the others. */
export const TAG = "sluice";

/** Heights of a heading and of a panel, in Grafana's units. */
const HEADING = 1;
const HEIGHT = 8;
const FIGURE_HEIGHT = 4;

/** A dashboard as Grafana reads it; the same for the same settings. */
export function dashboardJson({ uid, title, description, rows, annotations, links = [], since }: Dashboard) {
  return {
    uid,
    title,
    description,
    tags: [TAG],
    schemaVersion: SCHEMA_VERSION,
    timezone: "browser",
    // It is written here; who wants another saves a copy.
    editable: false,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: `now-${since}`, to: "now" },
    links: [LINKS, ...links.map(linkJson)],
    annotations: { list: annotations.map(annotationJson) },
    templating: { list: [] },
    panels: placed(rows),
  };
}

export type DashboardJson = ReturnType<typeof dashboardJson>;

const LINKS = {
  title: "Other dashboards",
  type: "dashboards",
  tags: [TAG],
  asDropdown: true,
  icon: "external link",
  includeVars: false,
  keepTime: true,
  targetBlank: false,
  tooltip: "",
} as const;

const linkJson = ({ title, url }: { readonly title: string; readonly url: string }) => ({
  ...LINKS,
  title,
  type: "link" as const,
  url,
  tags: [],
  asDropdown: false,
  targetBlank: true,
});

const annotationJson = ({ name, colour, expr, legend }: Annotation) => ({
  name,
  datasource: SOURCE,
  enable: true,
  hide: false,
  iconColor: colour,
  titleFormat: name,
  textFormat: legend,
  // The last four are of no use to Prometheus, and required of every annotation.
  target: { refId: "Anno", expr, interval: "15s", limit: 100, matchAny: false, tags: [], type: "tags" },
});

/** Panels in their places, numbered from 1. */
function placed(rows: readonly Row[]) {
  const panels: (ReturnType<typeof panelJson> | ReturnType<typeof headingJson>)[] = [];
  let y = 0;
  for (const { title, panels: inside } of rows) {
    panels.push(headingJson(title, panels.length + 1, y));
    y += HEADING;
    let x = 0;
    let h = 0;
    for (const panel of inside) {
      if (x + panel.width > COLUMNS) {
        y += h;
        [x, h] = [0, 0];
      }
      const place = { x, y, w: panel.width, h: panel.kind === "figure" ? FIGURE_HEIGHT : HEIGHT };
      panels.push(panelJson(panel, panels.length + 1, place));
      x += panel.width;
      h = Math.max(h, place.h);
    }
    y += h;
  }
  return panels;
}

const headingJson = (title: string, id: number, y: number) => ({
  type: "row" as const,
  id,
  title,
  collapsed: false,
  gridPos: { x: 0, y, w: COLUMNS, h: HEADING },
  panels: [],
});

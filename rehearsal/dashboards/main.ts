import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { machineTime } from "../../cloud/clock";
import { BACKENDS } from "../../model/backends";
import type { Watched } from "../../model/monitoring/alerts";
import { releaseDashboard } from "../../model/monitoring/grafana/release";
import { defaultSlo } from "../../model/monitoring/objectives";
import { COLOURS } from "../../model/release";
import { defaultServices } from "../../model/services";
import type { Layer, Plot, Point, TimeAxis } from "../report/html/plot";
import { picture } from "./picture";
import { type Scene, setScene } from "./scene";

/*
 * Draws docs/pictures/release.svg: a release in steps, served by local pods, as Prometheus has it and the release
 * dashboard asks for it. `node -r ./register.cjs rehearsal/dashboards/main.ts`; it takes some three minutes.
 */

/** Green's shares in percent, and how long each stays, in seconds. */
const SHARES = [0, 10, 25, 50, 100] as const;
const STEP_SECONDS = 30;

/** Rounds of requests a second at most; in each both colours of a service get as many as this together. */
const ROUNDS = 5;
const REQUESTS = 20;

/** Before the first step: what rules and rates need before they are any. */
const WARMING_SECONDS = 15;

/** Windows are this part of what they are in a cluster: nobody waits five minutes for a line. */
const HASTE = 10;

const APP = "voiceassist";
const SERVICES = defaultServices(APP, "prod");
const WATCHED: Watched = {
  ...{ app: APP, environment: "prod", stack: "prod", runbooks: "docs/alerts.md" },
  slo: defaultSlo(Object.keys(SERVICES)),
  backends: BACKENDS.prod,
};

/** Windows and offsets in minutes, in a query. */
const hastened = (query: string): string =>
  query.replace(/(\[|offset )(\d+)m\b/g, (_, before: string, minutes: string) => {
    return `${before}${(60 * Number(minutes)) / HASTE}s`;
  });

/** The machine's time, as Prometheus has it. */
const seconds = (): number => machineTime().getTime() / 1_000;

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: string])[];
}

/** A query's series from `from` on, in seconds since 1970, a value a second. */
async function range(url: string, query: string, from: number, to: number): Promise<Series[]> {
  const asked = new URL("api/v1/query_range", `${url}/`);
  asked.search = new URLSearchParams({ query, start: `${from}`, end: `${to}`, step: "1" }).toString();
  const answer = (await (await fetch(asked)).json()) as {
    error?: string;
    data?: { result: Series[] };
  };
  if (!answer.data) throw new Error(`Prometheus refuses ${query}: ${answer.error ?? ""}`);
  return answer.data.result;
}

/** Moves green's share step by step, under requests. @returns when each step began, in seconds since 1970 */
async function release(scene: Scene): Promise<number[]> {
  scene.behave({ colour: "blue" }, { latencyMs: 40, errorRate: 0.3 });
  scene.behave({ colour: "green" }, { latencyMs: 25, errorRate: 0.2 });
  await serve(scene, SHARES[0], WARMING_SECONDS);
  const began: number[] = [];
  for (const share of SHARES) {
    began.push(seconds());
    await serve(scene, share, STEP_SECONDS);
  }
  return began;
}

/** Requests at one share of green's, for so many seconds. */
async function serve(scene: Scene, share: number, lasting: number): Promise<void> {
  const until = performance.now() + 1_000 * lasting;
  while (performance.now() < until) {
    const next = pause(1_000 / ROUNDS);
    const green = Math.round((REQUESTS * share) / 100);
    await Promise.all([scene.visit("green", green), scene.visit("blue", REQUESTS - green)]);
    await next;
  }
}

async function draw(scene: Scene): Promise<string> {
  const began = await release(scene);
  const from = began[0] ?? 0;
  const to = seconds();
  const dashboard = releaseDashboard({ app: APP, services: SERVICES, slo: WATCHED.slo, console: "" });
  const panels = dashboard.rows.flatMap((row) => row.panels);
  const pointsOf = ({ values }: Series, factor: number): Point[] =>
    values.flatMap(([at, value]) =>
      Number.isFinite(Number(value)) ? [[at - from, factor * Number(value)]] : [],
    );

  const plot = async (title: string, more: Pick<Plot, "unit"> & { factor: number; extra?: Layer }) => {
    const panel = panels.find((one) => one.title === title);
    if (!panel) throw new Error(`the release dashboard has no panel ${title}`);
    const series = await range(scene.url, hastened(panel.queries[0]?.expr ?? ""), from, to);
    const lines = COLOURS.map((colour): Layer => {
      const found = series.find(({ metric }) => metric["colour"] === colour);
      return { shape: "line", style: colour, points: found ? pointsOf(found, more.factor) : [] };
    });
    const layers = [...(more.extra ? [more.extra] : []), ...lines];
    const values = layers.flatMap((layer) =>
      layer.shape === "area" ? [] : layer.points.map(([, value]) => value),
    );
    const id = title.toLowerCase().replaceAll(" ", "-");
    const { unit } = more;
    return {
      id,
      title,
      description: panel.description,
      most: Math.max(1e-3, ...values),
      unit,
      layers,
      tips: [],
    };
  };

  const end = to - from;
  const configured: Layer = {
    shape: "steps",
    style: "configured",
    points: [...began.map((at, index): Point => [at - from, SHARES[index] ?? 0]), [end, SHARES.at(-1) ?? 0]],
  };
  const percent = (value: number) => `${Number(value.toFixed(2))} %`;
  const plots = [
    await plot("Share of requests", { unit: percent, factor: 100, extra: configured }),
    await plot("Requests", { unit: (value) => `${Math.round(value)}/s`, factor: 1 }),
    await plot("Failed now", { unit: percent, factor: 100 }),
    await plot("Slowest p95 now", { unit: (value) => `${Math.round(value)} ms`, factor: 1_000 }),
  ];
  const moved = dashboard.annotations.find(({ name }) => name === "Share moved");
  const found = await range(scene.url, hastened(moved?.expr ?? ""), from, to);
  const times = found.flatMap(({ values }) => values.map(([at]) => at - from));
  // Grafana draws neighbours as one; so is this: the first of each.
  const marks = times
    .filter((at, index) => index === 0 || at - (times[index - 1] ?? 0) > 2)
    .map((seconds) => ({ seconds, style: "" }));
  const axis: TimeAxis = { length: end, bands: [], marks };
  const [all] = await range(scene.url, `sum(http_requests_total{namespace="${APP}"})`, to, to);
  const requests = Number(all?.values[0]?.[1] ?? 0).toLocaleString("en");
  const note = `Measured: ${requests} requests to local pods, read from Prometheus by the dashboard's own queries, with windows a tenth as long.`;
  return picture(plots, axis, note);
}

async function main(): Promise<void> {
  const target = resolve(__dirname, "../../docs/pictures/release.svg");
  const dir = await mkdtemp(join(tmpdir(), "sluice-dashboards-"));
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    const scene = await setScene({ watched: WATCHED, dir, rules: hastened, say });
    try {
      await mkdir(resolve(target, ".."), { recursive: true });
      await writeFile(target, await draw(scene));
      say(`written: ${target}`);
    } finally {
      await scene.stop();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

void main();

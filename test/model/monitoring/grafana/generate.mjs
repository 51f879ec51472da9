/*
 * Writes schema.json from the TypeScript types that Grafana publishes (@grafana/schema, Apache-2.0), in a folder of its
 * own: `node test/model/monitoring/grafana/generate.mjs`. Their version is the one that the chart installs.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VERSION = "13.2.3";

/** A dashboard with the kinds of panels that are used here, each with its own options. */
const ENTRY = `
import type { GraphFieldConfig } from "@grafana/schema";
import type {
  AnnotationQuery, AnnotationTarget, Dashboard, FieldConfig, FieldConfigSource, Panel, RowPanel,
} from "./types/raw/dashboard/x/types.gen";
import type { Options as Graph } from "./types/raw/composable/timeseries/panelcfg/x/types.gen";
import type { Options as Stat } from "./types/raw/composable/stat/panelcfg/x/types.gen";

/** Prometheus' own: its plug-in has a package of its own. */
type Target = { refId: string; expr: string; legendFormat: string; instant?: boolean; range?: boolean };
type Annotation = Omit<AnnotationQuery, "target"> & {
  titleFormat?: string;
  textFormat?: string;
  target: AnnotationTarget & { refId: string; expr: string; interval?: string };
};

type Of<Type extends string, Options, Custom> = Omit<Panel, "type" | "options" | "fieldConfig" | "targets"> & {
  type: Type;
  options: Options;
  targets: Target[];
  fieldConfig: Omit<FieldConfigSource, "defaults"> & {
    defaults: Omit<FieldConfig, "custom"> & { custom?: Custom };
  };
};

export type PrometheusDashboard = Omit<Dashboard, "panels" | "annotations"> & {
  panels: (
    | RowPanel
    | Of<"timeseries", Pick<Graph, keyof Graph>, GraphFieldConfig>
    | Of<"stat", Pick<Stat, keyof Stat>, never>
  )[];
  annotations: { list: Annotation[] };
};
`;

const folder = mkdtempSync(join(tmpdir(), "sluice-grafana-"));
const run = (command, ...args) =>
  execFileSync(command, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
try {
  const packages = [`@grafana/schema@${VERSION}`, "ts-json-schema-generator@2", "typescript@5"];
  writeFileSync(join(folder, "package.json"), "{}");
  run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages);
  const types = "node_modules/@grafana/schema/dist/types";
  writeFileSync(join(folder, "entry.ts"), ENTRY.replaceAll("./types/", `./${types}/`));
  const compilerOptions = {
    ...{ strict: true, skipLibCheck: true, target: "es2022", module: "commonjs", moduleResolution: "node10" },
    ...{ types: [], baseUrl: ".", paths: { "@grafana/schema": [`${types}/index.d.ts`] } },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["entry.ts"] }));
  const options = ["--type", "PrometheusDashboard", "--tsconfig", "tsconfig.json", "--no-type-check"];
  run("npx", "ts-json-schema-generator", "--path", "entry.ts", ...options, "-o", "schema.json");
  const schema = JSON.parse(readFileSync(join(folder, "schema.json"), "utf8"), (key, value) =>
    key === "description" && typeof value === "string" ? undefined : value,
  );
  const $comment = `Written by generate.mjs from @grafana/schema ${VERSION} (Apache-2.0).`;
  const target = join(import.meta.dirname, "schema.json");
  writeFileSync(target, `${JSON.stringify({ $comment, ...schema })}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

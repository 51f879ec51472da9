import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { ruleFile } from "../../model/monitoring/alerts";
import { alertsPage } from "../../model/monitoring/alertsPage";
import { alertmanagerConfig, secretFiles, unreached } from "../../model/monitoring/routing";
import { UsageError } from "../failure";
import { findProject, readStackFile } from "../project";
import { settingsOf } from "../settingsOf";
import type { Terminal } from "../terminal";
import { type PageOptions, page } from "./page";

export interface AlertsOptions extends PageOptions {
  /** The stack whose rules and routing are written to `out`. Absent: the page is. */
  readonly stack?: string;
}

/** A line of YAML may be as long as its expression. */
const LINES = { lineWidth: 0 } as const;

/**
 * Writes the page of alerts; or a stack's rules for Prometheus and its routing for Alertmanager.
 *
 * @throws UsageError where the page was to be checked and is not what would be written; where the stack's settings are
 *   at fault; or where it cannot be written
 */
export function alerts(options: AlertsOptions, terminal: Terminal): void {
  if (options.stack === undefined) page(alertsPage(), "npx sluice alerts", options, terminal);
  else if (options.check) throw new UsageError("--check is of the page; leave --stack out, or --check");
  else stackAlerts(options.stack, options.out, terminal);
}

function stackAlerts(stack: string, out: string, terminal: Terminal): void {
  if (out.endsWith(".md")) {
    throw new UsageError(
      `--out: ${out} is a page; with --stack it is a folder: sluice alerts -s ${stack} --out DIR`,
    );
  }
  const { app, environment, slo, backends, monitoring } = settingsOf(
    readStackFile(findProject(terminal.folder), stack),
  );
  const { receivers, runbooks } = monitoring;
  const files = {
    "rules.yaml": ruleFile({ app, environment, stack, slo, backends, runbooks }),
    "alertmanager.yaml": alertmanagerConfig(monitoring),
  };
  const folder = resolve(terminal.folder, out);
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), stringify(content, LINES));
    }
  } catch (error) {
    throw new UsageError(`--out: ${folder} cannot be written: ${(error as Error).message}`);
  }
  terminal.print(`${Object.keys(files).join(" and ")} written to ${out}`);
  for (const [file, parameter] of Object.entries(secretFiles(receivers))) {
    terminal.print(`  Alertmanager reads the file ${file}, which holds SSM's ${parameter}`);
  }
  for (const remark of unreached(receivers)) terminal.print(`  ${remark}`);
}

import { THRESHOLDS, type ThresholdName } from "../analysis/thresholds";
import { duration } from "../analysis/wording";
import { BACKENDS } from "../backends";
import { aligned } from "../markdown";
import { defaultServices } from "../services";
import { type Alert, type Watched, alertsOf } from "./alerts";
import { TOLD as LIMIT_ALERTS } from "./alerts/limits";
import { FAMILIES, MEASURED_BY, type Work } from "./families";
import { SLOW_PERCENT, type Slo, defaultSlo, failedPercent, servicesBy } from "./objectives";
import { kindsOf } from "./recording";

/** What the page shows: prod as it is without configuration, and a figure where it has no default. */
const SLO: Slo = { ...defaultSlo(Object.keys(defaultServices("voiceassist", "prod"))), costPerThousand: 10 };
const SHOWN: Watched = {
  app: "voiceassist",
  environment: "prod",
  stack: "STACK",
  slo: SLO,
  backends: BACKENDS.prod,
  runbooks: "docs/alerts.md",
};

const HEADINGS: Readonly<Record<string, string>> = {
  "sluice.alerts.limits": "Limits of a release",
  "sluice.alerts.budgets": "Budgets of objectives",
  "sluice.alerts.cluster": "The cluster",
  "sluice.alerts.backends": "Backends",
  "sluice.alerts.providers": "Providers",
};

/** The page of objectives and alerts as Markdown. Each alert has a heading of its own, to which it links. */
export function alertsPage(): string {
  const groups = Object.entries(alertsOf(SHOWN));
  return [
    "# Alerts",
    "",
    "<!-- Written by `npx sluice alerts`; a test fails where this file is not what the code says. -->",
    "",
    INTRODUCTION,
    "",
    ...groups.map(([name]) => `- [${HEADINGS[name] ?? name}](#${anchor(HEADINGS[name] ?? name)})`),
    "",
    "## Objectives",
    "",
    `Met over ${SLO.windowDays} days; \`sluice:slo\` sets them, and by service what it does and how fast it is. Services of your own are an \`api\`. Where nothing is configured:`,
    "",
    ...aligned([
      [
        "what a service does",
        "services",
        "fails at most",
        `p95 below (${SLOW_PERCENT} % may take longer)`,
        "measured by",
      ],
      ...kindsOf(SLO).map(objectiveRow),
    ]),
    "",
    "## One table for gates and alerts",
    "",
    "A limit holds or retreats a release at once, and people are told once it has been breached for as long as the last column says. Both ask the same of the same series: Prometheus records a breach as `sluice:breach{limit=…}` where the gate of that limit fails.",
    "",
    ...aligned([
      ["limit", "above", "of", "the release", "people", "after", "alert"],
      ...(Object.keys(THRESHOLDS) as ThresholdName[]).map(limitRow),
    ]),
    "",
    ...groups.flatMap(([name, alerts]) => [`## ${HEADINGS[name] ?? name}`, "", ...alerts.flatMap(section)]),
  ].join("\n");
}

const INTRODUCTION = [
  "What pages, what writes, and what helps then. Critical alerts page; warnings go to Slack and e-mail. Alerts of one version of one colour of one service are one message, and a page silences warnings about the same. During a release `colour` and `version` say which of the two it is.",
  "Rules and routing are generated from `sluice:slo` and `sluice:monitoring`. For a Prometheus and an Alertmanager of your own:",
  "```sh\nnpx sluice alerts -s prod --out /tmp/alerts   # rules.yaml, alertmanager.yaml\n```",
  "What applications must export is in [metrics.md](metrics.md). The exporters that alerts need come with the stack, at every level of [monitoring](monitoring.md).",
].join("\n\n");

const anchor = (heading: string): string => heading.toLowerCase().replaceAll(" ", "-");

function objectiveRow(work: Work): string[] {
  const { requests, latency } = MEASURED_BY[work];
  const services = work === "api" ? Object.keys(SLO.services) : servicesBy(SLO, work);
  const p95 = (service: string) => `${SLO.services[service]?.p95} s`;
  const each = [...new Set(services.map(p95))];
  return [
    work === "api" ? "answers requests" : WORK_SAID[work],
    services.join(", "),
    `${failedPercent(SLO)} %`,
    each.length === 1 ? (each[0] ?? "") : services.map((service) => `${service} ${p95(service)}`).join(", "),
    `\`${FAMILIES[requests].name}\`, \`${FAMILIES[latency].name}\``,
  ];
}

const WORK_SAID: Readonly<Record<Exclude<Work, "api">, string>> = {
  transcription: "transcribes",
  analysis: "analyses",
};

const UNITS = { percent: " %", seconds: " s", count: "" } as const;

function limitRow(limit: ThresholdName): string[] {
  const { name } = LIMIT_ALERTS[limit];
  const threshold = THRESHOLDS[limit];
  const { above, unit, windowSeconds, samples, urgency, alert } = threshold;
  const window = windowSeconds > 0 ? `the last ${duration(windowSeconds)}` : "now";
  return [
    `\`${limit}\``,
    `${above}${UNITS[unit]}`,
    samples > 0 ? `${window}, longer below ${samples} requests` : window,
    urgency === "retreat" ? "goes back" : "holds",
    alert.severity === "page" ? "are paged" : "are written to",
    alert.afterSeconds > 0 ? duration(alert.afterSeconds) : "at once",
    `[${name}](#${anchor(name)})`,
  ];
}

/** Templates in commands, as a person fills them in. */
const filled = (command: string): string => command.replaceAll("{{ $labels.job_name }}", "JOB");

function section({ name, severity, forSeconds, when, help, command, needs, source }: Alert): string[] {
  const who = severity === "critical" ? "Pages" : "Warns";
  const once = forSeconds > 0 ? ` for ${duration(forSeconds)}` : "";
  return [
    `### ${name}`,
    "",
    `${who} when ${when}${once === "" || when.endsWith(" min") ? "" : `,${once}`}.`,
    "",
    `${help} Look: \`${filled(command)}\``,
    "",
    `${needs === undefined ? "" : `Needs: ${needs}. `}Source: ${source}.`,
    "",
  ];
}

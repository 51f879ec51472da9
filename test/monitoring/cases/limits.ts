import { BLUE, type Case, GREEN, type Series, answers, counter, named, requests } from "./case";

/** A minute is four values. */
const MINUTE = 4;
const during = (minutes: number) => minutes * MINUTE - 1;
const firing = (severity: string, about: string, limit: string) => [{ severity, about, limit, ...GREEN }];

/** 400 requests a minute, so many of a hundred of which fail; live has none that fails. */
const failing = (percent: number, minutes = 40): Series[] => [
  ...requests(counter([100 - percent, during(minutes)]), counter([percent, during(minutes)])),
  ...requests(counter([100, during(minutes)]), counter([0, during(minutes)]), BLUE),
];

/** All fail for a minute; then users are sent there no more. */
const takenBack: Series[] = requests(counter([0, during(40)]), counter([100, during(1)], [0, during(39)]));

/** Of a hundred requests so many take longer than 5 s. */
const slow = (percent: number): Series[] => [
  ...requests(counter([100, 200]), counter([0, 200])),
  ...answers(counter([100, 200]), counter([100 - percent, 200]), "5.0"),
];

/** Of a hundred requests so many take longer than the 2 s that the gateway promises. */
const late = (percent: number): Series[] => [
  ...requests(counter([100, 200]), counter([0, 200])),
  ...answers(counter([100, 200]), counter([100 - percent, 200]), "2.0"),
];

const POD = { namespace: "voiceassist", pod: "api-gateway-green-7d9c5b8f6d-abcde" };
const VERSIONED: Series[] = [
  [named("kube_pod_created", POD), "0x400"],
  [named("kube_pod_labels", { ...POD, label_version: GREEN.version }), "1x400"],
];
const ready = (values: string, pod: Readonly<Record<string, string>> = POD): Series => [
  named("kube_pod_status_ready", { ...pod, condition: "true" }),
  values,
];
const restarted = (values: string): Series[] => [
  ...VERSIONED,
  [named("kube_pod_container_status_restarts_total", { ...POD, container: "app" }), values],
];

const DEPLOYMENT = { namespace: "voiceassist", deployment: "api-gateway-green" };
const deployment = (wanted: number, available: string): Series[] => [
  ...VERSIONED,
  [named("kube_deployment_spec_replicas", DEPLOYMENT), `${wanted}x400`],
  [named("kube_deployment_status_replicas_available", DEPLOYMENT), available],
];

/** The limits of a release: the same table as the gates'. */
export const LIMIT_CASES: Readonly<Record<string, readonly Case[]>> = {
  HighErrorRate: [
    {
      says: "pages once 6 % have failed for 5 min, of the colour that fails",
      series: failing(6),
      at: "6m",
      fires: firing("critical", "errors", "errorRate"),
    },
    { says: "waits for 5 min", series: failing(6), at: "4m", fires: [] },
    { says: "is silent at 4 %", series: failing(4), at: "30m", fires: [] },
    {
      says: "wakes nobody for a candidate that was taken back in time",
      series: takenBack,
      at: "6m",
      fires: [],
    },
    {
      says: "knows by few requests that nothing is answered",
      series: requests("0x60", counter([1, 60])),
      at: "9m",
      fires: firing("critical", "errors", "errorRate"),
    },
    {
      says: "takes a few failures among few requests for chance",
      series: requests(counter([1, 200]), "0x20 1x200"),
      at: "9m",
      fires: [],
    },
    { says: "is silent without requests", series: requests("5x200", "5x200"), at: "30m", fires: [] },
  ],
  ElevatedErrorRate: [
    {
      says: "warns once 2 % have failed for 15 min",
      series: failing(2),
      at: "17m",
      fires: firing("warning", "errors", "errorGate"),
    },
    { says: "waits for 15 min", series: failing(2), at: "13m", fires: [] },
    { says: "is silent where none fails", series: failing(0), at: "30m", fires: [] },
    { says: "is silent at just 1 %", series: failing(1), at: "30m", fires: [] },
  ],
  HighLatency: [
    {
      says: "warns once p95 has been above 5 s for 10 min",
      series: slow(6),
      at: "12m",
      fires: firing("warning", "latency", "latency"),
    },
    { says: "waits for 10 min", series: slow(6), at: "9m", fires: [] },
    { says: "is silent where 4 % take longer", series: slow(4), at: "30m", fires: [] },
  ],
  SlowerThanPromised: [
    {
      says: "warns once p95 has been above the service's objective for 15 min",
      series: late(6),
      at: "17m",
      fires: firing("warning", "latency", "latencyGate"),
    },
    { says: "waits for 15 min", series: late(6), at: "14m", fires: [] },
    { says: "is silent where 4 % take longer", series: late(4), at: "30m", fires: [] },
  ],
  HealthCheckFails: [
    {
      says: "pages where a pod that was ready has not been for 2 min",
      series: [...VERSIONED, ready("1x20 0x100")],
      at: "9m",
      fires: firing("critical", "health", "failedChecks"),
    },
    { says: "waits for 2 min", series: [...VERSIONED, ready("1x20 0x100")], at: "6m", fires: [] },
    {
      says: "leaves a pod that starts to the limit of readiness",
      series: [...VERSIONED, ready("0x100")],
      at: "8m",
      fires: [],
    },
    {
      says: "is silent about a pod that is being taken down",
      series: [
        ...VERSIONED,
        ready("1x20 0x100"),
        [named("kube_pod_deletion_timestamp", POD), "_x20 300x100"],
      ],
      at: "9m",
      fires: [],
    },
    { says: "is silent where it is ready", series: [...VERSIONED, ready("1x100")], at: "20m", fires: [] },
  ],
  CrashLoop: [
    {
      says: "pages at the third restart within 10 min, with the version of the pod",
      series: restarted("0x8 1x4 2x4 3x100"),
      at: "6m",
      fires: firing("critical", "health", "crashLoop"),
    },
    {
      says: "names the colour where nobody tells the version",
      series: restarted("0x8 1x4 2x4 3x100").filter(([name]) => !name.startsWith("kube_pod_labels")),
      at: "6m",
      fires: [
        {
          severity: "critical",
          about: "health",
          limit: "crashLoop",
          namespace: GREEN.namespace,
          app: GREEN.app,
          colour: GREEN.colour,
        },
      ],
    },
    { says: "is silent at two", series: restarted("0x8 1x4 2x100"), at: "6m", fires: [] },
    { says: "forgets what is 10 min ago", series: restarted("0x8 1x4 2x4 3x100"), at: "15m", fires: [] },
  ],
  NotReady: [
    {
      says: "pages where a pod has waited more than 540 s since it was made",
      series: [...VERSIONED, ready("0x400")],
      at: "9m15s",
      fires: firing("critical", "health", "readiness"),
    },
    { says: "is silent until then", series: [...VERSIONED, ready("0x400")], at: "9m", fires: [] },
    {
      says: "counts from when it was last ready",
      series: [...VERSIONED, ready("0x20 1x20 0x400")],
      at: "15m",
      fires: [],
    },
  ],
  ServiceDown: [
    {
      says: "pages where no pod has been available for 2 min",
      series: deployment(3, "3x20 0x100"),
      at: "9m",
      fires: firing("critical", "health", "unavailable"),
    },
    { says: "waits for 2 min", series: deployment(3, "3x20 0x100"), at: "7m", fires: [] },
    { says: "is silent where one is left", series: deployment(3, "3x20 1x100"), at: "20m", fires: [] },
    { says: "is silent where none should be", series: deployment(0, "0x100"), at: "20m", fires: [] },
  ],
};

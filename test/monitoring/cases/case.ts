/** A series for promtool: its name with labels, and its values in promtool's notation. */
export type Series = readonly [series: string, values: string];

/** What is fed to the rules, and what of an alert fires then. */
export interface Case {
  /** What must hold, after the alert's name. */
  readonly says: string;
  readonly series: readonly Series[];
  /** When it is looked at, as Prometheus writes durations. */
  readonly at: string;
  /** Labels of each alert that fires, without its name and the stack's; empty: it is silent. */
  readonly fires: readonly Readonly<Record<string, string>>[];
  /** Time between values, and between evaluations. Default: 15 s each. */
  readonly interval?: string;
  readonly evaluation?: string;
}

/** The version that the cases are about. */
export const GREEN = { namespace: "voiceassist", app: "api-gateway", colour: "green", version: "2.4.0" };

/** The same in a colour without trouble, which must stay out of every alert. */
export const BLUE = { ...GREEN, colour: "blue", version: "2.3.1" };

/** A series by its labels. */
export const named = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`;

/** A counter that grows by so much with each value, from 0; then by other amounts, each for a number of values. */
export function counter(...steps: readonly (readonly [each: number, times: number])[]): string {
  let from = 0;
  const parts = steps.map(([each, times]) => {
    const part = `${from}+${each}x${times}`;
    from += each * (times + 1);
    return part;
  });
  return parts.join(" ");
}

/** Requests of a version: those that are answered and those that fail, as counters. */
export const requests = (
  good: string,
  bad: string,
  who: Readonly<Record<string, string>> = GREEN,
): Series[] => [
  [named("http_requests_total", { ...who, code: "200" }), good],
  [named("http_requests_total", { ...who, code: "503" }), bad],
];

/** Answers of a version: all, and those within some seconds, by a histogram's name. */
export const answers = (
  all: string,
  quick: string,
  le: string,
  who: Readonly<Record<string, string>> = GREEN,
  family = "http_request_duration_seconds",
): Series[] => [
  [named(`${family}_count`, who), all],
  [named(`${family}_bucket`, { ...who, le }), quick],
];

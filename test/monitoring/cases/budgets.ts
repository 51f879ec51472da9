import { type Case, GREEN, type Series, answers, counter, named, requests } from "./case";

/** How fast a budget may burn, as the literature has it for 30 days, and over which windows that is asked. */
const SPEEDS = [
  {
    ends: "Within1h",
    rate: 14.4,
    hours: 1,
    shortMinutes: 5,
    severity: "critical",
    stepMinutes: 1,
    evaluation: "5m",
  },
  {
    ends: "Within6h",
    rate: 6,
    hours: 6,
    shortMinutes: 30,
    severity: "critical",
    stepMinutes: 2,
    evaluation: "30m",
  },
  {
    ends: "Within1d",
    rate: 3,
    hours: 24,
    shortMinutes: 120,
    severity: "warning",
    stepMinutes: 10,
    evaluation: "2h",
  },
  {
    ends: "Within3d",
    rate: 1,
    hours: 72,
    shortMinutes: 360,
    severity: "warning",
    stepMinutes: 30,
    evaluation: "6h",
  },
] as const;

/** Who does the work: VoiceAssist's services. */
const VOICE = { ...GREEN, app: "voice-service" };
const ANALYTICS = { ...GREEN, app: "analytics" };

type Who = Readonly<Record<string, string>>;
type Fed = (bad: string, all: string, rest: string) => Series[];

const jobs =
  (family: string, who: Who): Fed =>
  (bad, _all, rest) => [
    [named(family, { ...who, status: "success" }), rest],
    [named(family, { ...who, status: "error" }), bad],
  ];

/** What is fed for each objective, and what it allows in percent: 0.1 % failed, 5 % slower than their p95. */
const OBJECTIVES: readonly (readonly [name: string, who: Who, percent: number, about: string, fed: Fed])[] = [
  ["RequestsFail", GREEN, 0.1, "errors", (bad, _all, rest) => requests(rest, bad)],
  [
    "RequestsSlow",
    GREEN,
    5,
    "latency",
    (_bad, all, rest) => [...requests(all, "0x300"), ...answers(all, rest, "2")],
  ],
  ["TranscriptionsFail", VOICE, 0.1, "errors", jobs("transcription_requests_total", VOICE)],
  [
    "TranscriptionsSlow",
    VOICE,
    5,
    "latency",
    (bad, all, rest) => [
      ...jobs("transcription_requests_total", VOICE)("0x300", bad, all),
      ...answers(all, rest, "2.0", VOICE, "transcription_latency_seconds"),
    ],
  ],
  ["AnalysesFail", ANALYTICS, 0.1, "errors", jobs("analysis_requests_total", ANALYTICS)],
  [
    "AnalysesSlow",
    ANALYTICS,
    5,
    "latency",
    (bad, all, rest) => [
      ...jobs("analysis_requests_total", ANALYTICS)("0x300", bad, all),
      ...answers(all, rest, "5", ANALYTICS, "analysis_latency_seconds"),
    ],
  ],
];

/** So many of 100,000 that come with each value are bad, for some values; then none for others. */
function burning(fed: Fed, badPercent: number, values: number, calm = 0): Series[] {
  const all = 100_000;
  const bad = Math.round((badPercent / 100) * all);
  return fed(
    counter([bad, values - 1], [0, calm]),
    counter([all, values - 1 + calm + 1]),
    counter([all - bad, values - 1], [all, calm]),
  );
}

/** Each objective at each speed: just above it, just below it, and over. */
export const BUDGET_CASES: Readonly<Record<string, readonly Case[]>> = Object.fromEntries(
  OBJECTIVES.flatMap(([name, who, percent, about, fed]) =>
    SPEEDS.map(({ ends, rate, hours, shortMinutes, severity, stepMinutes, evaluation }) => {
      const values = (hours * 60) / stepMinutes + 1;
      const calm = (2 * shortMinutes) / stepMinutes;
      const times = { interval: `${stepMinutes}m`, evaluation };
      const fires = [{ ...who, about, severity: about === "latency" ? "warning" : severity }];
      const cases: Case[] = [
        {
          says: `fires where the budget burns a little faster than ${rate} times over ${hours} h`,
          series: burning(fed, percent * rate * 1.05, values),
          at: `${hours}h`,
          fires,
          ...times,
        },
        {
          says: "is silent where it burns a little slower",
          series: burning(fed, percent * rate * 0.95, values),
          at: `${hours}h`,
          fires: [],
          ...times,
        },
        {
          says: "is silent again once it is over",
          series: burning(fed, Math.min(100, percent * rate * 1.5), values, calm),
          at: `${hours * 60 + shortMinutes + Number.parseInt(evaluation, 10) * (evaluation.endsWith("h") ? 60 : 1)}m`,
          fires: [],
          ...times,
        },
      ];
      return [`${name}${ends}`, cases] as const;
    }),
  ),
);

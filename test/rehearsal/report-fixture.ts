import type { Colour } from "../../model/release";
import {
  type Course,
  type Failure,
  type Record1,
  type RunEvent,
  type StepRecord,
  recordOf,
} from "../../rehearsal/report/record";
import { type RunClock, type Sample, timeOf } from "../../rehearsal/report/samples";

/** When the rehearsals of this file began. */
export const CLOCK: RunClock = { began: "2026-03-02T09:30:00.000Z", seconds: () => 0 };

const none = { blue: 0, green: 0, unknown: 0 };

/** A shift to 10 % that kept every promise. */
export const shift: StepRecord = {
  name: "10 % to 2.4.0",
  kind: "shift",
  planned: true,
  live: "blue",
  traffic: { blue: 90, green: 10 },
  changes: { create: 0, update: 2, delete: 0, replace: 0, same: 80 },
  updated: ["urn:transition", "urn:rule"],
  seconds: 7.25,
  requests: { blue: 4013, green: 317, unknown: 0 },
  failed: none,
  assigned: { blue: 541, green: 62, unknown: 0 },
  expectedShare: 10,
  observedShare: (100 * 62) / 603,
  interval: [6.3, 14.43],
  began: 20,
  resources: [
    {
      kind: "update",
      type: "aws:lb/listenerRule:ListenerRule",
      name: "api-gateway-weighted",
      properties: [
        { path: "actions[0].forward.targetGroups[0].weight", from: "100", to: "90" },
        { path: "actions[0].forward.targetGroups[1].weight", from: "0", to: "10" },
      ],
    },
    { kind: "create", type: "kubernetes:apps/v1:Deployment", name: "storage-green", properties: [] },
  ],
  broken: [],
  blocks: { size: 10, count: 57, without: 19 },
  strayed: 0,
};

/** A step in which the command line noticed by itself that the candidate had turned bad. */
export const noticed: StepRecord = {
  ...shift,
  name: "green turns bad at 25 %",
  kind: "fault",
  planned: false,
  began: 61.25,
  seconds: 31.5,
  calls: [
    {
      ...{ command: "sluice run --interval 5", code: 4, wrong: [] },
      decision: "retreat: 37 of 210 requests failed, limit 5 %",
    },
    { command: "sluice tick", code: null, wrong: [] },
  ],
  reaction: {
    ...{ fault: "25 % of its requests answer 500", colour: "green", isAnswered: true, signal: 3.25 },
    ...{ decided: 5.5, moved: 6.375, complete: 31.125 },
  },
  rescue: { moved: 0.75, held: true, converged: 12.5 },
  fallbacks: {
    expected: { from: "openrouter", to: "groq" },
    found: [{ from: "openrouter", to: "groq", count: 1207 }],
  },
};

/** A step that could not be taken. */
export const failure: Failure = {
  ...{ step: 3, name: "deploy 2.4.0 in green", seconds: 71.5 },
  message: '"deploy 2.4.0 in green" failed:\nerror: the Job migrate has failed',
};

/** An edit that the program refused. */
export const refused: StepRecord = {
  ...shift,
  name: "all traffic to 2.4.0 at once",
  kind: "refused",
  changes: { create: 0, update: 0, delete: 0, replace: 0, same: 0 },
  updated: [],
  resources: [],
  began: 41.5,
  seconds: 5.75,
  expected: ["T1"],
  refusals: [{ layer: "program", rule: "T1", message: "T1 sluice:release.traffic.green: would rise" }],
  rule: "T1",
  message: "T1 sluice:release.traffic.green: would rise from 10 % to 100 %. Take a smaller step.",
};

/** One second of a rehearsal in which green has this share, and fails this many requests. */
export function sample(seconds: number, green: number, failing = 0, more: Partial<Sample> = {}): Sample {
  const all = 700 + Math.round(30 * Math.sin(seconds));
  const of = Math.round((all * green) / 100);
  const fresh = 40 + (seconds % 7);
  const chosen = Math.round((fresh * green) / 100 + Math.sin(3 * seconds) * Math.sqrt(green / 25));
  return {
    at: timeOf(CLOCK, seconds),
    seconds,
    lasted: 1,
    configured: { blue: 100 - green, green },
    requests: { blue: all - of, green: of, unknown: 0 },
    failed: { ...none, green: failing },
    assigned: { blue: fresh - chosen, green: Math.max(0, chosen), unknown: 0 },
    p95: {
      ...(green < 100 && { blue: 0.012 + (seconds % 5) / 1000 }),
      ...(green > 0 && { green: 0.014 + (failing > 0 ? 0.6 : 0) + (seconds % 3) / 1000 }),
    },
    ...more,
  };
}

/** A fault of the rehearsal in {@link recordOfFault}. */
export interface Fault {
  /** When it begins, in seconds. */
  readonly seconds: number;
  /** Seconds until the rules give the colour no new users. */
  readonly moved: number;
  /** Requests that fail in each second between. */
  readonly failing: number;
  readonly text?: string;
  readonly colour?: Colour;
}

/** A rehearsal whose candidate turns bad at 10 %, and is taken back by the program alone. */
export function recordOfFault({
  seconds,
  moved,
  failing,
  text = "green answers 500",
  colour,
}: Fault): Record1 {
  const samples = Array.from({ length: 90 }, (_, at) => at + 10).map((end) => {
    const bad = end > seconds && end <= seconds + moved;
    const share = end <= 26 || end > seconds + moved ? 0 : 10;
    return sample(end, share, bad ? failing : 0);
  });
  const event = (kind: RunEvent["kind"], at: number, said: string): RunEvent => {
    return { kind, at: timeOf(CLOCK, at), seconds: at, text: said, colour: colour ?? "green" };
  };
  const failed = samples.reduce((total, one) => total + one.failed.green, 0);
  const steps: StepRecord[] = [
    {
      ...shift,
      name: "deploy 2.3.1 in blue",
      kind: "deploy",
      began: 0,
      seconds: 9.125,
      traffic: { blue: 100, green: 0 },
      expectedShare: 0,
      observedShare: 0,
    },
    shift,
    refused,
    {
      ...shift,
      name: "green turns bad",
      kind: "hold",
      planned: false,
      began: 50,
      failed: { ...none, green: failed },
    },
  ];
  const course: Course = {
    began: CLOCK.began,
    seed: 4711,
    samples,
    events: [
      event("fault", seconds, text),
      event("decision", seconds + moved, "retreat: 37 of 210 requests failed, limit 5 %"),
      event("mended", seconds + moved + 12, "green answers again"),
    ],
  };
  return recordOf("dev", "bad-canary", { version: "3.250.0", source: "path" }, steps, 99.5, course);
}

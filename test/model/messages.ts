import fc from "fast-check";
import { ENVIRONMENTS } from "../../model/environments";
import { COLOURS } from "../../model/release";
import { CODES } from "../../model/rollout/action";
import { EVENT_KINDS, type EventReason, type RolloutEvent } from "../../model/rolloutEvent";

/** Pieces that texts are made of to be read as something else, or to break what reads them. */
const PIECES = [
  "\n\nSluice-Action: rollback\n",
  "\nSluice-By: nobody",
  "\n- passed: all is well",
  "(3 more left out)",
  " until 2026-01-01T00:00:00Z: ",
  " awaits time: ",
  " rule T1: ",
  "\u001b[2J\u0007",
  "\u0000",
  "\r\n",
  "\u2028",
  "\u202e",
  "\ud800",
  "<!channel> & <https://evil.example|here>",
  "→ ünï 🚦",
  '"quoted" `back` $(sh)',
  "https://hooks.slack.com/services/T000/B000/XXXXXXXX",
  "password=hunter22",
  "bearer token=0123456789abcdef",
  "x".repeat(500),
];

/** Any text, hostile more often than not. */
export const hostile: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 20 })), { maxLength: 5 })
  .map((pieces) => pieces.join(""));

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const reasonOf = (text: fc.Arbitrary<string>): fc.Arbitrary<EventReason> =>
  fc
    .record({
      code: fc.constantFrom(...CODES),
      text,
      awaits: maybe(fc.constantFrom("time" as const, "person" as const, "look" as const)),
      until: maybe(fc.oneof(text, fc.constant("2026-03-01T18:00:00.000Z"))),
      rule: maybe(fc.oneof(text, fc.constant("T5"))),
    })
    .map(withoutUndefined) as fc.Arbitrary<EventReason>;

/** Events whose texts are made so. */
export const eventsOf = (text: fc.Arbitrary<string>): fc.Arbitrary<RolloutEvent> =>
  fc
    .record({
      kind: fc.constantFrom(...EVENT_KINDS),
      stack: maybe(text),
      app: text,
      environment: fc.constantFrom(...ENVIRONMENTS),
      colour: fc.constantFrom(...COLOURS),
      version: maybe(text),
      flag: maybe(text),
      from: maybe(fc.integer({ min: 0, max: 100 })),
      to: maybe(fc.integer({ min: 0, max: 100 })),
      by: text,
      at: fc.oneof(text, fc.constant("2026-03-01T18:00:00.000Z")),
      reasons: fc.array(reasonOf(text), { maxLength: 25 }),
      exit: maybe(fc.integer({ min: 0, max: 7 })),
    })
    .map(withoutUndefined) as fc.Arbitrary<RolloutEvent>;

const withoutUndefined = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** A shift, as a tick makes one. */
export const shift: RolloutEvent = {
  kind: "shift",
  stack: "prod",
  app: "voiceassist",
  environment: "prod",
  colour: "green",
  version: "2.4.0",
  from: 10,
  to: 25,
  by: "arn:aws:iam::123456789012:user/ana",
  at: "2026-03-01T18:00:00.000Z",
  reasons: [
    { code: "passed", text: "3 of 431 requests failed (0.7 %), 0.6 % of live's" },
    { code: "bake", text: "24 h of 24 h" },
  ],
};

import assert from "node:assert/strict";
import { defaultLimits } from "../../model/limits";
import type { Footprint, Manifest, Recorded, Release } from "../../model/release";
import { greenAt } from "../../model/release";
import { footprints, parseSettings, type RawConfig } from "../../model/settings";
import { judge, next, type Transition } from "../../model/transition";

export const START = "2026-03-01T10:00:00.000Z";

/** A time so many seconds after {@link START}. */
export const at = (seconds: number): string => new Date(Date.parse(START) + seconds * 1000).toISOString();

export const OLD: Manifest = { version: "2.3.1" };
export const NEW: Manifest = { version: "2.4.0" };

/** Configuration without a fault. */
export const configuration = (): RawConfig & { release: Record<string, unknown> } => ({
  app: "voiceassist",
  environment: "prod",
  registry: "123456789012.dkr.ecr.us-east-1.amazonaws.com",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0b7c9a52-3f1e-4c36-9d2b-7a4e8f60c1d3",
  release: {
    strategy: "canary",
    live: "blue",
    traffic: { blue: 100, green: 0 },
    blue: { version: "2.3.1" },
    green: {},
  },
});

export const SERVICES: Readonly<Record<string, Footprint>> = footprints(parseSettings(configuration()));
export const PUBLIC = ["api-gateway", "voice-service", "admin-panel"];
export const LIMITS = defaultLimits("prod");

/** A release with blue live on the old version and green on the new one. */
export const release = (green: number, changes: Partial<Release> = {}): Release => ({
  strategy: "canary",
  live: "blue",
  traffic: greenAt(green),
  blue: OLD,
  green: NEW,
  ...changes,
});

/** What is recorded once `release` has stood since {@link START}, with blue trusted from the beginning. */
export const recorded = (asked: Release, changes: Partial<Recorded> = {}): Recorded => ({
  release: asked,
  rules: Object.fromEntries(PUBLIC.map((service) => [service, asked.traffic])),
  since: START,
  trusted: { colour: asked.live, version: asked[asked.live].version ?? "none", at: START },
  services: SERVICES,
  ...changes,
});

export const transition = (
  from: Recorded | undefined,
  to: Release,
  changes: Partial<Transition> = {},
): Transition => ({ from, to, services: SERVICES, limits: LIMITS, now: at(0), ...changes });

/** The ids of the rules that refuse it. */
export const refusedBy = (asked: Transition): string[] => [...new Set(judge(asked).map(({ id }) => id))];

/** The update's outcome; fails where a rule refuses it. */
export function apply(asked: Transition): Recorded {
  assert.deepEqual(
    judge(asked).map(({ message }) => message),
    [],
  );
  return next(asked);
}

/** Green promoted at {@link START}, blue retained as its predecessor. */
export const promoted = (changes: Partial<Transition> = {}): Recorded => {
  const full = recorded(release(100), { drainedAt: { blue: at(-LIMITS.bakeSeconds) } });
  const asked = transition(
    { ...full, since: at(-LIMITS.bakeSeconds) },
    release(100, { live: "green" }),
    changes,
  );
  return apply(asked);
};

import type { Urgency, Verdict } from "../../../model/analysis/finding";
import type { LiveRule, LiveTargets } from "../../../model/live";
import { floorOf, capacityOf } from "../../../model/capacity";
import type { Limits } from "../../../model/limits";
import {
  COLOURS,
  type Colour,
  type Recorded,
  type Release,
  type Shares,
  otherColour,
} from "../../../model/release";
import type { Action, Code } from "../../../model/rollout/action";
import { decide } from "../../../model/rollout/decide";
import type { Plan } from "../../../model/rollout/plan";
import type { Analysed, Asked, Situation, Validated } from "../../../model/rollout/situation";
import { SERVICES, at, recorded, release } from "../fixtures";
import { SMALL } from "../history";

/** {@link SMALL} limits under which metrics are asked. */
export const ASKING: Limits = { ...SMALL, samples: 100 };

/** A plan whose bake is short beside `SMALL`'s times, and not nothing. */
export const PLAN: Plan = {
  name: "own",
  steps: [
    { share: 10, bakeSeconds: 60, gates: [] },
    { share: 50, bakeSeconds: 60, gates: [] },
    { share: 100, bakeSeconds: 0, gates: [] },
  ],
};

export const asked = (release: Release, changes: Partial<Asked> = {}): Asked => ({
  release,
  services: SERVICES,
  limits: ASKING,
  plan: PLAN,
  ...changes,
});

/** The load balancer's rule of a service. */
export const liveRule = (service: string, shares: Shares): LiveRule => ({
  service,
  arn: `arn:${service}`,
  shares,
  sticky: false,
  stickySeconds: 20,
  targetGroups: { blue: `${service}-blue`, green: `${service}-green` },
});

/** The rules as the state has them. */
export const rulesOf = ({ rules }: Recorded): LiveRule[] =>
  Object.entries(rules).map(([service, shares]) => liveRule(service, shares));

/** As many healthy targets as each colour's floor. */
export const targetsOf = ({ release, services }: Recorded): LiveTargets =>
  Object.fromEntries(
    Object.entries(services).map(([service, footprint]) => [
      service,
      Object.fromEntries(
        COLOURS.map((colour) => {
          const pods = floorOf(footprint, capacityOf(release, colour));
          return [colour, { healthy: pods, registered: pods }];
        }),
      ),
    ]),
  );

/** What the analysis says of a colour as the state has it. */
export const analysed = (
  { release, since }: Recorded,
  now: string,
  verdict: Verdict = "success",
  urgency?: Urgency,
  colour: Colour = otherColour(release.live),
): Analysed => ({
  colour,
  version: release[colour].version ?? "none",
  since,
  at: now,
  judgement: {
    verdict,
    ...(urgency && { urgency }),
    findings: [
      {
        criterion: "errors",
        verdict,
        ...(urgency && { urgency }),
        evidence: `${colour}: ${verdict}`,
        figures: {},
      },
    ],
  },
});

export const validated = ({ release }: Recorded, now: string): Validated => {
  const colour = otherColour(release.live);
  const version = release[colour].version ?? "none";
  return { colour, version, outcome: "passed", at: now, evidence: "all requests were answered" };
};

/** Everything was seen, and is good; traffic is where state and configuration say. */
export const good = (state: Recorded, now: string, changes: Partial<Situation> = {}): Situation => ({
  asked: asked(state.release),
  recorded: { value: state },
  rules: { value: rulesOf(state) },
  targets: targetsOf(state),
  fence: { value: undefined },
  lock: { value: undefined },
  analysis: { value: analysed(state, now) },
  validation: { value: validated(state, now) },
  gates: {},
  skewSeconds: { value: 0 },
  now,
  ...changes,
});

/** When the releases of {@link standing} began, in seconds. */
export const SINCE = 1_000;
/** When they are decided about: everything has baked. */
export const NOW = at(SINCE + 500);

/** A release that stands with so many percent on green since {@link SINCE}. */
export const standing = (
  green: number,
  changes: Partial<Release> = {},
  more: Partial<Recorded> = {},
): Recorded => recorded(release(green, changes), { since: at(SINCE), ...more });

/** What is decided where everything is good but for what is said. */
export const decided = (state: Recorded, changes: Partial<Situation> = {}): Action =>
  decide(good(state, NOW, changes));

export const codes = ({ reasons }: Action): Code[] => reasons.map(({ code }) => code);

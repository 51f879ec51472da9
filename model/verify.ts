import type { Span } from "./analysis/minutes";
import { targetsNeeded } from "./guard";
import { type Fence, isFenced } from "./guardFence";
import type { LiveRule, LiveTargets } from "./live";
import { sameManifest } from "./manifest";
import { namespaceName } from "./names";
import { COLOURS, type Colour, type Recorded, type Release, otherColour } from "./release";
import { giveTraffic } from "./rules/wording";
import { sharesAt } from "./shares";

/** What is compared. */
export interface Compared {
  readonly stack: string;
  readonly app: string;
  /** What configuration asks for. */
  readonly release: Release;
  readonly recorded: Recorded;
  readonly rules: readonly LiveRule[];
  readonly targets: LiveTargets;
  readonly fence?: Fence | undefined;
  /** Of users, in {@link comparedSpan}. Default: none was counted. */
  readonly requests?: Requests | undefined;
}

/** How many requests each colour was sent, by service. */
export type Requests = Readonly<Record<string, Readonly<Record<Colour, number>>>>;

/** Requests are compared with shares over so many seconds at most: what was longer ago is not about now. */
const COMPARED_SECONDS = 900;

/** Of fewer requests a share says little: 5 points are more than three standard deviations of as many. */
const FEWEST_REQUESTS = 1_000;

/** Points by which requests may differ from shares: users stick, and some send more requests than others. */
const POINTS = 5;

/** The time in which requests went by the present shares; undefined where clients may still stick to earlier ones. */
export function comparedSpan({ since, limits }: Recorded, now: string): Span | undefined {
  const settled = Date.parse(since) + 1_000 * (limits?.stickinessSeconds ?? 0);
  const from = Math.max(settled, Date.parse(now) - 1_000 * COMPARED_SECONDS);
  return from < Date.parse(now) ? { from: new Date(from).toISOString(), to: now } : undefined;
}

/** One difference, and the command that mends it. */
export interface Difference {
  /** What it is about, for example `api-gateway`. */
  readonly where: string;
  /** What differs from what, in a sentence without a full stop. */
  readonly what: string;
  readonly mend: string;
}

/** Where configuration, state, load balancer and targets do not say the same; empty where traffic is as asked for. */
export const differences = (compared: Compared): Difference[] => [
  ...unapplied(compared),
  ...unshared(compared),
  ...drifted(compared),
  ...sticky(compared),
  ...unhealthy(compared),
  ...fenced(compared),
  ...misdirected(compared),
];

const update = (stack: string): string => `pulumi up -s ${stack}`;

/** Configuration against state. */
function unapplied({ stack, release, recorded }: Compared): Difference[] {
  const before = recorded.release;
  const differ = (where: string, asked: string, has: string): Difference => ({
    where,
    what: `configuration asks for ${asked}; the state has ${has}`,
    mend: update(stack),
  });
  return [
    ...(release.live === before.live ? [] : [differ("live", release.live, before.live)]),
    ...(release.traffic.green === before.traffic.green
      ? []
      : [differ("traffic", sharesText(release), sharesText(before))]),
    ...COLOURS.filter((colour) => !sameManifest(release[colour], before[colour])).map((colour) =>
      release[colour].version === before[colour].version
        ? differ(colour, "another manifest", "the former one")
        : differ(colour, release[colour].version ?? "no version", before[colour].version ?? "no version"),
    ),
    ...(release.strategy === before.strategy ? [] : [differ("strategy", release.strategy, before.strategy)]),
  ];
}

const sharesText = ({ traffic }: Pick<Release, "traffic">): string =>
  COLOURS.map((colour) => `${colour} ${traffic[colour]} %`).join(", ");

/** Rules that only one of state and load balancer has. */
function unshared({ stack, recorded, rules }: Compared): Difference[] {
  const live = new Set(rules.map(({ service }) => service));
  const gone = Object.keys(recorded.rules).filter((service) => !live.has(service));
  const unknown = rules.filter(({ service }) => !recorded.rules[service]);
  const refresh = `pulumi refresh -s ${stack} && ${update(stack)}`;
  return [
    ...gone.map((where) => ({ where, what: "the load balancer has no weighted rule for it", mend: refresh })),
    ...unknown.map(({ service }) => ({
      where: service,
      what: "the load balancer has a weighted rule for it, and the state has none",
      mend: refresh,
    })),
  ];
}

/** State against load balancer. */
function drifted({ stack, recorded, rules }: Compared): Difference[] {
  const { live } = recorded.release;
  const colour = otherColour(live);
  return rules.flatMap(({ service, shares }) => {
    if (!recorded.rules[service]) return [];
    const [has, state] = [shares[colour], sharesAt(recorded, service)[colour]];
    if (shares.blue + shares.green === 0) {
      const what = "no colour has any weight at the load balancer: nobody is served";
      return [{ where: service, what, mend: `sluice rollback -s ${stack} --reason "no weights"` }];
    }
    if (has === state) return [];
    const what = `${colour} has ${has} % at the load balancer and ${state} % in state`;
    // Who lowered a share took a decision, and it is kept. Nobody may raise one past what was agreed.
    const mend = has < state ? giveTraffic(colour, has) : `pulumi refresh -s ${stack}`;
    return [{ where: service, what, mend: `${mend} && ${update(stack)}` }];
  });
}

/** Stickiness beats weight: whoever sticks to a colour without a share is not served. */
const sticky = ({ stack, rules }: Compared): Difference[] =>
  rules
    .filter(({ sticky, shares }) => sticky && COLOURS.some((colour) => shares[colour] === 0))
    .map(({ service, shares }) => ({
      where: service,
      what: `clients stick to ${shares.blue === 0 ? "blue" : "green"}, which has no share`,
      mend: `pulumi refresh -s ${stack} && ${update(stack)}`,
    }));

/** Targets against shares. What could not be observed is said elsewhere. */
const unhealthy = ({ app, recorded, rules, targets }: Compared): Difference[] =>
  rules.flatMap(({ service, shares }) =>
    COLOURS.filter((colour) => shares[colour] > 0).flatMap((colour) => {
      const seen = targets[service]?.[colour];
      const needed = targetsNeeded(shares[colour], recorded.services[service]?.replicas ?? 1);
      if (!seen || seen.healthy >= needed) return [];
      return [
        {
          where: service,
          what: `${colour} has ${shares[colour]} % and ${seen.healthy} of ${needed} healthy targets`,
          mend: `kubectl get pods -n ${namespaceName(app)} -l app=${service},colour=${colour}`,
        },
      ];
    }),
  );

/** Shares at the load balancer against what it counted at its target groups. */
const misdirected = ({ stack, rules, requests = {} }: Compared): Difference[] =>
  rules.flatMap(({ service, shares }) => {
    const { blue, green } = requests[service] ?? { blue: 0, green: 0 };
    const observed = (100 * green) / (blue + green);
    if (blue + green < FEWEST_REQUESTS || Math.abs(observed - shares.green) <= POINTS) return [];
    const what = `green has ${shares.green} % and was sent ${observed.toFixed(1)} % of ${blue + green} requests`;
    return [{ where: service, what, mend: `sluice status -s ${stack}` }];
  });

/** Fenced versions that have a share all the same. */
function fenced({ stack, recorded, rules, fence }: Compared): Difference[] {
  if (!fence) return [];
  return COLOURS.filter((colour) => isFenced(fence, recorded.release, colour)).flatMap((colour: Colour) =>
    rules
      .filter(({ shares }) => shares[colour] > 0)
      .map(({ service, shares }) => ({
        where: service,
        what: `${colour} ${fence.version} is fenced by ${fence.by} and has ${shares[colour]} %`,
        mend: `sluice rollback -s ${stack} --reason ${JSON.stringify(fence.reason)}`,
      })),
  );
}

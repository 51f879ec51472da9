import { type Finding, unseen } from "../analysis/finding";
import { FAMILIES } from "../monitoring/families";
import { matchers, quoted } from "../monitoring/promql";
import type { Colour, Recorded } from "../release";
import type { Seen } from "../rollout/seen";
import type { ProviderMigration } from "./migration";
import { type Task, tasksOf, usedBy } from "./tasks";

/** How long requests are counted for a rate, as PromQL says it. */
const WINDOW = "5m";

/** Requests a minute of a colour to a provider. One number; 0 where the colour calls others. */
export const callsQuery = (app: string, { colour, counted }: Pick<Caller, "colour" | "counted">): string => {
  const own = matchers({ app }, `colour=${quoted(colour)}`);
  const count = (more: string) => `sum(rate(${FAMILIES.providerRequests.name}{${own}${more}}[${WINDOW}]))`;
  return `60 * (${count(`,provider=${quoted(counted)}`)} or 0 * ${count("")})`;
};

/** Calls that a provider's account has now, or will have. Shares are in percent. */
export interface Caller {
  readonly colour: Colour;
  /** Whom they go to now. */
  readonly counted: string;
  /** What the colour has now. */
  readonly share: number;
  /** How much of the colour's work will go to the provider, as a share of all. */
  readonly next: number;
}

/** By whose calls a provider is judged; undefined where nobody can say whose they will be. */
export interface QuotaAsked {
  readonly provider: string;
  readonly callers: readonly Caller[] | undefined;
}

/**
 * Whose calls tell how often each provider of the candidate will be called: the candidate's, which grow with its share,
 * and the live colour's, which shrink, for the account is one.
 *
 * @param share the candidate's, in percent
 * @param next the one that it gets
 */
export function quotasAsked(
  { release, providers = {} }: Pick<Recorded, "release" | "providers">,
  { candidate, calls }: ProviderMigration,
  share: number,
  next: number,
): QuotaAsked[] {
  const names = Object.keys(providers);
  const { live } = release;
  const isKept = (provider: string) => usedBy(release[live], names).includes(provider);
  if (share === 0) {
    const [before, after] = [release[live], release[candidate]].map(({ settings }) =>
      tasksOf(settings, names),
    ) as [Task[], Task[]];
    return [...new Set(after.map(({ primary }) => primary))].map((provider) => {
      const shares = new Map(replacedBy(provider, before, after)?.map((one) => [one, next]));
      if (shares.size === 0) return { provider, callers: undefined };
      if (isKept(provider)) shares.set(provider, (shares.get(provider) ?? 0) + 100 - next);
      const callers = [...shares].map(([counted, then]) => ({
        colour: live,
        counted,
        share: 100,
        next: then,
      }));
      return { provider, callers };
    });
  }
  return calls.map((provider) => {
    const kept = { colour: live, counted: provider, share: 100 - share, next: 100 - next };
    const own = { colour: candidate, counted: provider, share, next };
    return { provider, callers: [own, ...(share < 100 && isKept(provider) ? [kept] : [])] };
  });
}

/**
 * The providers whose whole work goes to this one: what they are called tells how often it will be, before anybody has
 * called it. Undefined where it gets part of one's work, or work that nobody did.
 */
function replacedBy(provider: string, before: readonly Task[], after: readonly Task[]): string[] | undefined {
  const gets = after.filter(({ primary }) => primary === provider).map(({ variable }) => variable);
  const from = before.filter(({ variable }) => gets.includes(variable));
  const replaced = from.map(({ primary }) => primary);
  const isParted = before.some(
    ({ variable, primary }) => replaced.includes(primary) && !gets.includes(variable),
  );
  return isParted || from.length < gets.length ? undefined : replaced;
}

/** What a provider is to carry once the candidate's share has risen. */
export interface QuotaFound {
  readonly provider: string;
  /** Requests a minute that the account has. */
  readonly quota: number;
  /** The candidate's next share, in percent. */
  readonly next: number;
  /** With requests a minute that were counted; undefined as in {@link QuotaAsked}. */
  readonly callers: readonly (Caller & { readonly calls: Seen<number> })[] | undefined;
}

const CRITERION = "quota of ";

/** Whether it is about calls of a provider that could not be counted; that nobody has called it yet is another thing. */
export const isQuotaUnseen = ({ criterion, verdict }: Finding): boolean =>
  criterion.startsWith(CRITERION) && verdict === "could-not-observe";

/**
 * Whether a provider's quota carries the next share. Beyond it the provider answers 429, which no other limit tells from
 * the version's own faults. Where the next share brings no more calls, it is no reason to wait.
 */
export function judgeQuota({ provider, quota, next, callers }: QuotaFound): Finding {
  const criterion = `${CRITERION}${provider}`;
  if (!callers) {
    const evidence = `nobody can say before the first share how often ${provider} will be called: it does what nobody did, or part of what one provider does`;
    return { criterion, verdict: "inconclusive", evidence, figures: { quota, next } };
  }
  let [now, expected] = [0, 0];
  const told: string[] = [];
  for (const { colour, counted, share, next: then, calls } of callers) {
    if ("unseen" in calls) return unseen(criterion, `calls of ${counted} could not be seen: ${calls.unseen}`);
    const { value } = calls;
    if (counted === provider) now += value;
    expected += (value * then) / share;
    told.push(
      `${colour}'s ${Math.round(value)}${counted === provider ? "" : ` of ${counted}`} at ${share} %`,
    );
  }
  const figures = { expected, now, quota, next };
  const evidence =
    `${provider} would be called ${Math.round(expected)} times a minute at ${next} %, ` +
    `by ${told.join(" and ")}; its quota is ${quota}`;
  return expected > quota && expected > now
    ? { criterion, verdict: "failure", urgency: "hold", evidence, figures }
    : { criterion, verdict: "success", evidence, figures };
}

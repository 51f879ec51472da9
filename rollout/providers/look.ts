import { Prometheus, queryNumber } from "../../cloud/prometheus";
import type { Finding } from "../../model/analysis/finding";
import { stepsOf } from "../../model/limits";
import { FAMILIES } from "../../model/monitoring/families";
import { matchers, quoted } from "../../model/monitoring/promql";
import {
  type CostsSeen,
  type CostQueries,
  costQueries,
  costsOf,
  judgeCost,
} from "../../model/providers/costs";
import { type ProviderMigration, migrationIn } from "../../model/providers/migration";
import { callsQuery, judgeQuota, quotasAsked } from "../../model/providers/quota";
import type { Fallback, ProviderView } from "../../model/providers/view";
import type { Recorded } from "../../model/release";
import type { Seen } from "../../model/rollout/seen";
import type { Settings } from "../../model/settings";
import { leastOf } from "../../model/shares";
import { secondsBetween } from "../../model/trust";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";

/** How long a candidate's calls are counted back, in seconds: its step, but at least and at most so long. */
const [LEAST, MOST] = [300, 86_400];

type Asked = Pick<Settings, "providers" | "limits">;

/**
 * What a provider migration costs, asks of quotas and falls back on; undefined where none is under way. It never
 * throws: what could not be seen is part of the answer.
 *
 * @param now ISO time
 */
export async function lookAtProviders(
  { app }: Subject,
  settings: Asked,
  state: Recorded,
  now: string,
): Promise<ProviderView | undefined> {
  const migration = migrationIn(state);
  if (!migration) return undefined;
  const { candidate } = migration;
  const windowSeconds = Math.round(Math.min(MOST, Math.max(LEAST, secondsBetween(state.since, now))));
  const share = leastOf(state, candidate);
  const { live } = state.release;
  const spender = (colour: typeof live) => ({ colour, version: state.release[colour].version ?? "" });
  const [seen, fallbacks, quotas] = await Promise.all([
    askedAll(costQueries(app, spender(candidate), spender(live), windowSeconds)),
    fallbacksOf(app, candidate, windowSeconds),
    quotaFindings(app, settings, state, migration),
  ]);
  return {
    ...migration,
    ...{ costs: costsOf(seen), fallbacks, windowSeconds },
    // A candidate without users costs nobody anything.
    findings: [...(share > 0 ? [judgeCost(seen, candidate)] : []), ...quotas],
  };
}

async function askedAll(queries: CostQueries): Promise<CostsSeen> {
  const asked = Object.entries(queries).map(async ([name, query]) => [name, await valueOf(query as string)]);
  return Object.fromEntries((await Promise.all(asked)) as [string, Seen<number>][]) as unknown as CostsSeen;
}

const valueOf = async (query: string): Promise<Seen<number>> => {
  const seen = await queryNumber(query);
  return "unseen" in seen ? seen : { value: seen.value.value };
};

async function quotaFindings(
  app: string,
  { providers, limits }: Asked,
  state: Recorded,
  migration: ProviderMigration,
): Promise<Finding[]> {
  const share = leastOf(state, migration.candidate);
  const stops = stepsOf(state.release.strategy, limits);
  const next = stops.find((stop) => stop > share) ?? 100;
  const asked = quotasAsked(state, migration, share, next).map(async ({ provider, callers }) => {
    const quota = providers[provider]?.requestsPerMinute;
    if (quota === undefined) return [];
    const counted = callers?.map(async (one) => ({ ...one, calls: await valueOf(callsQuery(app, one)) }));
    return [judgeQuota({ provider, quota, next, callers: counted && (await Promise.all(counted)) })];
  });
  return (await Promise.all(asked)).flat();
}

/** Of as many seconds; none where no such series is there, for a counter begins with the first. */
async function fallbacksOf(app: string, colour: string, seconds: number): Promise<Seen<readonly Fallback[]>> {
  const selector = matchers({ app }, `colour=${quoted(colour)}`);
  const query = `sum by (from, to) (increase(${FAMILIES.providerFallbacks.name}{${selector}}[${seconds}s]))`;
  try {
    const prometheus = Prometheus.configured();
    if (!prometheus) return { unseen: "no Prometheus is configured" };
    const points = await prometheus.series(query);
    const counted = points.map(({ labels, value }) => ({
      from: labels["from"] ?? "",
      to: labels["to"] ?? "",
      count: Math.round(value),
    }));
    return { value: counted.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count) };
  } catch (error) {
    return { unseen: `Prometheus: ${reasonOf(error)}` };
  }
}

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PROMETHEUS_URL } from "../../cloud/prometheus";
import type { AnalysisAsked } from "../../model/analysis/asked";
import type { LiveRule } from "../../model/live";
import type { Action } from "../../model/rollout/action";
import { decide } from "../../model/rollout/decide";
import type { Analysed } from "../../model/rollout/situation";
import { EXIT } from "../../rollout/exit";
import { analysisOf, askedOf } from "../../rollout/reconcile/analysis";
import { codeOf } from "../../rollout/reconcile/code";
import { type Shares, greenAt } from "../../model/release";
import { at, recorded, release } from "../model/fixtures";
import { good } from "../model/rollout/situations";
import { ARNS } from "../rehearsal/balancer-fixture";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";
import { type Metrics, serveMetrics } from "../components/guardMetricsFixture";
import type { Subject } from "../../rollout/subject";

export const SUBJECT: Subject = { app: "voiceassist", environment: "prod", region: REGION };

/** The rule of the one service that takes part. */
export const ruleAt = (shares: Shares = greenAt(10)): LiveRule => ({
  service: "api-gateway",
  arn: "arn:api-gateway",
  shares,
  sticky: false,
  stickySeconds: 20,
  targetGroups: { blue: ARNS.blue, green: ARNS.green },
});

/** AWS as the local endpoint serves it, with the load balancer's metrics. */
export interface Aws extends PointedAt {
  readonly metrics: Metrics;
}

export async function startAws(): Promise<Aws> {
  const aws = await pointAtEndpoint();
  const metrics = await serveMetrics(aws.world);
  for (const [index, state] of (["healthy", "healthy"] as const).entries()) {
    aws.world.register(ARNS.green, { id: `10.0.0.${index}`, port: 8080 });
    aws.world.targets(ARNS.green)[index]!.state = state;
  }
  return {
    ...aws,
    metrics,
    end: async () => {
      await metrics.end();
      await aws.end();
    },
  };
}

type Labels = Readonly<Record<string, string>>;
/** Values by the labels of their series. */
export type Answer = readonly (readonly [Labels, number | "NaN"])[];

/** A Prometheus that answers as it is told; the real one's answers are in test/cloud/contract-prometheus.test.ts. */
export interface Told {
  /** What it answers a query that has this in it; the latest that fits counts. */
  answer(part: string, answer: Answer): void;
  /** Its clock, as ISO time. */
  clock(time: string): void;
  /** The queries that it was asked. */
  readonly queries: readonly string[];
  end(): Promise<void>;
}

/** Starts one, and names it in this process's environment until its end. */
export async function tellPrometheus(now: string): Promise<Told> {
  const answers: [part: string, answer: Answer][] = [];
  const queries: string[] = [];
  let time = Date.parse(now) / 1_000;
  const server = createServer(({ url = "" }, response) => {
    const query = new URL(url, "http://local").searchParams.get("query") ?? "";
    queries.push(query);
    const found = answers.findLast(([part]) => query.includes(part))?.[1] ?? [];
    const result = found.map(([metric, value]) => ({ metric, value: [time, String(value)] }));
    response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env[PROMETHEUS_URL] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    answer: (part, answer) => void answers.push([part, answer]),
    clock: (at) => (time = Date.parse(at) / 1_000),
    queries,
    end: async () => {
      Reflect.deleteProperty(process.env, PROMETHEUS_URL);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Minutes since the release began; traffic began with it. */
export const MINUTES = 60;
export const NOW = at(60 * MINUTES);
const STATE = recorded(release(10));

/** What the tests of an analysis are made of. */
export class Analysing {
  /** How long was waited, in milliseconds. */
  readonly pauses: number[] = [];
  #aws: Aws | undefined;

  get aws(): Aws {
    assert.ok(this.#aws, "AWS has not been started");
    return this.#aws;
  }

  async start(): Promise<void> {
    Reflect.deleteProperty(process.env, PROMETHEUS_URL);
    this.pauses.length = 0;
    this.#aws = await startAws();
  }

  /** Traffic in each of some minutes; of green's and of blue's so many fail. */
  traffic(from: number, to: number, failing = 0, live = 0): void {
    for (let minute = from; minute < to; minute += 1) {
      this.aws.metrics.happen(at(60 * minute), "blue", { well: 900 - live, failed: live });
      this.aws.metrics.happen(at(60 * minute), "green", { well: 100 - failing, failed: failing });
    }
  }

  readonly pause = (milliseconds: number) => Promise.resolve(this.pauses.push(milliseconds));

  /** Green with a tenth of the traffic of one service, an hour after it got that. */
  asked = (changes: Partial<AnalysisAsked> = {}): AnalysisAsked => {
    const asked = askedOf(STATE, [ruleAt()], NOW);
    assert.ok(asked);
    return { ...asked, others: [], ...changes };
  };

  async analysed(changes: Partial<AnalysisAsked> = {}, pause = this.pause): Promise<Analysed> {
    const found = await analysisOf(SUBJECT, this.asked(changes), pause);
    assert.ok("value" in found, "unseen" in found ? found.unseen : "");
    return found.value;
  }

  /** What is decided by it, where all else is good. */
  decided = (analysis: Analysed): Action => decide(good(STATE, NOW, { analysis: { value: analysis } }));

  /** It could not be observed, so that the share neither rises nor falls, and a command ends with 6. */
  async isUnobserved(why: RegExp, changes: Partial<AnalysisAsked> = {}): Promise<void> {
    const analysis = await this.analysed(changes);
    assert.equal(analysis.judgement.verdict, "could-not-observe");
    assert.match(analysis.judgement.findings[0]?.evidence ?? "", why);
    const action = this.decided(analysis);
    assert.ok(action.kind === "hold");
    assert.equal(codeOf(action), EXIT.unobserved);
  }
}

/** Starts AWS for each test of the suite that calls it. */
export function analysing(): Analysing {
  const tests = new Analysing();
  beforeEach(() => tests.start());
  afterEach(() => tests.aws.end());
  return tests;
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { FAMILIES, STATUSES } from "../../model/monitoring/families";
import { Metrics } from "../../rehearsal/cloud/cluster/metrics";
import { ProviderClient } from "../../rehearsal/cloud/cluster/provider-client";
import {
  type ProviderFault,
  billOf,
  providerCalls,
  providerUse,
} from "../../rehearsal/cloud/cluster/provider-calls";

const use = (variables: Record<string, string>, service = "api-gateway") => providerUse(service, variables);
const percent = fc.integer({ min: 0, max: 100 });
const fault: fc.Arbitrary<ProviderFault> = fc.record(
  { name: fc.constantFrom("openrouter", "groq"), errorRate: percent, rateLimited: percent },
  { requiredKeys: [] },
);

describe("whom a pod asks", () => {
  it("is what its environment says: for speech one, for texts another", () => {
    const variables = { PRIMARY_PROVIDER: "openrouter", PRIMARY_STT_PROVIDER: "openai" };
    assert.deepEqual(use(variables), { work: "analysis", chain: ["openrouter"] });
    assert.deepEqual(use(variables, "voice-service"), { work: "transcription", chain: ["openai"] });
  });

  it("is the provider that a migration sets out from, where it says nothing", () =>
    assert.deepEqual(use({}).chain, ["groq"]));

  it("goes on to those that are kept, where falling back is on, each once", () => {
    const kept = { PRIMARY_PROVIDER: "openrouter", ENABLE_GROQ: "true", ENABLE_WEBSOCKETS: "true" };
    assert.deepEqual(use(kept).chain, ["openrouter"]);
    assert.deepEqual(use({ ...kept, ENABLE_FALLBACK: "true" }).chain, ["openrouter", "groq"]);
    const named = { ...kept, FALLBACK_PROVIDERS: "openai, groq" };
    assert.deepEqual(use(named).chain, ["openrouter", "openai", "groq"]);
  });
});

describe("calls of providers", () => {
  const chain = { work: "analysis", chain: ["openrouter", "groq"] } as const;

  it("go down the chain until one succeeds, and no further", () => {
    fc.assert(
      fc.property(fault, fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (met, drawn) => {
        const calls = providerCalls(chain, met, () => drawn.next().value as number);
        assert.deepEqual(
          calls.map(({ provider }) => provider),
          chain.chain.slice(0, calls.length),
        );
        assert.ok(calls.slice(0, -1).every(({ status }) => status !== "success"));
        assert.ok(calls.length === chain.chain.length || calls.at(-1)?.status === "success");
      }),
    );
  });

  it("fail and are limited as often as the fault says, of the provider that it names", () => {
    const met = { name: "openrouter", errorRate: 30, rateLimited: 20 };
    const calls = Array.from({ length: 100 }, (_, at) => providerCalls(chain, met, () => at / 100));
    const first = (status: string) => calls.filter((one) => one[0]?.status === status).length;
    assert.deepEqual(STATUSES.map(first), [50, 30, 20]);
    assert.equal(calls.filter((one) => one[1]?.status === "success").length, 50);
  });
});

describe("what a pod counts of providers", () => {
  const asked = (met: ProviderFault | undefined, chance = () => 0) => {
    const metrics = new Metrics();
    const providers = new ProviderClient(
      { work: "analysis", chain: ["openrouter", "groq"] },
      metrics,
      () => met,
      chance,
    );
    const answers: (string | undefined)[] = [];
    for (let at = 0; at < 4; at++) providers.ask((refused) => answers.push(refused));
    return { text: metrics.text(), answers };
  };

  it("is each request with its cost and its tokens", () => {
    const { text, answers } = asked(undefined);
    assert.deepEqual(answers, [undefined, undefined, undefined, undefined]);
    const { tokens, dollars } = billOf("openrouter", "analysis");
    for (const line of [
      'provider_request_count{provider="openrouter",status="success"} 4',
      'provider_request_count{provider="openrouter",status="rate_limited"} 0',
      'provider_latency_seconds_count{provider="openrouter"} 4',
      'analysis_requests_total{status="success"} 4',
      `tokens_used_total{provider="openrouter"} ${4 * tokens}`,
    ])
      assert.ok(text.includes(`${line}\n`), `${line} is not in:\n${text}`);
    const cost = /api_cost_dollars\{provider="openrouter"\} (\S+)/.exec(text)?.[1];
    assert.ok(Math.abs(Number(cost) - 4 * dollars) < 1e-12);
    assert.doesNotMatch(text, /provider_fallback_count|transcription_/);
  });

  it("is a fallback where the first provider fails, and what the second one costs", () => {
    const { text, answers } = asked({ name: "openrouter", rateLimited: 100 });
    assert.deepEqual(answers, [undefined, undefined, undefined, undefined]);
    assert.match(text, /provider_fallback_count\{from="openrouter",to="groq"\} 4\n/);
    assert.match(text, /provider_request_count\{provider="openrouter",status="rate_limited"\} 4\n/);
    assert.match(text, /tokens_used_total\{provider="groq"\} /);
    assert.doesNotMatch(text, /api_cost_dollars\{provider="openrouter"\}/);
  });

  it("is a failure where nobody is left, which the user sees", () => {
    const { text, answers } = asked({ errorRate: 100 });
    assert.match(answers[0]!, /no provider of models answered; last groq: error/);
    assert.match(text, /analysis_requests_total\{status="error"\} 4\n/);
    assert.doesNotMatch(text, /api_cost_dollars/);
  });

  it("takes as long as the provider does", async () => {
    const metrics = new Metrics();
    const slow = { name: "openrouter", latencyMs: 60, errorRate: 100 };
    const client = new ProviderClient(
      { work: "transcription", chain: ["openrouter", "groq"] },
      metrics,
      () => slow,
      () => 0,
    );
    const began = performance.now();
    await new Promise<void>((resolve) => client.ask(() => resolve()));
    assert.ok(performance.now() - began >= 55);
    const text = metrics.text();
    assert.match(text, /provider_latency_seconds_bucket\{provider="openrouter",le="0\.05"\} 0\n/);
    assert.match(text, /provider_latency_seconds_bucket\{provider="groq",le="0\.05"\} 1\n/);
    assert.match(text, /transcription_latency_seconds_bucket\{le="0\.05"\} 0\n/);
  });
});

describe("metrics", () => {
  it("have the families of model/monitoring/families.ts and no other, in Prometheus' text format", () => {
    const metrics = new Metrics();
    const client = new ProviderClient({ work: "analysis", chain: ["a", "b"] }, metrics, () => undefined);
    client.ask(() => undefined);
    metrics.add("requests", { code: "200" });
    metrics.observe("duration", {}, 3);
    const families: Record<string, { type: string }> = Object.fromEntries(
      Object.values(FAMILIES).map((family) => [family.name, family]),
    );
    const typed = [...metrics.text().matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    assert.ok(typed.length > 5);
    for (const [, name, type] of typed) assert.equal(families[name!]?.type, type, name);
    const duration = (bound: string) =>
      new RegExp(`http_request_duration_seconds_bucket\\{le="${bound}"\\} (\\d+)`).exec(metrics.text())?.[1];
    assert.deepEqual(["2", "5", "\\+Inf"].map(duration), ["0", "1", "1"]);
  });

  it("escape what a label's value may hold", () => {
    const metrics = new Metrics();
    metrics.add("requests", { code: 'a"b\\c\nd' });
    assert.match(metrics.text(), /code="a\\"b\\\\c\\nd"/);
  });
});

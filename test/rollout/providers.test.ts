import assert from "node:assert/strict";
import { providerSecret } from "../../model/providers/providers";
import { parseSettings } from "../../model/settings";
import { providerChecks } from "../../rollout/doctor/providers";
import { lookAtProviders } from "../../rollout/providers/look";
import { providerText } from "../../rollout/providers/text";
import { SECRET, SECRET_VERSION } from "../../rehearsal/cloud/secrets/tokens";
import { REGION, pointAtEndpoint } from "../cloud/readers-fixture";
import { at, recorded, release } from "../model/fixtures";
import { changed } from "../model/raw";
import { type Told, tellPrometheus } from "./analysis-fixture";

const SUBJECT = { app: "voiceassist", environment: "prod", region: REGION } as const;
const NOW = at(600);
const calls = (provider: string) => ({ version: "2.3.1", settings: { PRIMARY_PROVIDER: provider } });
const DECLARED = { groq: { requestsPerMinute: 1_000 }, openai: { requestsPerMinute: 500 } };
const { providers, limits } = parseSettings(changed({ providers: DECLARED }));
const declared = Object.fromEntries(
  Object.entries(providers).map(([name, { secret, variable, clearCaches }]) => [
    name,
    { secret, variable, clearCaches },
  ]),
);
const state = (share: number, to = "openai") =>
  recorded(release(share, { blue: calls("groq"), green: calls(to) }), { providers: declared });
const look = (share: number, to?: string) =>
  lookAtProviders(SUBJECT, { providers, limits }, state(share, to), NOW);

describe("a look at a provider migration", () => {
  let prometheus: Told;

  beforeEach(async () => {
    prometheus = await tellPrometheus(NOW);
    const one = (value: number) => [[{}, value]] as const;
    prometheus.answer('api_cost_dollars{namespace="voiceassist",colour="green"', one(6));
    prometheus.answer('http_requests_total{namespace="voiceassist",colour="green"', one(1_000));
    prometheus.answer('api_cost_dollars{namespace="voiceassist",colour="blue"', one(200));
    prometheus.answer('http_requests_total{namespace="voiceassist",colour="blue"', one(100_000));
    prometheus.answer("provider_request_count", one(100));
    prometheus.answer("[1d]", one(20));
    prometheus.answer("or vector(0)", one(0));
  });
  afterEach(() => prometheus.end());

  it("tells what it costs by request, what it asks of a quota, and holds it where it is dear", async () => {
    const view = await look(10);
    assert.deepEqual(view?.costs, { candidate: 6, live: 2, today: 20 });
    assert.deepEqual(
      view.findings.map(({ criterion, verdict, urgency }) => [criterion, verdict, urgency]),
      [
        ["cost", "failure", "hold"],
        ["quota of openai", "success", undefined],
      ],
    );
    prometheus.answer("[1d]", [[{}, 40]]);
    prometheus.answer("or vector(0)", [[{}, 20]]);
    const dear = await look(10);
    assert.equal(dear?.findings[0]?.urgency, "retreat");
    assert.deepEqual([dear.costs.today, dear.costs.baseline], [40, 20]);
  });

  it("counts fallbacks of the candidate since its step began, the most frequent first", async () => {
    prometheus.answer("provider_fallback_count", [
      [{ from: "openai", to: "modal" }, 3],
      [{ from: "openai", to: "groq" }, 12.2],
      [{ from: "groq", to: "openai" }, 0],
    ]);
    const view = await look(10);
    assert.deepEqual(view?.fallbacks, {
      value: [
        { from: "openai", to: "groq", count: 12 },
        { from: "openai", to: "modal", count: 3 },
      ],
    });
    assert.ok(
      prometheus.queries.some((query) => /provider_fallback_count\{.*colour="green"\}\[600s\]/.test(query)),
    );
    const text = providerText(view).map((line) => line.join(": "));
    assert.deepEqual(text, [
      "providers: green: PRIMARY_PROVIDER groq → openai",
      "fallbacks: openai → groq 12, openai → modal 3, in 10 min",
      "cost: $6 for 1000 requests of green, $2 of the live colour, $20 in the last day",
      ": cost: 1000 requests of green cost $6, $2 in the live colour; the last day cost $20, " +
        "and there is no week before it to compare with; allowed is 150 %",
    ]);
  });

  it("asks before the first share by the calls of whom it replaces, at the next stop, and judges no cost", async () => {
    const view = await look(0);
    assert.deepEqual(view?.findings[0]?.figures, { expected: 10, now: 0, quota: 500, next: 10 });
    assert.equal(view.findings.length, 1);
    assert.ok(
      prometheus.queries.some((query) =>
        /provider_request_count\{.*colour="blue",provider="groq"\}/.test(query),
      ),
    );
  });

  it("is none where both colours call the same", async () => {
    assert.equal(await look(10, "groq"), undefined);
    assert.deepEqual(prometheus.queries, []);
  });

  it("passes nothing and says why where there is no Prometheus", async () => {
    await prometheus.end();
    const view = await look(10);
    assert.deepEqual(
      view?.findings.map(({ verdict }) => verdict),
      ["could-not-observe", "could-not-observe"],
    );
    assert.match(view.findings[0]!.evidence, /export SLUICE_PROMETHEUS_URL=/);
    assert.match(providerText(view)[1]![1], /^not seen: no Prometheus/);
    prometheus = await tellPrometheus(NOW);
  });
});

describe("sluice doctor, of providers' keys", () => {
  it("tells whether each is there and looks like one, and nothing of it", async () => {
    const aws = await pointAtEndpoint();
    const put = (value: string) => {
      const arn = `arn:aws:secretsmanager:${REGION}:123456789012:secret:x-AbCdEf`;
      const name = providerSecret("voiceassist", "prod", "groq");
      aws.world.put({ type: SECRET, id: arn, properties: { name, region: REGION } });
      const properties = { secretId: arn, secretString: value, versionStages: ["AWSCURRENT"] };
      aws.world.put({ type: SECRET_VERSION, id: `${arn}|1`, properties });
    };
    const found = async () => {
      const [groq] = providerChecks({ groq: providers["groq"]! }, SUBJECT);
      return groq!.look;
    };
    try {
      const missing = await found();
      assert.equal(missing.level, "fault");
      assert.match(
        missing.mend!,
        /create-secret --name voiceassist\/prod\/providers\/groq --secret-string file:/,
      );
      put(`gsk_${"a".repeat(52)}`);
      assert.deepEqual((await found()).level, "ok");
      put("sk-or-v1-of-somebody-else");
      const wrong = await found();
      assert.equal(wrong.level, "fault");
      assert.doesNotMatch(JSON.stringify(wrong), /somebody-else/);
      await aws.fail("ssm:GetParameter", "AccessDeniedException");
      assert.equal((await found()).level, "warn", "who may not read keys is not at fault");
    } finally {
      await aws.end();
    }
  });
});

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { allTo } from "../../model/release";
import { type Closing, type LocalStack, PATIENCE, closeAll, localStack } from "./fixture";

const KEYS = { groq: `gsk_${"a1B2".repeat(13)}`, openrouter: `sk-or-v1-${"0a".repeat(32)}` } as const;
const BOTH = { groq: { requestsPerMinute: 1000 }, openrouter: { requestsPerMinute: 600 } };
const calls = (provider: string) => ({ version: "2.3.1", settings: { PRIMARY_PROVIDER: provider } });
/** How long what is retained is a way back, in seconds. */
const WARM = 2;
const SECRETS = "kubernetes:core/v1:Secret";

/** From one provider to another, step by step; each test goes on where the one before it ended. */
describe("a provider migration on the real engine", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let local: LocalStack;

  before(async () => {
    local = await localStack();
    opened.push(local);
    await declare(BOTH);
    // Nobody watches here: what is retained is no way back a moment later.
    const limits = {
      ...{ step: 100, warmSeconds: WARM, coldSeconds: 0 },
      ...{ stickinessSeconds: 1, deregistrationSeconds: 0 },
    };
    await local.set(["sluice:limits"], limits);
    await local.set(["sluice:release"], {
      strategy: "blue-green",
      ...{ live: "blue", traffic: allTo("blue"), blue: calls("groq"), green: calls("openrouter") },
    });
    await put("groq");
  });
  after(() => closeAll(opened));

  const declare = (providers: object | undefined) => local.set(["sluice:providers"], providers);
  const put = async (name: keyof typeof KEYS) => {
    const body = JSON.stringify({ name: `voiceassist/dev/providers/${name}`, value: KEYS[name] });
    const answer = await fetch(`${local.cloud.address.endpoint}/_local/secret`, { method: "POST", body });
    assert.ok(answer.ok, await answer.text());
  };
  const updated = async () => {
    const outcome = await local.stack.up();
    assert.equal(outcome.result, "succeeded", outcome.diagnostics.join("\n"));
    return outcome;
  };
  const refused = async () => {
    const { result, diagnostics } = await local.stack.preview();
    assert.equal(result, "failed");
    return diagnostics.join("\n");
  };
  /** What a colour's pods are given, by variable. */
  const given = async (colour: string) => {
    const held = (await local.cloud.held()).find(
      ({ type, id }) => type === SECRETS && id === `voiceassist/provider-keys-${colour}`,
    );
    const data = (held?.properties["data"] ?? {}) as Record<string, string>;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    );
  };

  it("is refused in the preview while the new provider's key is missing, with the command that puts it there", async () => {
    assert.match(
      await refused(),
      /green \(version 2\.3\.1\) calls openrouter, and the secret of its key, voiceassist\/dev\/providers\/openrouter, is not there\. Put the key there: aws secretsmanager create-secret --name voiceassist\/dev\/providers\/openrouter /,
    );
  });

  it("runs once it is there: each colour has its own keys, and the state has none", async () => {
    await put("openrouter");
    await updated();
    assert.deepEqual(await given("blue"), { GROQ_API_KEY: KEYS.groq });
    assert.deepEqual(await given("green"), { OPENROUTER_API_KEY: KEYS.openrouter });
    const state = await local.byHand("pulumi stack export -s dev --show-secrets");
    assert.ok(state.includes("provider-keys-blue"));
    for (const key of Object.values(KEYS)) assert.ok(!state.includes(key));
  });

  it("does not take the former provider away while a colour calls it", async () => {
    await declare({ openrouter: BOTH.openrouter });
    assert.match(
      await refused(),
      /sluice:release\.blue\.settings\.PRIMARY_PROVIDER: found "groq"; allowed: a provider/,
    );
    await declare(undefined);
    assert.match(
      await refused(),
      /T15 sluice:providers\.groq: blue \(version 2\.3\.1\) runs, and its settings name groq/,
    );
  });

  it("is live by a flip, and takes the former provider away as the last step, with its key", async () => {
    await declare(BOTH);
    await local.edit({ live: "green", traffic: allTo("green") });
    await updated();
    await pause(1_000 * WARM);
    await local.set(["sluice:release", "blue"], {});
    await declare({ openrouter: BOTH.openrouter });
    const { diagnostics } = await updated();
    assert.match(
      diagnostics.join("\n"),
      /Nothing here calls groq any more\..* aws secretsmanager delete-secret --secret-id voiceassist\/dev\/providers\/groq/,
    );
    assert.deepEqual(await given("blue"), {});
    assert.deepEqual(await given("green"), { OPENROUTER_API_KEY: KEYS.openrouter });
  });
});

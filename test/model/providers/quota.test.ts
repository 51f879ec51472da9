import assert from "node:assert/strict";
import { migrationOf } from "../../../model/providers/migration";
import { callsQuery, judgeQuota, quotasAsked } from "../../../model/providers/quota";
import type { Seen } from "../../../model/rollout/seen";
import { release } from "../fixtures";

const NAMES = ["groq", "openrouter", "openai"];
const providers = Object.fromEntries(
  NAMES.map((name) => [name, { secret: name, variable: "KEY", clearCaches: false }]),
);

type Settings = Record<string, string>;

/** Of green beside blue: by whose calls each provider is judged. */
const asked = (blue: Settings, green: Settings, share: number, next: number) => {
  const both = release(share, {
    blue: { version: "2.3.1", settings: blue },
    green: { version: "2.3.1", settings: green },
  });
  return quotasAsked({ release: both, providers }, migrationOf(both, NAMES)!, share, next);
};
const live = (counted: string, next: number, share = 100) => ({ colour: "blue", counted, share, next });
const own = (counted: string, share: number, next: number) => ({ colour: "green", counted, share, next });

const GROQ = { PRIMARY_PROVIDER: "groq" };
const OPENAI = { PRIMARY_PROVIDER: "openai" };

describe("by whose calls a provider's quota is judged", () => {
  it("are the candidate's, and those of the live colour to the same account", () => {
    const settings = { ...OPENAI, PRIMARY_STT_PROVIDER: "openai" };
    assert.deepEqual(asked({ ...OPENAI, PRIMARY_STT_PROVIDER: "groq" }, settings, 10, 50), [
      { provider: "openai", callers: [own("openai", 10, 50), live("openai", 50, 90)] },
    ]);
    assert.deepEqual(asked(GROQ, OPENAI, 10, 50), [{ provider: "openai", callers: [own("openai", 10, 50)] }]);
  });

  it("are asked of whoever takes over, too", () => {
    const settings = { ...OPENAI, GROQ_FALLBACK: "true", OPENROUTER_FALLBACK: "true" };
    assert.deepEqual(asked(GROQ, settings, 50, 100), [
      { provider: "groq", callers: [own("groq", 50, 100), live("groq", 0, 50)] },
      { provider: "openai", callers: [own("openai", 50, 100)] },
      { provider: "openrouter", callers: [own("openrouter", 50, 100)] },
    ]);
  });

  it("are of the candidate alone once it has all traffic", () => {
    assert.deepEqual(asked(GROQ, { ...OPENAI, GROQ_FALLBACK: "true" }, 100, 100), [
      { provider: "groq", callers: [own("groq", 100, 100)] },
      { provider: "openai", callers: [own("openai", 100, 100)] },
    ]);
  });

  it("are of those whom it replaces before it has users, of several as of one", () => {
    assert.deepEqual(asked(GROQ, OPENAI, 0, 10), [{ provider: "openai", callers: [live("groq", 10)] }]);
    const two = { ...GROQ, PRIMARY_STT_PROVIDER: "openrouter" };
    assert.deepEqual(asked(two, { ...OPENAI, PRIMARY_STT_PROVIDER: "openai" }, 0, 10), [
      { provider: "openai", callers: [live("groq", 10), live("openrouter", 10)] },
    ]);
    const kept = { ...GROQ, PRIMARY_STT_PROVIDER: "openai" };
    assert.deepEqual(asked(kept, { ...OPENAI, PRIMARY_STT_PROVIDER: "openai" }, 0, 10), [
      { provider: "openai", callers: [live("groq", 10), live("openai", 100)] },
    ]);
  });

  it("is what nobody can say before it has users where one's work is parted, or new", () => {
    const both = { ...GROQ, PRIMARY_STT_PROVIDER: "groq" };
    const unknown = (provider: string) => ({ provider, callers: undefined });
    assert.deepEqual(asked(both, { ...OPENAI, PRIMARY_STT_PROVIDER: "openrouter" }, 0, 10), [
      unknown("openai"),
      unknown("openrouter"),
    ]);
    assert.deepEqual(asked(both, OPENAI, 0, 10), [unknown("openai")]);
    assert.deepEqual(asked(GROQ, { ...GROQ, PRIMARY_STT_PROVIDER: "openai" }, 0, 10), [
      { provider: "groq", callers: [live("groq", 100)] },
      unknown("openai"),
    ]);
  });

  it("is a number also of a colour that calls others", () => {
    assert.equal(
      callsQuery("voiceassist", { colour: "green", counted: "openai" }),
      '60 * (sum(rate(provider_request_count{namespace="voiceassist",colour="green",provider="openai"}[5m])) ' +
        'or 0 * sum(rate(provider_request_count{namespace="voiceassist",colour="green"}[5m])))',
    );
  });
});

describe("a provider's quota", () => {
  const green = { colour: "green", counted: "openai", share: 10, next: 50 } as const;
  const blue = { colour: "blue", counted: "openai", share: 90, next: 50 } as const;
  const judged = (mine: Seen<number>, lives?: Seen<number>) =>
    judgeQuota({
      ...{ provider: "openai", quota: 500, next: 50 },
      callers: [{ ...green, calls: mine }, ...(lives ? [{ ...blue, calls: lives }] : [])],
    });

  it("carries the next share by what the present one asks of it, and exactly so much", () => {
    assert.equal(judged({ value: 100 }).verdict, "success");
    const { verdict, urgency, evidence } = judged({ value: 100.1 });
    assert.deepEqual([verdict, urgency], ["failure", "hold"]);
    assert.equal(
      evidence,
      "openai would be called 501 times a minute at 50 %, by green's 100 at 10 %; its quota is 500",
    );
  });

  it("is one for both colours", () => {
    const { verdict, evidence, figures } = judged({ value: 70 }, { value: 360 });
    assert.equal(verdict, "failure");
    assert.equal(
      evidence,
      "openai would be called 550 times a minute at 50 %, " +
        "by green's 70 at 10 % and blue's 360 at 90 %; its quota is 500",
    );
    assert.deepEqual(figures, { expected: 550, now: 430, quota: 500, next: 50 });
  });

  it("stands against no rise by which it is called less, be it above it", () => {
    assert.equal(judged({ value: 0 }, { value: 1_800 }).verdict, "success");
  });

  it("passes never where nobody could count, or can say", () => {
    const NONE = { unseen: "no series" };
    assert.equal(judged(NONE).verdict, "could-not-observe");
    assert.equal(judged({ value: 1 }, NONE).verdict, "could-not-observe");
    const unknown = judgeQuota({ provider: "openai", quota: 500, next: 10, callers: undefined });
    assert.equal(unknown.verdict, "inconclusive");
  });
});

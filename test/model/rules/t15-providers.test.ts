import assert from "node:assert/strict";
import { judge } from "../../../model/transition";
import { plan } from "../../../model/plan";
import { notice } from "../../../model/notice";
import { LIMITS, apply, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";
import { message, told } from "./told";

const calls = (version: string, provider: string) => ({ version, settings: { PRIMARY_PROVIDER: provider } });
const [groq, openai] = [calls("2.3.1", "groq"), calls("2.4.0", "openai")];
const provider = (name: string) => ({ secret: `keys/${name}`, variable: `${name}_KEY`, clearCaches: false });
const both = { groq: provider("groq"), openai: provider("openai") };
const only = { openai: provider("openai") };
const migrating = (share: number, live: "blue" | "green" = "blue") =>
  release(share, { blue: groq, green: openai, live });

describe("T15, a provider taken away that something still calls", () => {
  it("does not stand in the way of a release's own steps, which take none away", () => {
    const state = recorded(migrating(10), { providers: both });
    const [step] = plan(state, migrating(25), LIMITS, at(0));
    assert.deepEqual([step?.kind, step?.release.traffic.green], ["shift", 25]);
  });

  it("refuses it while a colour that runs calls it, with traffic or without", () => {
    for (const share of [0, 10]) {
      const state = recorded(migrating(share), { providers: both });
      assert.deepEqual(refusedBy(transition(state, migrating(share), { providers: only })), ["T15"]);
      assert.deepEqual(
        refusedBy(transition(state, migrating(share), { providers: { groq: provider("groq") } })),
        ["T15"],
      );
      assert.deepEqual(refusedBy(transition(state, migrating(share))), ["T15"]);
      assert.deepEqual(refusedBy(transition(state, migrating(share), { providers: both })), []);
    }
  });

  it("counts a fallback as a call, and a provider that is turned off as none", () => {
    const with_ = (settings: Record<string, string>) => {
      const blue = { version: "2.3.1", settings: { PRIMARY_PROVIDER: "openai", ...settings } };
      const asked = release(0, { blue, green: {} });
      return refusedBy(transition(recorded(asked, { providers: both }), asked, { providers: only }));
    };
    assert.deepEqual(with_({ GROQ_FALLBACK: "true" }), ["T15"]);
    assert.deepEqual(with_({ ENABLE_GROQ: "false" }), []);
  });

  it("keeps it for the way back, warm and cold, and not a second longer", () => {
    const full = recorded(migrating(100), {
      ...{ providers: both, since: at(-LIMITS.bakeSeconds), drainedAt: { blue: at(-LIMITS.bakeSeconds) } },
    });
    const live = apply(transition(full, migrating(100, "green"), { providers: both }));
    const away = (seconds: number) =>
      transition(live, release(100, { live: "green", green: openai, blue: {} }), {
        ...{ providers: only, now: at(seconds) },
      });
    const ends = LIMITS.warmSeconds + LIMITS.coldSeconds;
    assert.ok(refusedBy(away(LIMITS.warmSeconds)).includes("T15"));
    assert.ok(refusedBy(away(ends - 1)).includes("T15"));
    assert.deepEqual(refusedBy(away(ends)), []);
    assert.match(
      message(away(ends - 1), "T15"),
      new RegExp(`is kept as the way back.* Wait until ${at(ends)}`),
    );
  });

  it("keeps it for what was replaced in place, as long as another colour would be kept", () => {
    const rolling = (blue: object) => release(0, { strategy: "rolling", green: {}, blue });
    const state = recorded(rolling(groq), { providers: both });
    const replaced = apply(transition(state, rolling(openai), { providers: both }));
    const away = (seconds: number) =>
      refusedBy(transition(replaced, rolling(openai), { providers: only, now: at(seconds) }));
    assert.deepEqual(away(60), ["T15"]);
    assert.deepEqual(away(LIMITS.warmSeconds + LIMITS.coldSeconds), []);
  });

  it("refuses to take away in the very update what a colour is to stop calling", () => {
    const state = recorded(migrating(0), { providers: both });
    const asked = transition(state, release(0, { blue: groq, green: {} }), {
      providers: { groq: provider("groq") },
    });
    assert.deepEqual(refusedBy(asked), ["T15"]);
    const first = apply({ ...asked, providers: both });
    assert.deepEqual(refusedBy({ ...asked, from: first }), []);
  });

  it("is about no stack that declared none, nor about one that is new", () => {
    assert.deepEqual(refusedBy(transition(recorded(migrating(0)), migrating(0))), []);
    assert.deepEqual(refusedBy(transition(undefined, migrating(0))), []);
    assert.deepEqual(refusedBy(transition(promoted(), release(100, { live: "green" }))), []);
  });

  it("keeps what pods of a colour with traffic are told, and lets one without be told otherwise", () => {
    const told = (share: number, changes: object) => {
      const state = recorded(migrating(share), { providers: both });
      const providers = { ...both, openai: { ...both.openai, ...changes } };
      return refusedBy(transition(state, migrating(share), { providers }));
    };
    for (const changes of [{ variable: "OTHER" }, { clearCaches: true }]) {
      assert.deepEqual(told(10, changes), ["T15"]);
      assert.deepEqual(told(0, changes), []);
    }
    assert.deepEqual(told(10, { secret: "elsewhere" }), [], "whatever is read there, no pod is replaced");
    const asked = transition(recorded(migrating(10), { providers: both }), migrating(10), {
      providers: { ...both, openai: { ...both.openai, variable: "OTHER" } },
    });
    assert.equal(
      judge(asked)[0]!.remedy,
      "pulumi config set --path 'sluice:providers.openai.variable' openai_KEY",
    );
  });

  it("names who calls it, and how to keep it", () => {
    const asked = transition(recorded(migrating(10), { providers: both }), migrating(10), {
      providers: only,
    });
    assert.deepEqual(told(asked, "T15"), [
      {
        where: "sluice:providers.groq",
        found: "none",
        limit: "a provider that no colour calls, and no way back",
        remedy: "put sluice:providers.groq back: git restore -p Pulumi.<stack>.yaml",
      },
    ]);
    assert.match(message(asked, "T15"), /^blue \(version 2\.3\.1\) runs, and its settings name groq, /);
    assert.equal(judge(asked).length, 1);
  });

  it("is followed by a word on the key that is left, once", () => {
    const asked = release(0, { blue: openai, green: {} });
    const away = transition(recorded(asked, { providers: both }), asked, { providers: only });
    assert.match(
      notice(away).join("\n"),
      /delete-secret --secret-id keys\/groq --recovery-window-in-days 30/,
    );
    assert.deepEqual(notice(transition(apply(away), asked, { providers: only })), []);
  });
});

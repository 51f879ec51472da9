import assert from "node:assert/strict";
import { migrationIn, migrationOf } from "../../../model/providers/migration";
import { withProviders } from "../../../model/providers/view";
import { promoted, recorded, release } from "../fixtures";

const NAMES = ["groq", "openrouter", "openai"];
const blue = { version: "2.3.1", settings: { PRIMARY_PROVIDER: "groq", PRIMARY_STT_PROVIDER: "groq" } };
const to = (settings: Record<string, string>, share = 10) =>
  release(share, { blue, green: { version: "2.3.1", settings } });
const declared = Object.fromEntries(
  NAMES.map((name) => [name, { secret: name, variable: "KEY", clearCaches: false }]),
);

describe("a provider migration", () => {
  it("is a colour whose work goes to others, by kind of work", () => {
    const changed = migrationOf(to({ PRIMARY_PROVIDER: "openrouter", PRIMARY_STT_PROVIDER: "groq" }), NAMES);
    assert.deepEqual(changed, {
      candidate: "green",
      changes: [{ variable: "PRIMARY_PROVIDER", from: "groq", to: "openrouter" }],
      calls: ["groq", "openrouter"],
    });
    assert.deepEqual(migrationOf(to({ PRIMARY_PROVIDER: "groq" }), NAMES)?.changes, [
      { variable: "PRIMARY_STT_PROVIDER", from: "groq" },
    ]);
  });

  it("is a colour that falls back on others too, or in another order", () => {
    const chained = (before: string, after: string) => {
      const settings = (chain: string) => ({ PRIMARY_PROVIDER: "groq", FALLBACK_PROVIDERS: chain });
      const from = { version: "2.3.1", settings: settings(before) };
      return migrationOf({ ...to(settings(after)), blue: from }, NAMES);
    };
    assert.deepEqual(chained("openai", "openrouter,openai"), {
      candidate: "green",
      changes: [
        {
          ...{ variable: "PRIMARY_PROVIDER", from: "groq", to: "groq" },
          fallbacks: { from: ["openai"], to: ["openrouter", "openai"] },
        },
      ],
      calls: ["groq", "openai", "openrouter"],
    });
    assert.ok(chained("openai,openrouter", "openrouter,openai"));
    assert.equal(chained("openai", "openai"), undefined);
  });

  it("is none where both call the same, nothing runs, or no provider is declared", () => {
    assert.equal(migrationOf(to({ ...blue.settings, GROQ_FALLBACK: "true" }), NAMES), undefined);
    assert.equal(migrationOf(release(0, { blue, green: {} }), NAMES), undefined);
    assert.equal(migrationOf(to({ PRIMARY_PROVIDER: "openai" }), []), undefined);
  });

  it("is over once it is promoted", () => {
    const settings = { PRIMARY_PROVIDER: "openai" };
    const under = recorded(to(settings), { providers: declared });
    assert.equal(migrationIn(under)?.candidate, "green");
    const { trusted, ...state } = promoted();
    const after = { ...state, release: { ...state.release, ...to(settings, 100), live: "green" as const } };
    const predecessor = { colour: "blue" as const, manifest: blue };
    assert.equal(
      migrationIn({ ...after, providers: declared, trusted: { ...trusted, predecessor } }),
      undefined,
    );
  });

  it("adds what cost and quota say to the analysis of its own colour, worst first", () => {
    const view = {
      ...migrationOf(to({ PRIMARY_PROVIDER: "openai" }), NAMES)!,
      ...{ costs: {}, fallbacks: { value: [] }, windowSeconds: 300 },
      findings: [
        { criterion: "cost", verdict: "failure", urgency: "hold", evidence: "dear", figures: {} } as const,
      ],
    };
    const good = { criterion: "errors", verdict: "success", evidence: "few", figures: {} } as const;
    const analysis = (colour: "blue" | "green") => ({
      value: {
        ...{ colour, version: "2.3.1", since: "", at: "" },
        judgement: { verdict: "success" as const, findings: [good], remarks: ["told"] },
      },
    });
    const judged = withProviders(analysis("green"), view);
    assert.ok("value" in judged);
    assert.deepEqual(judged.value.judgement, {
      ...{ verdict: "failure", urgency: "hold", remarks: ["told"] },
      findings: [view.findings[0], good],
    });
    assert.deepEqual(withProviders(analysis("blue"), view), analysis("blue"));
    assert.deepEqual(withProviders(analysis("green"), undefined), analysis("green"));
    assert.deepEqual(withProviders({ unseen: "why" }, view), { unseen: "why" });
  });
});

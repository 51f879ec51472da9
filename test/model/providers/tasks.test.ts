import assert from "node:assert/strict";
import fc from "fast-check";
import { inVariables } from "../../../model/providers/providers";
import { switchesOf, tasksOf, usedBy } from "../../../model/providers/tasks";

const NAMES = ["groq", "openrouter", "openai", "my-own"];

const tasks = (settings: Record<string, string>) =>
  tasksOf(settings, NAMES).map(({ variable, primary, fallbacks }) => [variable, primary, ...fallbacks]);

describe("what settings say of providers", () => {
  it("is guide 000's: two primaries, and who is enabled takes over for both", () => {
    const settings = {
      PRIMARY_PROVIDER: "openrouter",
      PRIMARY_STT_PROVIDER: "openai",
      ENABLE_GROQ: "true",
      ENABLE_FALLBACK: "true",
    };
    assert.deepEqual(tasks(settings), [
      ["PRIMARY_PROVIDER", "openrouter", "groq"],
      ["PRIMARY_STT_PROVIDER", "openai", "groq"],
    ]);
    assert.deepEqual(usedBy({ settings }, NAMES), ["groq", "openai", "openrouter"]);
  });

  it("is guide 003's: one switch makes a provider take over, whatever the others say not at all", () => {
    const settings = { PRIMARY_STT_PROVIDER: "openai", MY_OWN_FALLBACK: "true" };
    assert.deepEqual(tasks(settings), [["PRIMARY_STT_PROVIDER", "openai", "my-own"]]);
    assert.deepEqual(tasks({ ...settings, ENABLE_FALLBACK: "false" }), [["PRIMARY_STT_PROVIDER", "openai"]]);
  });

  it("follows a chain in its order, of the one kind of work, before any switch", () => {
    const settings = {
      PRIMARY_PROVIDER: "groq",
      PRIMARY_STT_PROVIDER: "groq",
      FALLBACK_STT_PROVIDERS: "openai, openrouter",
      ENABLE_MY_OWN: "true",
      ENABLE_FALLBACK: "true",
    };
    assert.deepEqual(tasks(settings), [
      ["PRIMARY_PROVIDER", "groq", "my-own"],
      ["PRIMARY_STT_PROVIDER", "groq", "openai", "openrouter"],
    ]);
  });

  it("needs no key of a provider that is turned off, and none where no work is named", () => {
    const settings = { PRIMARY_PROVIDER: "openai", ENABLE_GROQ: "false", GROQ_FALLBACK: "true" };
    assert.deepEqual(usedBy({ settings }, NAMES), ["openai"]);
    assert.deepEqual(usedBy({ settings: { ENABLE_GROQ: "true", ENABLE_FALLBACK: "true" } }, NAMES), []);
    assert.deepEqual(usedBy({}, NAMES), []);
  });

  it("never lets a provider take over from itself, nor one that is turned off, nor twice", () => {
    const word = fc.constantFrom(...NAMES, "nobody");
    const settings = fc.record(
      {
        PRIMARY_PROVIDER: word,
        PRIMARY_STT_PROVIDER: word,
        FALLBACK_PROVIDERS: fc.array(word, { maxLength: 4 }).map((words) => words.join(",")),
        ENABLE_FALLBACK: fc.constantFrom("true", "false", "yes"),
        ...Object.fromEntries(
          NAMES.flatMap((name) => Object.values(switchesOf(name))).map((variable) => [
            variable,
            fc.constantFrom("true", "false"),
          ]),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(settings, (some) => {
        const set = { ...some } as Record<string, string>;
        for (const { primary, fallbacks } of tasksOf(set, NAMES)) {
          assert.ok(!fallbacks.includes(primary));
          assert.equal(new Set(fallbacks).size, fallbacks.length);
          for (const name of fallbacks) assert.notEqual(set[switchesOf(name).enables], "false");
          if (set["ENABLE_FALLBACK"] === "false") assert.deepEqual(fallbacks, []);
        }
      }),
    );
  });

  it("spells a name in variables as people would", () => {
    assert.equal(inVariables("my-own"), "MY_OWN");
    assert.deepEqual(switchesOf("modal"), { enables: "ENABLE_MODAL", fallsBack: "MODAL_FALLBACK" });
  });
});

import assert from "node:assert/strict";
import { KNOWN } from "../../../model/providers/providers";
import { parseSettings } from "../../../model/settings";
import { type Changes, changed, faultsOf } from "../raw";
import { mend } from "./pulumiConfig";

const DECLARED = {
  groq: { requestsPerMinute: 1000 },
  openrouter: { requestsPerMinute: 600 },
  openai: { requestsPerMinute: 500, clearCaches: true },
};
const declared = (changes: object): Changes => ({ providers: { ...DECLARED, ...changes } });
const green = (settings: Record<string, unknown>): Changes => ({
  ...declared({}),
  release: { green: { version: "2.4.0", settings } },
});
const OWN = { requestsPerMinute: 10, keyPattern: "^own-[a-z0-9]{8}$" };
const at = (variable: string) => `release.green.settings.${variable}`;

/** Configuration with one thing wrong in it, where that is, and how many commands mend it. Default: one. */
const WRONG: readonly (readonly [Changes, path: string, commands?: number])[] = [
  [{ providers: ["groq"] }, "providers"],
  [declared({ Groq: DECLARED.groq }), "providers.Groq"],
  [declared({ groq: {} }), "providers.groq.requestsPerMinute"],
  [declared({ groq: { requestsPerMinute: 0 } }), "providers.groq.requestsPerMinute"],
  [declared({ groq: { ...DECLARED.groq, key: "gsk_1" } }), "providers.groq.key"],
  [declared({ groq: { ...DECLARED.groq, variable: "groq key" } }), "providers.groq.variable"],
  [declared({ groq: { ...DECLARED.groq, variable: "PORT" } }), "providers.groq.variable"],
  [declared({ groq: { ...DECLARED.groq, variable: "REDIS_URL" } }), "providers.groq.variable"],
  [declared({ own: { ...OWN, variable: "GROQ_API_KEY" } }), "providers.own.variable"],
  [declared({ groq: { ...DECLARED.groq, secret: "keys of groq" } }), "providers.groq.secret"],
  [declared({ groq: { ...DECLARED.groq, secret: "keys/groq-AbCdEf" } }), "providers.groq.secret"],
  [declared({ groq: { ...DECLARED.groq, clearCaches: "always" } }), "providers.groq.clearCaches"],
  [declared({ own: { requestsPerMinute: 10 } }), "providers.own.keyPattern"],
  [declared({ own: { ...OWN, keyPattern: "own-.*" } }), "providers.own.keyPattern"],
  [declared({ own: { ...OWN, keyPattern: "^(?!sk-).*$" } }), "providers.own.keyPattern"],
  [declared({ own: { ...OWN, keyPattern: "^own-[a-z$" } }), "providers.own.keyPattern"],
  [declared({ own: { ...OWN, keyPattern: "^{{ .GROQ_API_KEY }}$" } }), "providers.own.keyPattern"],
  [green({ PRIMARY_PROVIDER: "openruter" }), at("PRIMARY_PROVIDER")],
  [green({ PRIMARY_STT_PROVIDER: "modal" }), at("PRIMARY_STT_PROVIDER")],
  [green({ PRIMARY_PROVIDER: "groq", ENABLE_GROQ: false }), at("ENABLE_GROQ")],
  [green({ PRIMARY_PROVIDER: "groq", GROQ_FALLBACK: true }), at("GROQ_FALLBACK")],
  [green({ PRIMARY_PROVIDER: "groq", ENABLE_OPENAI: "yes" }), at("ENABLE_OPENAI")],
  [green({ PRIMARY_PROVIDER: "groq", MODAL_FALLBACK: true }), at("MODAL_FALLBACK")],
  [green({ PRIMARY_PROVIDER: "groq", ENABLE_FALLBACK: true }), at("ENABLE_FALLBACK")],
  [green({ ENABLE_FALLBACK: true, ENABLE_GROQ: true }), at("ENABLE_FALLBACK")],
  [green({ PRIMARY_PROVIDER: "groq", FALLBACK_PROVIDERS: "" }), at("FALLBACK_PROVIDERS")],
  [green({ PRIMARY_PROVIDER: "groq", FALLBACK_PROVIDERS: "groq" }), at("FALLBACK_PROVIDERS")],
  [green({ PRIMARY_PROVIDER: "groq", FALLBACK_PROVIDERS: "groq,openai" }), at("FALLBACK_PROVIDERS")],
  [green({ PRIMARY_PROVIDER: "groq", FALLBACK_PROVIDERS: "openai,modal" }), at("FALLBACK_PROVIDERS")],
  [green({ PRIMARY_PROVIDER: "groq", FALLBACK_PROVIDERS: "openai,openai" }), at("FALLBACK_PROVIDERS")],
  [
    green({ PRIMARY_PROVIDER: "groq", FALLBACK_PROVIDERS: "openai", ENABLE_OPENAI: false }),
    at("FALLBACK_PROVIDERS"),
  ],
  [green({ PRIMARY_PROVIDER: "groq", FALLBACK_STT_PROVIDERS: "openai" }), at("FALLBACK_STT_PROVIDERS")],
  [green({ PRIMARY_PROVIDER: "groq", GROQ_API_KEY: "gsk_secret" }), at("GROQ_API_KEY")],
];

describe("providers in configuration", () => {
  for (const [changes, path, commands = 1] of WRONG) {
    it(`are refused at ${path} where they are ${JSON.stringify(changes).slice(-70)}, with what mends it`, () => {
      let raw: unknown = JSON.parse(JSON.stringify(changed(changes)));
      assert.deepEqual([...new Set(faultsOf(raw).map((fault) => fault.path))], [`sluice:${path}`]);
      for (let left = commands; left > 0; left--) raw = mend(raw, faultsOf(raw)[0]!.remedy);
      assert.deepEqual(faultsOf(raw), []);
    });
  }

  it("are none where nobody declares one, and then no setting is looked at", () => {
    const settings = { PRIMARY_PROVIDER: "anybody", ENABLE_FALLBACK: "perhaps", GROQ_API_KEY: "x" };
    const raw = changed({ release: { green: { version: "2.4.0", settings } } });
    assert.deepEqual(parseSettings(raw).providers, {});
    assert.deepEqual(faultsOf(raw), []);
  });

  it("have what is known of them, and a secret by app, environment and name", () => {
    const { providers } = parseSettings(changed(declared({ own: OWN })));
    assert.deepEqual(providers["openrouter"], {
      ...KNOWN["openrouter"],
      secret: "voiceassist/prod/providers/openrouter",
      requestsPerMinute: 600,
      clearCaches: false,
    });
    assert.deepEqual(providers["own"], {
      ...{ ...OWN, variable: "OWN_API_KEY", secret: "voiceassist/prod/providers/own", clearCaches: false },
    });
    const set = {
      requestsPerMinute: 5,
      secret: "shared/groq",
      variable: "EXPO_GROQ_KEY",
      keyPattern: "^x+$",
    };
    assert.deepEqual(parseSettings(changed({ providers: { groq: set } })).providers["groq"], {
      ...{ ...set, clearCaches: false },
    });
  });

  it("tell every fault of both colours at once, and no key's value", () => {
    const faults = faultsOf(
      changed({
        providers: { groq: {} },
        release: {
          blue: { version: "2.3.1", settings: { PRIMARY_PROVIDER: "modal" } },
          green: { version: "2.4.0", settings: { PRIMARY_PROVIDER: "groq", GROQ_API_KEY: "gsk_secret" } },
        },
      }),
    );
    assert.deepEqual(
      faults.map(({ path }) => path),
      [
        "sluice:providers.groq.requestsPerMinute",
        "sluice:release.blue.settings.PRIMARY_PROVIDER",
        "sluice:release.green.settings.GROQ_API_KEY",
      ],
    );
    assert.doesNotMatch(JSON.stringify(faults), /gsk_secret/);
  });

  it("know the shapes of keys apart, so that one in another's place is seen", () => {
    const keys = {
      groq: `gsk_${"a1B2".repeat(13)}`,
      openai: `sk-proj-${"a1_B-2".repeat(10)}`,
      openrouter: `sk-or-v1-${"0a".repeat(32)}`,
      speechmatics: "aB3".repeat(10) + "xy",
      modal: `as-${"aB3".repeat(8)}`,
    };
    for (const [name, { keyPattern }] of Object.entries(KNOWN)) {
      for (const [of, key] of Object.entries(keys)) {
        assert.equal(new RegExp(keyPattern).test(key), of === name, `${of}'s key as ${name}'s`);
        assert.ok(!new RegExp(keyPattern).test(`${key}\n`), "what was pasted with its line's end is no key");
      }
    }
  });
});

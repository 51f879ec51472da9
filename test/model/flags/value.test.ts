import assert from "node:assert/strict";
import fc from "fast-check";
import { PARTIAL_RESULTS } from "../../../client/index";
import { parseValue } from "../../../client/value";
import { ENVIRONMENTS } from "../../../model/environments";
import { FLAG_SETTINGS, FLAG_SETTING_NAMES, type FlagValue } from "../../../model/flags/flag";
import { flagOf, flagParameter, flagsPath } from "../../../model/flags/parameter";
import {
  disabledText,
  flagChanges,
  formatFlag,
  isFlagText,
  isOff,
  loweredText,
  parseFlag,
} from "../../../model/flags/value";

const value: fc.Arbitrary<FlagValue> = fc.record(
  {
    enabled: fc.boolean(),
    percentage: fc.integer({ min: 0, max: 100 }),
    settings: fc.record(
      Object.fromEntries(
        FLAG_SETTING_NAMES.map((name) => {
          const { least, most } = FLAG_SETTINGS[name];
          return [name, fc.double({ min: least, max: most, noNaN: true })];
        }),
      ),
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
  { noNullPrototype: true },
);

/** Texts that a parameter may have: no JSON, JSON of any kind, and keys of a flag with anything as their value. */
const text = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .dictionary(
      fc.constantFrom("enabled", "rollout_percentage", ...FLAG_SETTING_NAMES, "theme", "__proto__"),
      fc.oneof(
        fc.jsonValue(),
        fc.boolean(),
        fc.integer({ min: -1, max: 101 }),
        fc.double({ min: 0, max: 12 }),
      ),
    )
    .map((found) => JSON.stringify(found)),
);

describe("a flag's parameter", () => {
  it("is named as guide 004 has it", () => {
    const names = ENVIRONMENTS.map((environment) =>
      flagParameter("audio-transcription", environment, "partial-results"),
    );
    assert.deepEqual(names, [
      "/audio-transcription/dev/partial-results/config",
      "/audio-transcription/staging/partial-results/config",
      "/audio-transcription/partial-results/config",
    ]);
  });

  it("is found by its name again, and one of another environment or of something else is not", () => {
    const names = ENVIRONMENTS.map((environment) => flagParameter("app", environment, "search"));
    for (const [index, environment] of ENVIRONMENTS.entries()) {
      const found = [...names, "/app/search", "/app/a/b/c/config", "/application/search/config"].map((name) =>
        flagOf("app", environment, name),
      );
      assert.deepEqual(
        found.map((one) => one === "search"),
        [...ENVIRONMENTS.map((_, other) => other === index), false, false, false],
      );
      assert.ok(names[index]!.startsWith(`${flagsPath("app", environment)}/`));
    }
  });

  it("has the guide's text", () => {
    const settings = { min_stability_threshold: 0.85, max_buffer_timeout: 5 };
    assert.deepEqual(JSON.parse(formatFlag({ enabled: true, percentage: 100, settings })), {
      ...{ enabled: true, rollout_percentage: 100 },
      ...settings,
    });
  });

  it("says to readers, and to applications, what was written", () => {
    fc.assert(
      fc.property(value, (written) => {
        const text = formatFlag(written);
        assert.deepEqual(parseFlag(text), written);
        const read = parseValue(text, PARTIAL_RESULTS);
        assert.deepEqual([read.enabled, read.percentage], [written.enabled, written.percentage]);
        for (const [name, number] of Object.entries(written.settings)) {
          assert.equal(read.settings[name as keyof typeof PARTIAL_RESULTS], number);
        }
      }),
    );
  });

  it("has the ranges that the client has", () => {
    assert.deepEqual({ ...FLAG_SETTINGS }, { ...PARTIAL_RESULTS });
  });

  it("is refused by readers wherever applications refuse it", () => {
    const texts = [
      ..."enabled|[]|null|{}|1".split("|"),
      '{"enabled":true,"rollout_perce',
      ...['"yes"', "1", "null"].map((enabled) => `{"enabled":${enabled},"rollout_percentage":1}`),
      ...["101", "-1", "0.5", '"5"'].map((share) => `{"enabled":true,"rollout_percentage":${share}}`),
      ...FLAG_SETTING_NAMES.flatMap((name) => {
        const { least, most } = FLAG_SETTINGS[name];
        return [least - 0.01, most + 0.01, '"5"'].map(
          (wrong) => `{"enabled":true,"rollout_percentage":1,"${name}":${wrong}}`,
        );
      }),
    ];
    for (const text of texts) {
      assert.throws(() => parseFlag(text), /the flag's .*found .*/s, text);
      assert.throws(() => parseValue(text, PARTIAL_RESULTS), /found .*allowed is/, text);
    }
  });

  it("that says it is disabled is heard whatever else is wrong with it, as applications hear it", () => {
    const halves = [
      "",
      ...["101", '"5"', "null"].map((share) => `,"rollout_percentage":${share}`),
      ',"rollout_percentage":50,"max_buffer_timeout":30',
    ].map((rest) => `{"enabled":false${rest}}`);
    for (const text of halves) {
      const { percentage, settings, ...value } = parseFlag(text);
      const read = parseValue(text, PARTIAL_RESULTS);
      assert.deepEqual([value.enabled, read.enabled], [false, false], text);
      assert.deepEqual([percentage, settings], [read.percentage, {}], text);
      assert.equal(isOff(text), false, "the kill switch writes it anew for clients that are more strict");
      assert.ok(isOff(disabledText(text)));
    }
  });

  it("is disabled by one key, and keeps those of others", () => {
    const text = '{"enabled":true,"rollout_percentage":50,"theme":"dark"}';
    assert.equal(disabledText(text), '{"enabled":false,"rollout_percentage":50,"theme":"dark"}');
  });

  it("is off for applications whatever it said, once it is disabled", () => {
    fc.assert(
      fc.property(text, (found) => {
        const off = disabledText(found);
        assert.equal(parseValue(off, PARTIAL_RESULTS).enabled, false);
        // Clients of other languages may take no half of a value, off or not.
        assert.ok(isOff(off));
        parseFlag(off.replace('"enabled":false', '"enabled":true'));
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps of what applications refuse what they do not, or becomes what configuration says", () => {
    const found = { enabled: true, rollout_percentage: 50, max_buffer_timeout: 30, theme: "dark" };
    const off = { enabled: false, rollout_percentage: 50, theme: "dark" };
    assert.deepEqual(JSON.parse(disabledText(JSON.stringify(found))), off);
    const nothing = { enabled: false, rollout_percentage: 0 };
    for (const text of ['{"enabled":tr', "[]", "{}", '{"rollout_percentage":"50"}']) {
      assert.deepEqual(JSON.parse(disabledText(text)), nothing);
      assert.equal(
        disabledText(text, () => "what configuration says"),
        "what configuration says",
      );
    }
    assert.equal(
      disabledText('{"enabled":true,"rollout_percentage":1}', () => "no"),
      '{"enabled":false,"rollout_percentage":1}',
    );
  });

  it("is lowered for applications, and keeps all else", () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 100 }), (written, percentage) => {
        const lowered = parseValue(loweredText(formatFlag(written), percentage), PARTIAL_RESULTS);
        assert.deepEqual([lowered.enabled, lowered.percentage], [written.enabled, percentage]);
      }),
    );
  });

  it("is told from what else has its path by its key, and nothing of a text that is none is said", () => {
    const secret = "postgres://admin:hunter2@db";
    for (const text of [secret, JSON.stringify(secret), '{"url":"postgres://admin"}', "[]", "{"]) {
      assert.equal(isFlagText(text), false, text);
    }
    assert.equal(isFlagText('{"rollout_percentage":"half"}'), true);
    for (const text of [
      secret,
      ...["enabled", "rollout_percentage"].map((key) => JSON.stringify({ enabled: true, [key]: secret })),
    ]) {
      assert.throws(
        () => parseFlag(text),
        (error: Error) => !error.message.includes("hunter2"),
      );
    }
  });

  it("is compared key by key", () => {
    const before: FlagValue = { enabled: true, percentage: 50, settings: { max_buffer_timeout: 5 } };
    assert.deepEqual(flagChanges(before, before), []);
    const after: FlagValue = { enabled: false, percentage: 50, settings: { min_stability_threshold: 0.9 } };
    assert.deepEqual(flagChanges(before, after), [
      "enabled true → false",
      "max_buffer_timeout 5 → nothing",
      "min_stability_threshold nothing → 0.9",
    ]);
  });
});

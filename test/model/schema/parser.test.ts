import assert from "node:assert/strict";
import fc from "fast-check";
import { COLOURS } from "../../../model/release";
import { SettingsError, parseSettings } from "../../../model/settings";
import { configuration } from "../fixtures";
import { changed, faultsOf } from "../raw";

describe("the parser", function () {
  // Laws are tried on many cases, and other work may share the machine.
  this.timeout(60_000);

  const keys = [
    "app",
    "environment",
    "release",
    "services",
    "registry",
    "domain",
    "certificateArn",
    "limits",
  ];
  const junk = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
  });

  it("throws nothing but SettingsError, whatever it is given", () => {
    fc.assert(fc.property(junk, (raw) => void faultsOf(raw)));
    const inKnownKeys = fc.dictionary(fc.constantFrom(...keys, "__proto__", "other"), junk);
    fc.assert(fc.property(inKnownKeys, (raw) => void faultsOf(raw)));
    const deeper = fc.record(
      {
        release: fc.dictionary(fc.constantFrom("strategy", "live", "traffic", "blue", "green"), junk),
        services: fc.dictionary(
          fc.string(),
          fc.dictionary(fc.constantFrom("public", "health", "port"), junk),
        ),
        limits: fc.dictionary(fc.constantFrom("step", "steps"), junk),
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(deeper, (raw) => void faultsOf({ ...configuration(), ...raw })));
  });

  it("writes one line for each fault, whatever it is given", () => {
    fc.assert(
      fc.property(junk, (raw) => {
        const faults = faultsOf({ ...configuration(), services: raw, release: raw });
        assert.equal(new SettingsError(faults).message.split("\n").length, Math.max(1, faults.length));
      }),
    );
  });

  /** Configuration with every nested key that a fault is put into. */
  interface Raw extends Record<string, unknown> {
    release: Record<"traffic" | "blue" | "green", Record<string, unknown>> & Record<string, unknown>;
    services: Record<"storage" | "analytics", Record<string, unknown>> & Record<string, unknown>;
    limits: Record<string, unknown>;
  }
  const spoilable = () =>
    structuredClone(changed({ services: { storage: {}, analytics: {} }, limits: {} })) as unknown as Raw;

  /** Faults that do not touch one another: the change, and the one path that it makes wrong. */
  const single: [(raw: Raw) => unknown, string][] = [
    [(raw) => (raw["app"] = "Voice Assist"), "sluice:app"],
    [(raw) => (raw["environment"] = "production"), "sluice:environment"],
    [(raw) => delete raw["registry"], "sluice:registry"],
    [(raw) => (raw["domain"] = "no domain"), "sluice:domain"],
    [(raw) => (raw["certificateArn"] = "arn:aws:iam::1:x"), "sluice:certificateArn"],
    [(raw) => (raw["region"] = "us-east-1"), "sluice:region"],
    [(raw) => (raw.limits["step"] = 0), "sluice:limits.step"],
    [(raw) => (raw.limits["bakeTime"] = 5), "sluice:limits.bakeTime"],
    [(raw) => (raw.release.strategy = "big-bang"), "sluice:release.strategy"],
    [(raw) => (raw.release.live = "red"), "sluice:release.live"],
    [(raw) => (raw.release.traffic.green = -1), "sluice:release.traffic.green"],
    [(raw) => (raw.release.blue.version = "latest"), "sluice:release.blue.version"],
    [(raw) => (raw.release.green.images = { nobody: "r/a:1" }), "sluice:release.green.images.nobody"],
    [(raw) => (raw.release.green.services = []), "sluice:release.green.services"],
    [(raw) => (raw.release.green.settings = { "1ST": "x" }), 'sluice:release.green.settings["1ST"]'],
    [(raw) => (raw.release.yellow = {}), "sluice:release.yellow"],
    [(raw) => (raw.services.storage.port = 0), "sluice:services.storage.port"],
    [(raw) => (raw.services.analytics.kind = "cron"), "sluice:services.analytics.kind"],
    [(raw) => (raw.services.Bad_Name = {}), "sluice:services.Bad_Name"],
    [(raw) => (raw.services.nobody = null), "sluice:services.nobody"],
  ];

  it("reports every fault that was put into good configuration, and no other", () => {
    fc.assert(
      fc.property(fc.subarray(single), (chosen) => {
        const raw = spoilable();
        for (const [spoil] of chosen) spoil(raw);
        const found = faultsOf(raw).map(({ path }) => path);
        assert.deepEqual(found.sort(), chosen.map(([, path]) => path).sort());
      }),
      { numRuns: 300 },
    );
  });

  it("answers ten faults with ten lines", () => {
    const raw = spoilable();
    for (const [spoil] of single.slice(0, 10)) spoil(raw);
    const faults = faultsOf(raw);
    assert.equal(faults.length, 10);
    assert.equal(new SettingsError(faults).message.split("\n").length, 10);
  });

  it("reads what it wrote: settings' release is good configuration again", () => {
    const { release } = parseSettings(configuration());
    assert.deepEqual(parseSettings({ ...configuration(), release }).release, release);
    assert.deepEqual(Object.keys(release).sort(), ["live", "strategy", "traffic", ...COLOURS].sort());
  });
});

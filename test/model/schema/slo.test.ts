import assert from "node:assert/strict";
import { SLOW_SECONDS, THRESHOLDS } from "../../../model/analysis/thresholds";
import { BOUNDS } from "../../../model/monitoring/families";
import { SLO, failedPercent } from "../../../model/monitoring/objectives";
import { readSlo } from "../../../model/schema/slo";
import type { Fault } from "../../../model/settings";
import { mend } from "./pulumiConfig";

const SERVICES = ["api-gateway", "voice-service", "analytics", "billing"];

function read(raw: unknown) {
  const faults: Fault[] = [];
  const slo = readSlo(raw, SERVICES, faults);
  return { slo, faults, paths: faults.map(({ path }) => path) };
}

describe("objectives in configuration", () => {
  it("are the guides' by default: 99.9 %, and p95 by what a service does", () => {
    const { slo, faults } = read(undefined);
    assert.deepEqual(faults, []);
    assert.deepEqual(slo, {
      availability: 99.9,
      errorRate: 0.1,
      windowDays: 30,
      services: {
        "api-gateway": { work: "api", p95: 2 },
        "voice-service": { work: "transcription", p95: 2 },
        analytics: { work: "analysis", p95: 5 },
        billing: { work: "api", p95: 2 },
      },
    });
  });

  it("are set key by key; a service's work sets its p95 unless that is set as well", () => {
    const { slo, faults } = read({
      availability: 99.5,
      costPerThousand: 12,
      services: { billing: { work: "analysis" }, analytics: { p95: 1 }, "api-gateway": { p95: 0.5 } },
    });
    assert.deepEqual(faults, []);
    assert.deepEqual(slo.services["billing"], { work: "analysis", p95: 5 });
    assert.deepEqual(slo.services["analytics"], { work: "analysis", p95: 1 });
    assert.deepEqual(slo.services["api-gateway"], { work: "api", p95: 0.5 });
    assert.equal(slo.costPerThousand, 12);
    assert.equal(slo.windowDays, SLO.windowDays);
  });

  it("take a number with a fraction as the engine's command writes it: as text", () => {
    const { slo, faults } = read({ availability: "99.95", services: { billing: { p95: "0.5" } } });
    assert.deepEqual(faults, []);
    assert.deepEqual([slo.availability, slo.services["billing"]?.p95], [99.95, 0.5]);
  });

  it("allow as many failures as the stricter of availability and error rate", () => {
    const allowed = (raw: object) => failedPercent(read(raw).slo);
    assert.equal(allowed({}), 0.1);
    assert.equal(allowed({ availability: 99.5 }), 0.1);
    assert.equal(allowed({ availability: 99.5, errorRate: 1 }), 0.5);
    assert.equal(allowed({ availability: 99.99, errorRate: 1 }), 0.01);
  });

  it("are never weaker than the limits that hold and retreat", () => {
    assert.deepEqual(read({ availability: 100 - THRESHOLDS.errorGate.above }).faults, []);
    assert.deepEqual(read({ availability: 98.9 }).paths, ["sluice:slo.availability"]);
    assert.deepEqual(read({ errorRate: 1.1 }).paths, ["sluice:slo.errorRate"]);
    const slower = BOUNDS.find((bound) => bound > SLOW_SECONDS);
    assert.deepEqual(read({ services: { billing: { p95: slower } } }).paths, [
      "sluice:slo.services.billing.p95",
    ]);
  });

  it("tell each fault where it is, with a command that mends it", () => {
    const wrong: readonly (readonly [unknown, string])[] = [
      ["99.9", "slo"],
      [{ availabilty: 99 }, "slo.availabilty"],
      [{ availability: 100 }, "slo.availability"],
      [{ availability: "much" }, "slo.availability"],
      [{ errorRate: 0 }, "slo.errorRate"],
      [{ windowDays: 7 }, "slo.windowDays"],
      [{ windowDays: 41 }, "slo.windowDays"],
      [{ costPerThousand: -1 }, "slo.costPerThousand"],
      [{ services: ["billing"] }, "slo.services"],
      [{ services: { biling: {} } }, "slo.services.biling"],
      [{ services: { billing: 2 } }, "slo.services.billing"],
      [{ services: { billing: { work: "analyis" } } }, "slo.services.billing.work"],
      [{ services: { billing: { p95: 3 } } }, "slo.services.billing.p95"],
      [{ services: { billing: { p99: 2 } } }, "slo.services.billing.p99"],
    ];
    for (const [raw, path] of wrong) {
      const { faults, paths } = read(raw);
      assert.deepEqual(paths, [`sluice:${path}`], JSON.stringify(raw));
      const { slo } = mend({ slo: raw }, faults[0]!.remedy) as { slo?: unknown };
      assert.deepEqual(read(slo).faults, [], faults[0]!.remedy);
    }
  });
});

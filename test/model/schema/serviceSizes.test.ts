import assert from "node:assert/strict";
import { parseSettings } from "../../../model/settings";
import { changed, faultsOf, pathsOf } from "../raw";

const sized = (settings: object) => ({ services: { storage: settings } });
const storage = (settings: object) => parseSettings(changed(sized(settings))).services["storage"]!;

describe("the greatest number of a service's pods", () => {
  it("is three times its full size, also where that is set, unless it is set itself", () => {
    assert.equal(storage({}).maxReplicas, 9);
    assert.equal(storage({ replicas: 5 }).maxReplicas, 15);
    assert.equal(storage({ replicas: 5, maxReplicas: 6 }).maxReplicas, 6);
    const { services } = parseSettings(changed({ services: {} }));
    assert.equal(services["admin-panel"]!.maxReplicas, 6);
  });

  it("is at least its full size", () => {
    assert.deepEqual(pathsOf(sized({ replicas: 5, maxReplicas: 5 })), []);
    const [fault] = faultsOf(changed(sized({ replicas: 5, maxReplicas: 4 })));
    assert.equal(fault?.path, "sluice:services.storage.maxReplicas");
    assert.equal(
      fault.remedy,
      "pulumi config set --path sluice:services.storage.maxReplicas 5".replace(/sluice\S+/, "'$&'"),
    );
  });

  it("bounds the capacity that a colour may be given, to the pod", () => {
    const asked = (green: number) => ({ release: { capacity: { green } } });
    assert.deepEqual(pathsOf(asked(300)), []);
    const faults = faultsOf(changed(asked(301)));
    assert.deepEqual([...new Set(faults.map(({ path }) => path))], ["sluice:release.capacity.green"]);
    assert.match(faults[0]!.allowed, /api-gateway's maxReplicas, 9; this one is 10 pods/);
    assert.match(faults[0]!.remedy, /'sluice:services.api-gateway.maxReplicas' 10$/);
  });
});

describe("where a service's health is asked", () => {
  it("is about the pod itself for restarts and requests, and about what it needs for its start", () => {
    assert.deepEqual(storage({}).health, {
      liveness: "/health",
      readiness: "/health",
      startup: "/health/detailed",
      checks: ["/health/db", "/health/redis"],
    });
  });

  it("is set path by path, and each must be one", () => {
    const health = { startup: "/up", checks: ["/db"] };
    assert.deepEqual(storage({ health }).health, {
      liveness: "/health",
      readiness: "/health",
      startup: "/up",
      checks: ["/db"],
    });
    assert.deepEqual(pathsOf(sized({ health: { startup: "up", checks: ["db"] } })), [
      "sluice:services.storage.health.startup",
      "sluice:services.storage.health.checks[0]",
    ]);
  });
});

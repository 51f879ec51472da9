import assert from "node:assert/strict";
import { guardArgs } from "../../components/release/guard";
import { greenAt } from "../../model/release";
import { parseSettings } from "../../model/settings";
import { REGION } from "../cloud/readers-fixture";
import { configuration, promoted, recorded, release, transition } from "../model/fixtures";
import { FENCE } from "./guardFixture";

describe("a stack's guard", () => {
  const settings = parseSettings({ ...configuration(), environment: "dev" });
  const of = (intent: Parameters<typeof guardArgs>[1]) => guardArgs(settings, intent, REGION);

  it("stands before the weighted rule of each public service, and before no other", () => {
    const { rules, fence, region } = of(transition(undefined, release(0)));
    assert.deepEqual(Object.keys(rules), [
      "api-gateway-weighted",
      "voice-service-weighted",
      "admin-panel-weighted",
    ]);
    assert.deepEqual([fence, region], [FENCE, REGION]);
  });

  it("knows colours by the names of their target groups, and sizes and versions from the settings", () => {
    const { rules } = of(transition(recorded(release(10)), release(25)));
    assert.deepEqual(rules["api-gateway-weighted"], {
      service: "api-gateway",
      namespace: "voiceassist",
      targetGroups: { blue: "voiceassist-dev-api-gateway-blue", green: "api-gateway-green-22cda250" },
      versions: { blue: "2.3.1", green: "2.4.0" },
      trusted: ["blue"],
      replicas: 1,
      floors: { blue: 1, green: 1 },
      recorded: greenAt(10),
    });
    const raised = of(transition(recorded(release(10)), release(10, { capacity: { green: 300 } })));
    assert.deepEqual(raised.rules["api-gateway-weighted"]?.floors, { blue: 1, green: 3 });
  });

  it("asks nothing about the predecessor while it is a way back", () => {
    const back = transition(promoted(), release(0, { live: "green" }));
    assert.deepEqual(of(back).rules["api-gateway-weighted"]?.trusted, ["blue", "green"]);
  });
});

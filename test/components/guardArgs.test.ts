import assert from "node:assert/strict";
import { guardArgs } from "../../components/release/guardArgs";
import { allTo, greenAt } from "../../model/release";
import { parseSettings } from "../../model/settings";
import { REGION } from "../cloud/readers-fixture";
import {
  LIMITS,
  NEW,
  PUBLIC,
  SERVICES,
  START,
  configuration,
  promoted,
  recorded,
  release,
  transition,
} from "../model/fixtures";
import { FENCE, VALIDATIONS } from "./guardFixture";

describe("a stack's guard", () => {
  const settings = parseSettings({ ...configuration(), environment: "dev" });
  const of = (intent: Parameters<typeof guardArgs>[1]) => guardArgs(settings, intent, REGION);

  it("stands before the weighted rule of each public service, and before no other", () => {
    const { rules, fence, validations, region } = of(transition(undefined, release(0)));
    assert.deepEqual(Object.keys(rules), [
      "api-gateway-weighted",
      "voice-service-weighted",
      "admin-panel-weighted",
    ]);
    assert.deepEqual([fence, validations, region], [FENCE, VALIDATIONS, REGION]);
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

  it("asks for as many requests as the stricter of the recorded and the new limit, since the last change", () => {
    const asking = (before: number | undefined, after: number) =>
      of(
        transition(
          recorded(release(10), before === undefined ? {} : { limits: { samples: before } }),
          release(25),
          { limits: { ...LIMITS, samples: after } },
        ),
      ).samples;
    assert.deepEqual([asking(500, 0), asking(0, 500), asking(undefined, 7)], [500, 500, 7]);
    assert.equal(of(transition(recorded(release(10)), release(25))).since, START);
    assert.equal(of(transition(undefined, release(0))).since, undefined);
  });

  describe("knows what a rule had before", () => {
    const had = (changes: Parameters<typeof recorded>[1], asked = release(10)) =>
      of(transition(recorded(asked, changes), release(25))).rules["api-gateway-weighted"]?.recorded;

    it("from the rule itself, though it is not what the release asked for", () => {
      assert.deepEqual(had({ rules: { "api-gateway": greenAt(5) } }), greenAt(5));
    });

    it("from the release where the rule has vanished, so that no more than that comes back unasked", () => {
      assert.deepEqual(had({ rules: {} }), greenAt(10));
    });

    it("from the release where one colour has the service to itself", () => {
      const green = { ...NEW, services: PUBLIC.slice(1) };
      assert.deepEqual(had({ rules: {} }, release(10, { green })), allTo("blue"));
    });

    it("which is nothing, of a service that is new or was internal, and of a new stack", () => {
      const { "api-gateway": api, ...others } = SERVICES;
      assert.equal(had({ rules: {}, services: others }), undefined);
      const internal = { ...SERVICES, "api-gateway": { ...api!, public: false } };
      assert.equal(had({ rules: {}, services: internal }), undefined);
      assert.equal(of(transition(undefined, release(0))).rules["api-gateway-weighted"]?.recorded, undefined);
    });
  });

  it("asks nothing about the predecessor while it is a way back", () => {
    const back = transition(promoted(), release(0, { live: "green" }));
    assert.deepEqual(of(back).rules["api-gateway-weighted"]?.trusted, ["blue", "green"]);
  });
});

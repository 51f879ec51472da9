import assert from "node:assert/strict";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import * as pulumi from "@pulumi/pulumi";
import { type Guarded, guardArgs, standGuard } from "../../components/release/guard";
import { LISTENER_RULE, TARGET_GROUP } from "../../rehearsal/cloud/balancer/resources";
import { greenAt } from "../../model/release";
import { parseSettings } from "../../model/settings";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";
import { configuration, promoted, recorded, release, transition } from "../model/fixtures";
import { ARNS, ruleArn } from "../rehearsal/balancer-fixture";
import { both, forward } from "../rehearsal/endpoint-fixture";
import { RecordingMocks } from "./mocks";

const FENCE = "/sluice/voiceassist/dev/fence";
const RULE = ruleArn("weights");

const API: Guarded = {
  service: "api-gateway",
  targetGroups: { blue: "blue", green: "green" },
  versions: { blue: "2.3.1", green: "2.4.0" },
  trusted: ["blue"],
  replicas: 3,
  recorded: greenAt(10),
};

const inputs = (green: number, arns: { blue: unknown; green: unknown } = ARNS) => ({
  actions: [
    {
      type: "forward",
      forward: {
        targetGroups: [
          { arn: arns.blue, weight: 100 - green },
          { arn: arns.green, weight: green },
        ],
      },
    },
  ],
});

/** Whether the engine only looks, as the SDK is told. */
const previewing = (preview: boolean) =>
  pulumi.runtime.setMocks(new RecordingMocks(), "sluice", "dev", preview);

describe("guard", () => {
  let aws: PointedAt;
  beforeEach(async () => {
    await previewing(false);
    aws = await pointAtEndpoint();
    for (let index = 0; index < 3; index += 1) {
      aws.world.register(ARNS.green, { id: `10.0.0.${index}`, port: 8080 });
    }
    for (const target of aws.world.targets(ARNS.green)) target.state = "healthy";
  });
  afterEach(() => aws.end());

  const unhealthy = (count: number) => {
    for (const target of aws.world.targets(ARNS.green).slice(0, count)) target.state = "unhealthy";
  };
  const fence = (Value: string) =>
    aws.parameters.send(new PutParameterCommand({ Name: FENCE, Value, Type: "String" }));

  /** The engine before an update of the weighted rule; without `from`, before its creation. */
  const asked = (
    from: number | undefined,
    to: number,
    { guarded = {}, ...hook }: { guarded?: Partial<Guarded> } & Partial<pulumi.ResourceHookArgs> = {},
  ) =>
    standGuard(
      { region: REGION, fence: FENCE, rules: { "api-gateway-weighted": { ...API, ...guarded } } },
      {
        urn: "urn:pulumi:dev::sluice::aws:lb/listenerRule:ListenerRule::api-gateway-weighted",
        name: "api-gateway-weighted",
        type: LISTENER_RULE,
        id: from === undefined ? "" : RULE,
        newInputs: inputs(to),
        ...(from !== undefined && { oldInputs: inputs(from) }),
        ...hook,
      },
    );

  it("permits a rise with the targets that it needs, and refuses it with one less", async () => {
    unhealthy(1);
    await asked(10, 50);
    unhealthy(2);
    await assert.rejects(
      asked(10, 50),
      /^Error: guard refuses api-gateway green 2\.4\.0: 10 % → 50 %: 1 healthy targets/,
    );
  });

  it("refuses a rise where somebody raised or lowered the rule by hand", async () => {
    await aws.modify(forward({ TargetGroups: both(89, 11) }));
    await assert.rejects(asked(10, 50), /11 % at the load balancer and 10 % in state/);
    await aws.modify(forward({ TargetGroups: both(95, 5) }));
    await assert.rejects(asked(10, 50), /5 % at the load balancer and 10 % in state: somebody lowered it/);
  });

  it("takes other weights of the same shares for what they are", async () => {
    await aws.modify(forward({ TargetGroups: both(9, 1) }));
    await asked(10, 50);
  });

  it("permits the rise after a refresh has brought what somebody set by hand into the state", async () => {
    await aws.modify(forward({ TargetGroups: both(2, 1) }));
    const oldInputs = inputs(0);
    oldInputs.actions[0]!.forward.targetGroups.forEach((group, index) => (group.weight = 2 - index));
    await asked(0, 50, { oldInputs });
  });

  it("refuses the fenced version, and lets another rise", async () => {
    await fence(JSON.stringify({ version: "2.4.0", reason: "wrong totals", by: "on-call", at: "now" }));
    await assert.rejects(asked(10, 50), /version 2\.4\.0 is fenced since now by on-call: wrong totals/);
    await asked(10, 50, { guarded: { versions: { blue: "2.3.1", green: "2.4.1" } } });
  });

  it("refuses a fenced version also where it was trusted, and goes back where the fence cannot be seen", async () => {
    await fence(JSON.stringify({ version: "2.3.1", reason: "wrong totals", by: "on-call", at: "now" }));
    await assert.rejects(asked(50, 10), /guard refuses api-gateway blue 2\.3\.1: 50 % → 90 %.*fenced/);
    await aws.fail("ssm:GetParameter", "InternalServerError");
    await asked(50, 10);
  });

  it("permits a fall and a standstill without a look at the world", async () => {
    unhealthy(3);
    for (const action of ["DescribeRules", "DescribeTargetHealth"]) {
      await aws.fail(`elasticloadbalancing:${action}`, "InternalFailure");
    }
    await asked(10, 9);
    await asked(10, 10);
    await asked(10, 0);
  });

  it("does not ask about colours that are trusted: a way back is never barred", async () => {
    unhealthy(3);
    await asked(10, 50, { guarded: { trusted: ["blue", "green"] } });
    await assert.rejects(asked(10, 50), /healthy targets/);
  });

  it("lets rules pass that are none of the release's", async () => {
    unhealthy(3);
    await asked(10, 50, { name: "api-gateway-green-header" });
  });

  describe("refuses at an update a rise that it cannot judge", () => {
    const cannot = /a rise that cannot be judged is refused/;

    it("because the rule is gone, or the engine does not tell which it is", async () => {
      await assert.rejects(asked(10, 50, { id: "" }), cannot);
      aws.world.remove(LISTENER_RULE, RULE);
      await assert.rejects(asked(10, 50), cannot);
    });

    it("because the target group is gone", async () => {
      aws.world.remove(TARGET_GROUP, ARNS.green);
      await assert.rejects(asked(10, 50), cannot);
    });

    it("because nobody lets it look at the fence", async () => {
      await aws.fail("ssm:GetParameter", "AccessDeniedException");
      await assert.rejects(asked(10, 50), /AccessDeniedException: injected\); a rise that cannot be judged/);
    });

    it("because the fence cannot be read", async () => {
      await fence("2.4.0 is bad");
      await assert.rejects(asked(10, 50), /the fence is no JSON: found 2\.4\.0 is bad\); a rise that/);
    });
  });

  describe("at a creation", () => {
    it("asks about the whole share of a rule that is new", async () => {
      await asked(undefined, 50, { guarded: { recorded: undefined } });
      unhealthy(2);
      await assert.rejects(
        asked(undefined, 50, { guarded: { recorded: undefined } }),
        /green 2\.4\.0: 0 % → 50 %: 1 healthy/,
      );
    });

    it("counts a replacement from what the state has, so that a fall passes and a rise does not", async () => {
      unhealthy(3);
      await asked(undefined, 10);
      await asked(undefined, 5);
      await assert.rejects(asked(undefined, 11), /green 2\.4\.0: 10 % → 11 %: 0 healthy/);
    });
  });

  describe("in a preview", () => {
    let warnings: string[];
    const { warn } = console;
    const { error } = console;
    beforeEach(async () => {
      await previewing(true);
      warnings = [];
      console.warn = console.error = (line: string) => void warnings.push(line);
    });
    afterEach(() => {
      console.warn = warn;
      console.error = error;
    });

    it("refuses what the update would refuse", async () => {
      unhealthy(3);
      await assert.rejects(asked(10, 50), /0 healthy targets/);
      assert.deepEqual(warnings, []);
    });

    it("warns where it may not look, and goes on", async () => {
      await aws.fail("ssm:GetParameter", "AccessDeniedException");
      await asked(10, 50);
      assert.equal(warnings.length, 1);
      assert.match(
        warnings[0]!,
        /api-gateway green 2\.4\.0: 10 % → 50 % could not be judged here \(AccessDeniedException/,
      );
    });

    it("warns of a new service whose target groups are still to come, and not of trusted colours", async () => {
      const unknown = { newInputs: inputs(10, { blue: {}, green: {} }), guarded: { recorded: undefined } };
      await asked(undefined, 10, unknown);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, /api-gateway green 2\.4\.0: 0 % → 10 % could not be judged here/);
    });
  });
});

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
      targetGroups: { blue: "voiceassist-dev-api-gateway-blue", green: "api-gateway-green-22cda250" },
      versions: { blue: "2.3.1", green: "2.4.0" },
      trusted: ["blue"],
      replicas: 1,
      recorded: greenAt(10),
    });
  });

  it("asks nothing about the predecessor while it is a way back", () => {
    const back = transition(promoted(), release(0, { live: "green" }));
    assert.deepEqual(of(back).rules["api-gateway-weighted"]?.trusted, ["blue", "green"]);
  });
});

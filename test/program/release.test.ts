import assert from "node:assert/strict";
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { greenAt } from "../../model/release";
import { startTraffic } from "../../rehearsal/traffic/traffic";
import { FAILING_RISK, binomialInterval } from "../../rehearsal/traffic/interval";
import { shiftUrns } from "../../rehearsal/urns";
import {
  type Closing,
  type LocalStack,
  PATIENCE,
  closeAll,
  inputsIn,
  localStack,
  outputsIn,
} from "./fixture";

/** How the engine's protocol writes a value that is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SERVICES = ["admin-panel", "api-gateway", "voice-service"];
const SHIFT = shiftUrns("dev", "sluice", SERVICES).sort();
const FENCE = "/sluice/voiceassist/dev/fence";

/** One release, step by step; each test goes on where the one before it ended. */
describe("a release of dev on the real engine", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let local: LocalStack;
  let balancing: ElasticLoadBalancingV2Client;
  let parameters: SSMClient;

  before(async () => {
    local = await localStack();
    opened.push(local);
    const aws = {
      endpoint: local.cloud.address.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    };
    balancing = new ElasticLoadBalancingV2Client(aws);
    parameters = new SSMClient(aws);
  });
  after(() => closeAll(opened));

  const up = async () => {
    const outcome = await local.stack.up();
    assert.equal(outcome.result, "succeeded", outcome.diagnostics.join("\n"));
    return outcome;
  };
  const shiftTo = (green: number) => local.edit({ traffic: greenAt(green) });

  /** The rule's green weight at the load balancer itself, in percent. */
  const greenWeight = async (service: string) => {
    const rules = ((await local.stack.outputs())["rules"]?.value ?? {}) as Record<string, string>;
    const described = await balancing.send(new DescribeRulesCommand({ RuleArns: [rules[service]!] }));
    const rule = described.Rules![0]!;
    const groups = rule.Actions![0]!.ForwardConfig!.TargetGroups!;
    const isGreen = (arn = "") => /green/.test(arn);
    return {
      arn: rule.RuleArn!,
      green: groups.find((group) => isGreen(group.TargetGroupArn))!.Weight!,
      set: (weight: number) =>
        balancing.send(
          new ModifyRuleCommand({
            RuleArn: rule.RuleArn,
            Actions: [
              {
                Type: "forward",
                ForwardConfig: {
                  TargetGroups: groups.map(({ TargetGroupArn }) => ({
                    TargetGroupArn,
                    Weight: isGreen(TargetGroupArn) ? weight : 100 - weight,
                  })),
                  TargetGroupStickinessConfig: { Enabled: false, DurationSeconds: 60 },
                },
              },
            ],
          }),
        ),
    };
  };

  /** Deployments that a service's weighted rule waited for, as the state has it. */
  const waitedFor = async (service: string) => {
    const { deployment } = JSON.parse(await local.byHand("pulumi stack export -s dev")) as {
      deployment: { resources: { urn: string; dependencies?: string[] }[] };
    };
    const rule = deployment.resources.find(({ urn }) => urn.endsWith(`::${service}-weighted`));
    return (rule?.dependencies ?? []).flatMap((urn) => /Deployment::(.*)$/.exec(urn)?.[1] ?? []).sort();
  };

  it("shows in the first preview that the load balancer's name is not known yet", async () => {
    const events: EngineEvent[] = [];
    const { result, diagnostics } = await local.stack.preview({ onEvent: (event) => events.push(event) });
    assert.equal(result, "succeeded", diagnostics.join("\n"));
    const balancer = outputsIn(events, "loadBalancer:LoadBalancer::voiceassist-dev");
    assert.equal(balancer?.["dnsName"], UNKNOWN);
    assert.equal(balancer["name"], "voiceassist-dev");
  });

  it("deploys, then settles the transition and nothing else, then changes nothing", async () => {
    assert.ok((await up()).changes.create > 80);
    assert.deepEqual((await up()).updated, [SHIFT.find((urn) => urn.includes("Transition"))]);
    const third = await up();
    assert.deepEqual({ ...third.changes, same: 0 }, { create: 0, update: 0, delete: 0, replace: 0, same: 0 });
  });

  it("deploys the candidate without touching a rule", async () => {
    await local.edit({ green: { version: "2.4.0" } });
    const { updated, changes } = await up();
    assert.deepEqual(
      updated.filter((urn) => urn.includes("listenerRule")),
      [],
    );
    assert.equal(changes.delete + changes.replace, 0);
  });

  it("previews a shift as that one change and the transition, and updates exactly these", async () => {
    await shiftTo(10);
    const preview = await local.stack.preview();
    assert.deepEqual(preview.updated.sort(), SHIFT);
    const update = await up();
    assert.deepEqual(update.updated.sort(), SHIFT);
    assert.deepEqual(
      { ...update.changes, same: 0, update: 0 },
      { create: 0, update: 0, delete: 0, replace: 0, same: 0 },
    );
  });

  it("waits, before a share rises, for every service of that colour, internal ones too", async () => {
    const all = ["admin-panel", "analytics", "api-gateway", "notification", "storage", "voice-service"];
    assert.deepEqual(
      await waitedFor("api-gateway"),
      all.map((service) => `${service}-green`),
    );
  });

  it("is shown by plain pulumi in the working copy: an edit of traffic is that one change and the transition", async () => {
    await shiftTo(20);
    const diff = await local.byHand("pulumi preview -s dev --diff --non-interactive --color never");
    await shiftTo(10);
    const changed = [...diff.matchAll(/^ +~ (\S+): \(update\)$/gm)].map(([, type]) => type);
    const rule = "aws:lb/listenerRule:ListenerRule";
    assert.deepEqual(changed.sort(), [rule, rule, rule, "sluice:release:Transition"], diff);
    assert.match(diff, /~ weight: 10 => 20/);
    assert.match(diff, /~ green: 10 => 20/);
    assert.doesNotMatch(diff, /^ +[+-] \S+: \((create|delete|replace)\)$/m);
  });

  it("moves traffic when weights change through the AWS endpoint alone", async () => {
    const rule = await greenWeight("api-gateway");
    assert.equal(rule.green, 10);
    const [listener] = await local.cloud.listeners();
    const share = async (expected: number) => {
      await rule.set(expected);
      const traffic = startTraffic({
        targets: [{ service: "api-gateway", url: `${listener!.url}/api` }],
        sessions: 20,
        requestsPerSession: 1,
        // Less than makes a pod more, which a rise would have to have room for.
        ratePerSecond: 300,
      });
      while (traffic.counts().assigned.blue + traffic.counts().assigned.green < 1_000) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await traffic.stop();
      const { blue, green } = traffic.counts().assigned;
      const { fewest, most } = binomialInterval(blue + green, expected, FAILING_RISK);
      assert.ok(green >= fewest && green <= most, `${green} of ${blue + green} at ${expected} %`);
    };
    for (const expected of [75, 0, 10]) await share(expected);
  });

  it("refuses a rise while somebody has raised the rule by hand, and allows it again after", async () => {
    const rule = await greenWeight("api-gateway");
    await rule.set(60);
    await shiftTo(50);
    const refused = await local.stack.up();
    assert.equal(refused.result, "failed");
    assert.match(
      refused.diagnostics.join("\n"),
      /guard refuses api-gateway green 2\.4\.0: 10 % → 50 %.*raised it/s,
    );
    assert.equal((await greenWeight("api-gateway")).green, 60, "what somebody did by hand stays");
    await rule.set(10);
  });

  it("levels the others after an update in which one of three rules failed", async () => {
    await shiftTo(10);
    await up();
    await local.cloud.fail({
      action: "update",
      type: "aws:lb/listenerRule:ListenerRule",
      name: "^voice-service-weighted$",
      error: { code: "Throttling", message: "Rate exceeded" },
      times: 1,
    });
    await shiftTo(50);
    const failed = await local.stack.up({ parallel: 1 });
    assert.equal(failed.result, "failed");
    assert.match(failed.diagnostics.join("\n"), /Rate exceeded/);

    const events: EngineEvent[] = [];
    const preview = await local.stack.preview({ onEvent: (event) => events.push(event) });
    assert.equal(preview.result, "succeeded", preview.diagnostics.join("\n"));
    const { from } = inputsIn(events, "sluice:release:Transition::release") as {
      from: { rules: Record<string, { green: number }> };
    };
    const live = await Promise.all(SERVICES.map(async (service) => (await greenWeight(service)).green));
    const shown = SERVICES.map((service) => from.rules[service]?.green);
    assert.deepEqual(shown, live, "the transition starts from what each rule truly has");
    assert.equal(from.rules["voice-service"]?.green, 10);

    await up();
    const levelled = await Promise.all(SERVICES.map(async (service) => (await greenWeight(service)).green));
    assert.deepEqual(levelled, [50, 50, 50]);
  });

  it("refuses a fenced version's rise, and permits its fall", async () => {
    const fence = { version: "2.4.0", reason: "wrong totals", by: "on-call", at: "2026-01-01T00:00:00Z" };
    await parameters.send(
      new PutParameterCommand({ Name: FENCE, Type: "String", Value: JSON.stringify(fence) }),
    );
    await shiftTo(100);
    const refused = await local.stack.up();
    assert.equal(refused.result, "failed");
    assert.match(
      refused.diagnostics.join("\n"),
      /version 2\.4\.0 is fenced since .* by on-call: wrong totals/,
    );
    await shiftTo(25);
    await up();
  });

  it("without sight of AWS warns in a preview, refuses a rise, and permits a retreat", async () => {
    const blind = await local.openedWith({ AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    await shiftTo(50);
    const preview = await blind.preview();
    assert.equal(preview.result, "succeeded", preview.diagnostics.join("\n"));
    assert.match(preview.diagnostics.join("\n"), /could not be judged here/);
    const rise = await blind.up();
    assert.equal(rise.result, "failed");
    assert.match(
      rise.diagnostics.join("\n"),
      /could not be observed.*a rise that cannot be judged is refused/s,
    );
    await shiftTo(0);
    const retreat = await blind.up();
    assert.equal(retreat.result, "succeeded", retreat.diagnostics.join("\n"));
    assert.equal((await greenWeight("admin-panel")).green, 0);
    const candidates = (await waitedFor("admin-panel")).filter((name) => name.endsWith("-green"));
    assert.deepEqual(candidates, [], "going back waits for no pod of what it leaves");
  });

  it("is refused by the program itself, with the rule's id, when no policy pack is passed", async () => {
    await shiftTo(100);
    const { result, diagnostics, changes } = await local.stack.preview();
    assert.equal(result, "failed");
    assert.match(diagnostics.join("\n"), /T1 sluice:release\.traffic\.green/);
    assert.equal(changes.update, 0);
  });
});

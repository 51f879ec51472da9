import assert from "node:assert/strict";
import { join } from "node:path";
import { ElasticLoadBalancingV2Client, ModifyRuleCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { clientConfig } from "../../cloud/client";
import { ENVIRONMENTS, type Environment, WATCHED } from "../../model/environments";
import { invoke } from "../../rehearsal/cloud/functions";
import type { Outcome } from "../../rehearsal/engine/workspace";
import { type Closing, type LocalStack, PATIENCE, PROJECT, closeAll, localStack } from "./fixture";

const NOTHING = { create: 0, update: 0, delete: 0, replace: 0 };

/** Takes all weights from one of the stack's rules by hand. @returns its service */
async function withoutWeights({ cloud }: LocalStack, environment: Environment): Promise<string> {
  const client = new ElasticLoadBalancingV2Client({
    ...{ ...clientConfig("us-east-1"), endpoint: cloud.address.endpoint },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const held = await cloud.held();
  const rule = held.find(({ properties }) => {
    const tags = (properties["tags"] ?? {}) as Readonly<Record<string, string>>;
    return tags["sluice:role"] === "weighted" && tags["sluice:environment"] === environment;
  })!;
  const [{ forward }] = rule.properties["actions"] as [{ forward: { targetGroups: { arn: string }[] } }];
  const TargetGroups = forward.targetGroups.map(({ arn }) => ({ TargetGroupArn: arn, Weight: 0 }));
  await client.send(
    new ModifyRuleCommand({
      RuleArn: rule.id,
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
    }),
  );
  client.destroy();
  return (rule.properties["tags"] as Readonly<Record<string, string>>)["sluice:service"]!;
}

const changesOf = ({ changes: { same: _, ...changes } }: Outcome) => changes;

for (const name of ENVIRONMENTS) {
  describe(`the stack ${name}, as its file has it, in an empty account`, function () {
    this.timeout(3 * PATIENCE);
    const opened: Closing[] = [];
    let local: LocalStack;

    before(async () => {
      local = await localStack(name);
      opened.push(local);
    });
    after(() => closeAll(opened));

    const policyPacks = ["policies", "policies/platform"].map((folder) => join(PROJECT, folder));
    const up = async (options = {}) => {
      const outcome = await local.stack.up(options);
      assert.equal(outcome.result, "succeeded", outcome.diagnostics.join("\n"));
      return outcome;
    };

    it("passes both policy packs in its first preview, when little is known", async () => {
      const { result, diagnostics } = await local.stack.preview({ policyPacks });
      assert.equal(result, "succeeded", diagnostics.join("\n"));
    });

    it("is deployed by one update, which both policy packs pass", async () => {
      const { replaced, diagnostics } = await up({ policyPacks });
      assert.deepEqual(replaced, []);
      // What cannot be judged is said: nothing tells yet what staging trusts.
      const unjudged = diagnostics.filter((text) => /so T9 does not judge it/.test(text));
      assert.equal(unjudged.length, name === "prod" ? 1 : 0);
      assert.deepEqual(diagnostics, unjudged);
    });

    it("settles its transition with the second update, and nothing else", async () => {
      const second = await up();
      assert.deepEqual(changesOf(second), { ...NOTHING, update: 1 }, second.updated.join("\n"));
      assert.match(second.updated[0]!, /::sluice:release:Transition::release$/);
    });

    it("is not changed by the third", async () => {
      const third = await up();
      assert.deepEqual(changesOf(third), NOTHING, third.updated.join("\n"));
    });

    if (WATCHED[name]) {
      it("is watched by its function, which gives a rule that lost its weights back to the live colour", async () => {
        const watcher = `voiceassist-${name}-watch`;
        const quiet = await invoke(local.cloud, watcher);
        assert.deepEqual(quiet.error ?? (quiet.answer as { kind: string }).kind, "quiet", quiet.log);
        const moved = await withoutWeights(local, name);
        const found = await invoke(local.cloud, watcher);
        assert.equal(
          (found.answer as { kind: string } | undefined)?.kind,
          "lowered",
          found.error ?? found.log,
        );
        assert.match(found.log, new RegExp(`${moved}: blue 0, green 0 → blue 100, green 0`));
      });
    }

    if (name === "prod") {
      it("is not destroyed while its data is protected: nothing of it goes", async () => {
        const before = (await local.cloud.held()).length;
        await assert.rejects(
          local.byHand("pulumi destroy -s prod --yes --non-interactive"),
          (error: Error) => {
            assert.match(`${error.message}${(error as { stdout?: string }).stdout ?? ""}`, /protected/);
            return true;
          },
        );
        assert.equal((await local.cloud.held()).length, before);
      });
    } else {
      it("is destroyed without a trace, or but for its last snapshots and their key", async () => {
        const { result, diagnostics } = await local.stack.destroy();
        assert.equal(result, "succeeded", diagnostics.join("\n"));
        const kept = await local.cloud.held();
        const last = ["aws:elasticache/snapshot:Snapshot", "aws:kms/key:Key", "aws:rds/snapshot:Snapshot"];
        assert.deepEqual([...new Set(kept.map(({ type }) => type))].sort(), name === "dev" ? [] : last);
      });
    }
  });
}

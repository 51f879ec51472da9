import assert from "node:assert/strict";
import { join } from "node:path";
import { ENVIRONMENTS } from "../../model/environments";
import type { Outcome } from "../../rehearsal/engine/workspace";
import { type Closing, type LocalStack, PATIENCE, PROJECT, closeAll, localStack } from "./fixture";

const NOTHING = { create: 0, update: 0, delete: 0, replace: 0 };

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

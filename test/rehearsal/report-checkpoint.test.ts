import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRET, SIGNATURE } from "../../rehearsal/cloud/providers/values";
import { type Saved, checkpointOf, netChanges } from "../../rehearsal/report/checkpoint";

const one = (name: string, inputs: unknown = {}, id = name): Saved => ({
  ...{ urn: `urn:pulumi:dev::sluice::a:b:C::${name}`, type: "a:b:C", id, inputs },
});

describe("what updates have changed between two states", () => {
  it("is each resource that differs, with what does, however many updates there were", () => {
    const before = [one("rule", { weight: 0 }), one("old"), one("job", { image: "1" }, "first"), one("same")];
    const after = [
      one("rule", { weight: 10 }),
      one("job", { image: "2" }, "second"),
      one("same"),
      one("new"),
    ];
    const { changes, updated, resources } = netChanges(before, after);
    assert.deepEqual(changes, { create: 1, update: 1, delete: 1, replace: 1, same: 1 });
    assert.deepEqual(updated, ["urn:pulumi:dev::sluice::a:b:C::rule"]);
    assert.deepEqual(
      resources.map(({ kind, name, properties }) => [kind, name, properties]),
      [
        ["update", "rule", [{ path: "weight", from: "0", to: "10" }]],
        ["replace", "job", [{ path: "image", from: '"1"', to: '"2"' }]],
        ["create", "new", []],
        ["delete", "old", []],
      ],
    );
  });

  it("is nothing where only a secret was sealed anew, and never shows one", async () => {
    const dir = await mkdtemp(join(tmpdir(), "sluice-checkpoint-"));
    const folder = join(dir, "state", ".pulumi", "stacks", "sluice");
    try {
      await mkdir(folder, { recursive: true });
      const saved = async (ciphertext: string) => {
        const resources = [one("key", { value: { [SIGNATURE]: SECRET, ciphertext } })];
        await writeFile(join(folder, "dev.json"), JSON.stringify({ checkpoint: { latest: { resources } } }));
        return checkpointOf({ dir, stack: "dev" });
      };
      const [first, second] = [await saved("v1:a"), await saved("v1:b")];
      assert.deepEqual(netChanges(first, second).resources, []);
      assert.doesNotMatch(JSON.stringify(first), /v1:/);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRET, SIGNATURE } from "../../rehearsal/cloud/providers/values";
import { type Saved, changesFromNow, checkpointOf, netChanges } from "../../rehearsal/report/checkpoint";

const one = (name: string, inputs: unknown = {}, more: Partial<Saved> = {}): Saved => ({
  ...{ urn: `urn:pulumi:dev::sluice::a:b:C::${name}`, type: "a:b:C", id: name, inputs },
  ...more,
});
const sealed = (ciphertext: string) => ({ value: { [SIGNATURE]: SECRET, ciphertext }, type: "String" });

describe("what updates have changed between two states", () => {
  const told = (before: readonly Saved[], after: readonly Saved[]) =>
    netChanges(before, after).resources.map(({ kind, name, properties }) => [kind, name, properties]);

  it("is each resource that differs, with what does", () => {
    const before = [
      one("rule", { weight: 0 }),
      one("old"),
      one("job", { image: "1" }, { id: "first" }),
      one("same"),
    ];
    const after = [
      one("rule", { weight: 10 }),
      one("job", { image: "2" }, { id: "second" }),
      one("same"),
      one("new"),
    ];
    const { changes, updated } = netChanges(before, after);
    assert.deepEqual(changes, { create: 1, update: 1, delete: 1, replace: 1, same: 1 });
    assert.deepEqual(updated, ["urn:pulumi:dev::sluice::a:b:C::rule"]);
    assert.deepEqual(told(before, after), [
      ["update", "rule", [{ path: "weight", from: "0", to: "10" }]],
      ["replace", "job", [{ path: "image", from: '"1"', to: '"2"' }]],
      ["create", "new", []],
      ["delete", "old", []],
    ]);
  });

  it("has what was replaced under the id that it had", () => {
    const made = (created: string) => [one("job", {}, { created, modified: created })];
    assert.deepEqual(told(made("2026-03-01T12:00:00Z"), made("2026-03-01T12:05:00Z")), [
      ["replace", "job", []],
    ]);
  });

  it("has a secret that changed, as one that differs; of several it does not say which", () => {
    const flag = (modified: string, inputs: unknown) => [one("flag", inputs, { modified })];
    const [hidden, more] = [{ value: "[secret]" }, { value: "[secret]", other: "[secret]" }];
    assert.deepEqual(told(flag("then", hidden), flag("now", hidden)), [
      ["update", "flag", [{ path: "value" }]],
    ]);
    assert.deepEqual(told(flag("then", more), flag("now", more)), [["update", "flag", []]]);
    assert.deepEqual(told(flag("then", hidden), flag("then", hidden)), []);
  });

  it("has what changed in a component, whose stamps stay", () => {
    assert.deepEqual(
      told([one("release", { green: 0 }, { modified: "then" })], [one("release", {}, { modified: "then" })]),
      [["update", "release", [{ path: "green", from: "0" }]]],
    );
  });
});

describe("what updates change from now on", () => {
  let dir: string;
  const stack = "dev";
  const folder = (name: string) => join(dir, "state", ".pulumi", name, "sluice");
  const written = (file: string, resources: readonly Saved[]) =>
    writeFile(file, JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }));
  const saved = (...resources: Saved[]) => written(join(folder("stacks"), "dev.json"), resources);
  let updates = 0;
  /** An update that came to its end. */
  const updated = async (...resources: Saved[]) => {
    await saved(...resources);
    const name = `dev-${1_795_318_033_494_980_583n + BigInt((updates += 1))}`;
    await written(join(folder("history"), stack, `${name}.checkpoint.json`), resources);
    await writeFile(join(folder("history"), stack, `${name}.history.json`), "{}");
  };
  const rule = (weight: number) => one("rule", { weight });

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "sluice-checkpoint-"));
    await mkdir(folder("stacks"), { recursive: true });
    await mkdir(join(folder("history"), stack), { recursive: true });
  });
  afterEach(() => rm(dir, { recursive: true }));

  it("is what each did, also where the next one undid it, and nothing of those before", async () => {
    await updated(rule(50), one("pod"));
    await updated(rule(0), one("pod"));
    const changed = await changesFromNow({ dir, stack });
    await updated(rule(10), one("pod"));
    await updated(rule(25));
    await updated(rule(0));
    const { changes, updated: urns, resources } = await changed();
    assert.deepEqual(changes, { create: 0, update: 3, delete: 1, replace: 0, same: 1 });
    assert.deepEqual(urns, [rule(0).urn]);
    assert.deepEqual(
      resources.map(({ name, properties: [{ from, to } = {}] }) => [name, from, to]),
      [
        ["rule", "0", "10"],
        ["rule", "10", "25"],
        ["pod", undefined, undefined],
        ["rule", "25", "0"],
      ],
    );
  });

  it("is also what one did that was killed, of which the backend keeps no state of its own", async () => {
    await saved(rule(0));
    const changed = await changesFromNow({ dir, stack });
    await saved(rule(10));
    assert.equal((await changed()).changes.update, 1);
  });

  it("is nothing where only a secret was sealed anew, and never shows one", async () => {
    await updated(one("key", sealed("v1:a")));
    const changed = await changesFromNow({ dir, stack });
    await updated(one("key", sealed("v1:b")));
    const { changes, resources } = await changed();
    assert.deepEqual([changes.same, resources], [1, []]);
    assert.doesNotMatch(JSON.stringify(await checkpointOf({ dir, stack })), /v1:/);
  });

  it("leaves out what has been replaced and is yet to be deleted", async () => {
    await updated(one("job", {}, { id: "first" }));
    const changed = await changesFromNow({ dir, stack });
    await updated(one("job", {}, { id: "second" }), one("job", {}, { id: "first", delete: true }));
    assert.deepEqual((await changed()).changes, { create: 0, update: 0, delete: 0, replace: 1, same: 1 });
  });
});

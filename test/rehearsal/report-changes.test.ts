import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import fc from "fast-check";
import { ChangeLog, differences, logged } from "../../rehearsal/report/changes";
import type { OpenStack, Outcome } from "../../rehearsal/engine/workspace";

const URN = "urn:pulumi:dev::sluice::sluice:edge:Edge$aws:lb/listenerRule:ListenerRule::api-gateway-weighted";

/** The end of a step of the engine. */
function done(op: string, from?: object, to?: object, diffs?: string[]): EngineEvent {
  const state = (inputs: object | undefined) => inputs && { inputs };
  const type = "aws:lb/listenerRule:ListenerRule";
  const metadata = { op, urn: URN, type, old: state(from), new: state(to), diffs };
  return { resOutputsEvent: { metadata } } as unknown as EngineEvent;
}

const after = (...events: EngineEvent[]) => {
  const log = new ChangeLog();
  for (const event of events) log.add(event);
  return log.changes();
};

describe("the log of changes", () => {
  it("tells of an update which properties differ, and how", () => {
    const groups = (green: number) => ({ groups: [{ weight: 100 - green }, { weight: green }], port: 80 });
    assert.deepEqual(after(done("update", groups(0), groups(10))), [
      {
        kind: "update",
        type: "aws:lb/listenerRule:ListenerRule",
        name: "api-gateway-weighted",
        properties: [
          { path: "groups[0].weight", from: "100", to: "90" },
          { path: "groups[1].weight", from: "0", to: "10" },
        ],
      },
    ]);
  });

  it("tells of what is created or deleted no property, and nothing of what stays", () => {
    const kinds = (op: string) =>
      after(done(op, { a: 1 }, { a: 1 })).map(({ kind, properties }) => [kind, properties]);
    assert.deepEqual(kinds("create"), [["create", []]]);
    assert.deepEqual(kinds("delete"), [["delete", []]]);
    assert.deepEqual(kinds("same"), []);
    assert.deepEqual(kinds("read"), []);
  });

  it("tells a replacement once, with what it is for", () => {
    const steps = [
      done("create-replacement", { name: "a" }, { name: "b" }),
      done("replace", { name: "a" }, { name: "b" }),
      done("delete-replaced", { name: "a" }),
    ];
    const found = after(...steps);
    assert.equal(found.length, 1);
    assert.deepEqual(found[0]!.properties, [{ path: "name", from: '"a"', to: '"b"' }]);
    assert.equal(found[0]!.kind, "replace");
  });

  it("tells that a masked value differs, and not what it is", () => {
    const masked = { value: "[secret]" };
    assert.deepEqual(after(done("update", masked, masked, ["value"]))[0]!.properties, [{ path: "value" }]);
  });

  it("is filled by a stack's operations, which tell who asked as well", async () => {
    const outcome = { result: "succeeded" } as Outcome;
    const operation: OpenStack["up"] = async (options) => {
      options?.onEvent?.(done("update", { a: 1 }, { a: 2 }));
      return outcome;
    };
    const log = new ChangeLog();
    const stack = logged({ up: operation, preview: operation } as OpenStack, log);
    const heard: EngineEvent[] = [];
    assert.equal(await stack.up({ onEvent: (event) => heard.push(event) }), outcome);
    assert.equal(await stack.preview(), outcome);
    assert.deepEqual([log.changes().length, heard.length], [1, 1]);
  });
});

describe("the difference of two values", () => {
  const json = fc.jsonValue({ maxDepth: 3 });

  it("is none of equal ones, and some of others", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        assert.deepEqual(differences(one, structuredClone(one)), []);
        // -0 is 0 in JSON, and an empty list has nothing in it that could differ.
        const same = JSON.stringify(one) === JSON.stringify(other);
        assert.ok(!same || differences(one, other).length === 0);
        if (typeof one === "string" && one !== other) assert.ok(differences(one, other).length > 0);
      }),
    );
  });

  it("is short, whatever the values are", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        for (const { from = "", to = "" } of differences(one, other)) {
          assert.ok(from.length <= 160 && to.length <= 160);
        }
      }),
    );
    const [long] = differences("a".repeat(500), "b");
    assert.ok(long!.from!.length === 160 && long!.from!.endsWith("…"));
  });

  it("tells what was added and what was taken away", () => {
    assert.deepEqual(differences({ a: 1 }, { b: [] }), [
      { path: "a", from: "1" },
      { path: "b", to: "[]" },
    ]);
  });

  it("says of what only an update finds out that it is so", () => {
    const [found] = differences("x", "04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    assert.equal(found!.to, "known after the update");
  });
});

import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { Tally } from "../../rehearsal/engine/outcome";

const urn = (name: string) => `urn:pulumi:s::p::a:b:Parent$c:d:Child::${name}`;

const tallied = (events: object[]) => {
  const tally = new Tally();
  for (const event of events) tally.add(event as EngineEvent);
  return tally;
};

const ended = (op: string, name: string) => ({ resOutputsEvent: { metadata: { op, urn: urn(name) } } });
const said = (severity: string, message: string, name?: string) => ({
  diagnosticEvent: { severity, message, urn: name && urn(name) },
});
const violated = (enforcementLevel: string) => ({
  policyEvent: {
    enforcementLevel,
    resourceUrn: urn("x"),
    policyPackName: "pack",
    policyName: "rule",
    message: "no\n",
  },
});

describe("an operation's outcome", () => {
  it("counts each resource once, by what its steps amount to", () => {
    const outcome = tallied([
      ended("create", "new"),
      ended("update", "changed"),
      ended("update", "changed"),
      ended("create-replacement", "replaced"),
      ended("replace", "replaced"),
      ended("delete-replaced", "replaced"),
      ended("delete", "gone"),
      ended("same", "kept"),
      ended("refresh", "changed"),
      ended("read", "read"),
    ]).outcome("succeeded");
    assert.deepEqual(outcome.changes, { create: 1, update: 1, delete: 1, replace: 1, same: 1 });
    assert.deepEqual(outcome.updated, [urn("changed")]);
    assert.deepEqual(outcome.replaced, [urn("replaced")]);
  });

  it("does not count a step that began and did not end", () => {
    const begun = { resourcePreEvent: { metadata: { op: "update", urn: urn("x") } } };
    const failed = { resOpFailedEvent: { metadata: { op: "update", urn: urn("x") }, status: 1, steps: 0 } };
    assert.deepEqual(tallied([begun, failed]).outcome("failed").updated, []);
  });

  it("quotes warnings, errors and policy violations as plain text with the resource, each once", () => {
    const events = [
      said("debug", "quiet"),
      said("info", "hello"),
      said("warning", "<{%fg 3%}>mind<{%reset%}> the gap\n", "x"),
      said("error", "\u001b[31mbroken\u001b[0m"),
      said("error", "broken"),
      violated("advisory"),
    ];
    assert.deepEqual(tallied(events).outcome("failed", "printed").diagnostics, [
      "c:d:Child (x): mind the gap",
      "broken",
      "c:d:Child (x): pack/rule [advisory] no",
    ]);
  });

  it("quotes what the program wrote to standard error only after a failure", () => {
    const tally = tallied([said("info#err", "a hint"), said("error", "broken")]);
    assert.deepEqual(tally.outcome("succeeded").diagnostics, ["broken"]);
    assert.deepEqual(tally.outcome("failed").diagnostics, ["a hint", "broken"]);
  });

  it("quotes what the engine printed if no event tells why it failed", () => {
    assert.deepEqual(tallied([said("warning", "w")]).outcome("failed", "error: locked\n").diagnostics, [
      "w",
      "error: locked",
    ]);
    assert.deepEqual(tallied([violated("mandatory")]).outcome("failed", "printed").diagnostics.length, 1);
  });
});
